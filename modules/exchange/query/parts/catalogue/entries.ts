/** Tables of other nodes among those of the project's catalogue, as those nodes told of them. */
import type { Entry, EntryDetail } from '../../discover/schema.ts'
import type { ForeignRow } from './store.ts'

export const referenceOf = ({ peer, entry }: ForeignRow): string => `${peer}/${entry.reference}`

/** Held by what a search looks at: names, titles, descriptions and columns, which the node told the project of. */
export function foreignEntries(rows: readonly ForeignRow[], search: string | undefined): Entry[] {
  const text = search?.trim().toLowerCase() ?? ''
  const said = ({ title, description, columns }: ForeignRow['entry']) => [title, description ?? '', ...columns.map(({ name }) => name)]
  return rows
    .filter((row) => [referenceOf(row), ...said(row.entry)].some((words) => words.toLowerCase().includes(text)))
    .map((row) => ({ ...headOf(row), columns: row.entry.columns.length }))
}

const headOf = (row: ForeignRow): Omit<Entry, 'columns'> => ({
  reference: referenceOf(row),
  title: row.entry.title,
  description: row.entry.description,
  access: 'full',
  rows: row.entry.rows,
  // Its offers are decided there, for the person and the project, when it is asked for its part.
  offers: [],
})

export function foreignDetail(row: ForeignRow): EntryDetail {
  const { columns, floor, schema_version } = row.entry
  return {
    ...headOf(row),
    columns: columns.map(({ nullable: _, weight_hint, ...column }) => ({ ...column, weight_hint: weight_hint ?? 0.5 })),
    key: [],
    references: [],
    floor,
    schema_version,
    source: null,
    profile: null,
    lineage: null,
  }
}
