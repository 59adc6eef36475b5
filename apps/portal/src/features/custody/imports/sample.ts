/** So much of a file is read in the browser, to propose what its columns mean; the rest goes from the disk to the node unread. */
const sampleBytes = 200_000

/** The first rows of a file as text. A file that is longer ends at its last whole line; one character cut in the middle goes too. */
export async function firstRows(file: Pick<Blob, 'size' | 'slice'>): Promise<string> {
  const text = new TextDecoder().decode(await file.slice(0, sampleBytes).arrayBuffer(), { stream: true })
  if (file.size <= sampleBytes) return text
  const end = text.lastIndexOf('\n')
  return end < 0 ? text : text.slice(0, end + 1)
}
