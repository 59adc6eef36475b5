/** The tables of a plan, as the catalogue has them: only those that the project is admitted to. */

import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { PlanTable } from '@gatehouse/query/plan/table'
import type { Tx } from '@gatehouse/runtime/data/db'
import { type CatalogTable, tableByReference } from '../../custody/catalog/index.ts'
import type { Source } from '../../governance/projects/index.ts'

/** By the name that the plan gives the source. */
export type PlanTables = ReadonlyMap<string, CatalogTable>

export async function tablesOf(tx: Tx, plan: Pick<QueryPlan, 'sources'>, admitted: readonly Source[]): Promise<PlanTables> {
  const allowed = new Set(admitted.filter(({ kind }) => kind === 'table').map(({ reference }) => reference))
  const tables = new Map<string, CatalogTable>()
  for (const { as, table } of plan.sources) {
    const found = allowed.has(table) ? await tableByReference(tx, table) : undefined
    if (found !== undefined && !found.gone) tables.set(as, found)
  }
  return tables
}

/** As the language of plans asks for them. */
export function planTables(tables: PlanTables): ReadonlyMap<string, PlanTable> {
  return new Map([...tables].map(([as, table]) => [as, planTableOf(table)]))
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
export const strictestFloor = (floor: number, tables: PlanTables): number => Math.max(floor, ...[...tables.values()].map((table) => table.floor))
