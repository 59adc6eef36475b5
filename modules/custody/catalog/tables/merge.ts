/** What a source has now, held against what the catalogue knew: pure. What people have said of a column outlives each look at the source. */
import { fieldNameOf, type Semantic, type Sensitivity, semantics } from '@gatehouse/tabular/field'
import type { DateOrder } from '@gatehouse/tabular/value'
import type { DiscoveredColumn, DiscoveredTable } from '../connectors/connector.ts'
import type { CatalogColumn, Change } from '../schema.ts'
import type { TableRow } from '../store.ts'

/** What is proposed for a column, by its heading and a sample of its values. */
export interface Proposed {
  readonly semantic?: Semantic
  readonly sensitivity: Sensitivity
  readonly subject: boolean
  readonly date_order?: DateOrder
  readonly missing?: number
  readonly reason: string
}

export interface Merged {
  readonly columns: readonly CatalogColumn[]
  readonly key: readonly string[]
  readonly changes: readonly Change[]
}

export function roleOf(sensitivity: Sensitivity, subject = false): CatalogColumn['identifier_role'] {
  if (subject) return 'subject'
  return ({ direct_identifier: 'direct', quasi_identifier: 'quasi', sensitive: 'sensitive', plain: 'none' } as const)[sensitivity]
}

export function sensitivityOf(role: CatalogColumn['identifier_role']): Sensitivity {
  return ({ subject: 'direct_identifier', direct: 'direct_identifier', quasi: 'quasi_identifier', sensitive: 'sensitive', none: 'plain' } as const)[role]
}

const change = (what: Change['what'], column: string | null = null, from: string | null = null, to: string | null = null): Change => ({
  what,
  column,
  from,
  to,
})

export function merge(before: Pick<TableRow, 'columns' | 'key' | 'gone'> | undefined, found: DiscoveredTable, proposed: ReadonlyMap<string, Proposed>): Merged {
  const known = new Map(before?.columns.map((column) => [column.column, column]))
  const names = new Set(before?.columns.map(({ name }) => name))
  const changes: Change[] = []
  if (before === undefined) changes.push(change('table_added'))
  else if (before.gone) changes.push(change('table_back'))
  const columns = found.columns.map((each): CatalogColumn => {
    const { column, physical, field } = each
    const old = known.get(column)
    if (old !== undefined) {
      if (old.physical === physical) return { ...old, nullable: field.nullable, ...missingOf(proposed.get(column)) }
      changes.push(change('type_changed', column, old.physical, physical))
      return { ...old, physical, type: field.type, nullable: field.nullable, ...missingOf(proposed.get(column)) }
    }
    if (before !== undefined) changes.push(change('column_added', column, null, physical))
    return newColumn(each, proposed.get(column), names)
  })
  const kept = new Set(found.columns.map(({ column }) => column))
  for (const { column, physical } of before?.columns ?? []) if (!kept.has(column)) changes.push(change('column_gone', column, physical))
  const key = found.key.flatMap((name) => columns.filter(({ column }) => column === name).map((column) => column.name))
  if (before !== undefined && key.join('\0') !== before.key.join('\0')) changes.push(change('key_changed', null, before.key.join(', '), key.join(', ')))
  return { columns, key, changes }
}

const missingOf = (proposed: Proposed | undefined) => (proposed?.missing === undefined ? {} : { missing: proposed.missing })

function newColumn({ column, physical, field, declared }: DiscoveredColumn, proposed: Proposed | undefined, names: Set<string>): CatalogColumn {
  const semantic = declared ? field.semantic : (proposed?.semantic ?? field.semantic)
  const sensitivity = (declared ? undefined : proposed?.sensitivity) ?? (declared || semantic === undefined ? field.sensitivity : semantics[semantic])
  return {
    name: uniqueName(fieldNameOf(column), names),
    column,
    physical,
    type: field.type,
    nullable: field.nullable,
    ...(semantic === undefined ? {} : { semantic }),
    sensitivity,
    identifier_role: roleOf(sensitivity, proposed?.subject),
    weight_hint: 0.5,
    ...(proposed?.date_order === undefined ? {} : { date_order: proposed.date_order }),
    ...missingOf(proposed),
    ...(proposed === undefined || declared ? {} : { reason: proposed.reason }),
    confirmed: false,
  }
}

function uniqueName(wanted: string, taken: Set<string>): string {
  let name = wanted
  for (let i = 2; taken.has(name); i++) name = `${wanted.slice(0, 58)}_${i}`
  taken.add(name)
  return name
}

/** What no reader can make up for: something that plans may name is gone, or is another thing. */
export function isLossy(changes: readonly Change[]): boolean {
  return changes.some(({ what }) => what === 'table_gone' || what === 'column_gone' || what === 'type_changed')
}

/** A table's name in references, from how the source writes it: `public.patients` gives `patients`. */
export function slugOf(name: string, taken: ReadonlySet<string>): string {
  const folded = name
    .replace(/^(public|dbo)\./, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 58)
  const wanted = folded === '' ? 'table' : folded
  let slug = wanted
  for (let i = 2; taken.has(slug); i++) slug = `${wanted}_${i}`
  return slug
}
