/** All that a project is told of one table. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import { type CatalogTable, lineageOf, profilesOf, resultsOf, tableDataset } from '../../../custody/catalog/index.ts'
import { entryOf, type Viewer } from './catalogue.ts'
import type { EntryDetail } from './schema.ts'

const untold = { columns: null, key: [], references: [], floor: null, schema_version: null, source: null, profile: null, lineage: null }

export async function entryDetail(tx: Tx, tenant: Id<'tenant'>, viewer: Viewer, table: CatalogTable): Promise<EntryDetail> {
  const profile = (await profilesOf(tx, [table])).get(table.id)
  const { columns: _, ...entry } = entryOf(viewer, table, profile)
  if (entry.access === 'described') return { ...entry, ...untold }
  return {
    ...entry,
    columns: table.columns.map(columnOf),
    key: [...table.key],
    // A table that the project may not see is not told by what refers to it.
    references: table.references
      .filter((refers) => viewer.admitted.has(refers.table))
      .map(({ columns, table: other, to }) => ({ columns: [...columns], table: other, to: [...to] })),
    floor: table.floor,
    schema_version: table.schema_version,
    source: { kind: table.source.kind, health: table.source.health },
    profile: profile ?? null,
    lineage: await walked(tx, tenant, viewer, table),
  }
}

function columnOf({ name, type, semantic, sensitivity, identifier_role, weight_hint, description }: CatalogTable['columns'][number]) {
  return { name, type, semantic: semantic ?? null, sensitivity, identifier_role, weight_hint, description: description ?? null }
}

const tables = 'tables/'

async function walked(tx: Tx, tenant: Id<'tenant'>, { project, admitted }: Viewer, { reference }: CatalogTable): Promise<NonNullable<EntryDetail['lineage']>> {
  const of = tableDataset(tenant, reference)
  const [edges, outputs] = [await lineageOf(tx, of), await resultsOf(tx, of, project.id)]
  const inputs = new Set(edges.map(({ input }) => input.name).filter((name) => name.startsWith(tables) && admitted.has(name.slice(tables.length))))
  const entry = (name: string) => ({ reference: name.startsWith(tables) ? name.slice(tables.length) : name })
  return { inputs: [...inputs].map(entry), outputs: outputs.map(entry) }
}
