/** How names are written in T-SQL. Whatever stands in a name, what comes out is one name and nothing else. */

export function bracketed(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`
}

/** `dbo.patients`; in brackets where SQL Server would read it as another name. */
export function qualifiedName(schema: string, table: string): string {
  return [schema, table].map((part) => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(part) ? part : bracketed(part))).join('.')
}

const part = '(\\[(?:[^\\]]|\\]\\])+\\]|[^\\[\\].]+)'
const qualified = new RegExp(`^${part}\\.${part}$`, 's')

/** The schema and the table that a qualified name names; `undefined` for what is none. */
export function partsOf(name: string): readonly [schema: string, table: string] | undefined {
  const [, schema, table] = qualified.exec(name) ?? []
  return schema === undefined || table === undefined ? undefined : [unbracketed(schema), unbracketed(table)]
}

function unbracketed(text: string): string {
  return text.startsWith('[') ? text.slice(1, -1).replaceAll(']]', ']') : text
}
