/** `Stays 2026.CSV` as the name of a table: `stays-2026`. Names of files may name people, so it is proposed and not taken. */
export function tableNameOf(fileName: string): string {
  const plain = fileName
    .replace(/\.[a-z0-9.]{1,12}$/i, '')
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9_]+/g, '-')
    .replaceAll(/^[-_]+|[-_]+$/g, '')
  return plain.slice(0, 63) || 'table'
}
