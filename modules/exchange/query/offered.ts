/** Whether a project may make such a result of the tables of a plan: by offers, or where nothing is offered by the holder’s admission. */
import type { Linkage } from '@gatehouse/policy/document'
import { sourceColumnOf } from '@gatehouse/query/plan/check'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ActContext } from '@gatehouse/runtime/door/operation'
import { columnsIn } from '@gatehouse/tabular/predicate-parse'
import type { OpenProject } from '../../governance/projects/index.ts'
import { type OfferDecision, type OfferedTable, offerDecision } from './discover/offers.ts'

type At = Pick<ActContext, 'node' | 'now'>
interface Of {
  readonly plan: QueryPlan
  /** By the name that the plan gives the source. */
  readonly tables: ReadonlyMap<string, OfferedTable>
}

export interface Denied {
  readonly table: string
  readonly reasons: Extract<OfferDecision, { outcome: 'deny' }>['reasons']
}

/** The first table that may not be used so. */
export async function deniedTable({ node, now }: At, tx: Tx, project: OpenProject, { plan, tables }: Of): Promise<Denied | undefined> {
  for (const { as, table: reference } of plan.sources) {
    const table = tables.get(as)
    if (table === undefined) continue
    const linkage: Linkage = plan.linkage?.method.kind ?? 'none'
    const asked = { project, form: plan.form, aggregated: plan.aggregation !== undefined, linkage, columns: columnsOf(plan, as), now }
    const decision = await offerDecision(tx, node, table, asked)
    if (decision.outcome === 'deny') return { table: reference, reasons: decision.reasons }
  }
  return undefined
}

export const isOffered = async (at: At, tx: Tx, project: OpenProject, of: Of): Promise<boolean> => (await deniedTable(at, tx, project, of)) === undefined

/**
 * Every column of a source that is given out, linked by, checked, or that chooses rows, as the catalogue calls it. A filter tells of the
 * column that it asks, though that stands in no result.
 */
export function columnsOf(plan: QueryPlan, source: string): string[] {
  const chosen = plan.sources.flatMap(({ as, where }) => (as === source && where !== undefined ? columnsIn(where) : []))
  const prepared = (plan.prepare[source] ?? []).map(({ column }) => column)
  const given = plan.elements.filter((element) => element.source === source).map(({ column }) => column)
  const keys = (plan.linkage?.keys ?? []).flatMap(({ columns }) => columns[source] ?? [])
  return [...new Set([...given, ...keys, ...chosen, ...prepared].map((column) => sourceColumnOf(plan, source, column)))]
}
