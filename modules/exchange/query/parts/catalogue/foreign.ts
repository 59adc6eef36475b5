/** The tables of other nodes in a plan, as those nodes told this project of them. */
import type { Id } from '@gatehouse/core/id'
import { placeOf } from '@gatehouse/query/plan/nodes'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { PlanTable } from '@gatehouse/query/plan/table'
import type { Tx } from '@gatehouse/runtime/data/db'
import { isSemantic } from '@gatehouse/tabular/field'
import type { ForeignTable } from '../schema.ts'
import { foreignTables } from './store.ts'

/** By the name that the plan gives the source. */
export type ForeignTables = ReadonlyMap<string, ForeignTable>

export async function foreignTablesOf(tx: Tx, project: Id<'project'>, { sources }: Pick<QueryPlan, 'sources'>): Promise<ForeignTables> {
  const asked = sources.map(({ as, table }) => ({ as, ...placeOf(table) })).filter(({ node }) => node !== undefined)
  if (asked.length === 0) return new Map()
  const known = await foreignTables(tx, project)
  return new Map(
    asked.flatMap(({ as, node, reference }) => {
      const found = known.find(({ peer, entry }) => peer === node && entry.reference === reference)
      return found === undefined ? [] : [[as, found.entry] as const]
    }),
  )
}

/** As the language of plans asks for it. */
export function planTableOf({ reference, columns, rows }: ForeignTable): PlanTable {
  return {
    reference,
    columns: columns.map(({ name, type, sensitivity, nullable, semantic, identifier_role, weight_hint }) => ({
      field: { name, type, sensitivity, nullable, ...(isSemantic(semantic) ? { semantic } : {}) },
      identifierRole: identifier_role,
      ...(weight_hint === null ? {} : { weightHint: weight_hint }),
    })),
    ...(rows === null ? {} : { rows }),
  }
}
