/** The tables of a plan, as the catalogue has them: only those that the project is admitted to. */

import { ownSources } from '@gatehouse/query/plan/nodes'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { PlanTable } from '@gatehouse/query/plan/table'
import type { Tx } from '@gatehouse/runtime/data/db'
import { type CatalogTable, tableByReference } from '../../custody/catalog/index.ts'
import type { Source } from '../../governance/projects/index.ts'
import { type ForeignTables, planTableOf as foreignPlanTable } from './parts/catalogue/foreign.ts'

/** By the name that the plan gives the source. */
export type PlanTables = ReadonlyMap<string, CatalogTable>

/** Those of this node. */
export async function tablesOf(tx: Tx, plan: Pick<QueryPlan, 'sources'>, admitted: readonly Source[]): Promise<PlanTables> {
  const allowed = new Set(admitted.filter(({ kind }) => kind === 'table').map(({ reference }) => reference))
  const tables = new Map<string, CatalogTable>()
  for (const { as, table } of ownSources(plan)) {
    const found = allowed.has(table) ? await tableByReference(tx, table) : undefined
    if (found !== undefined && !found.gone) tables.set(as, found)
  }
  return tables
}

/** As the language of plans asks for them; of other nodes what those told of them. */
export function planTables(tables: PlanTables, foreign: ForeignTables = new Map()): ReadonlyMap<string, PlanTable> {
  const known = [...foreign].map(([as, table]): [string, PlanTable] => [as, foreignPlanTable(table)])
  return new Map([...[...tables].map(([as, table]): [string, PlanTable] => [as, planTableOf(table)]), ...known])
}

function planTableOf({ reference, columns, key, rows }: CatalogTable): PlanTable {
  return {
    reference,
    columns: columns.map(({ field, identifier_role, weight_hint }) => ({
      field,
      identifierRole: identifier_role,
      ...(weight_hint === undefined || weight_hint === null ? {} : { weightHint: weight_hint }),
    })),
    key,
    ...(rows === null || rows === undefined ? {} : { rows }),
  }
}

/** The strictest of all that apply. */
export const strictestFloor = (floor: number, tables: PlanTables, foreign: ForeignTables = new Map()): number =>
  Math.max(floor, ...[...tables.values(), ...foreign.values()].map((table) => table.floor))
