/**
 * Whether something of a result may leave now. Asked again each time, whatever was allowed when it was made: a project that is over, an
 * approval that no longer covers every holder, a source whose holder took the admission back and an offer that ended each keep it here.
 */
import type { Instant } from '@gatehouse/core/instant'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { openProject, type Project } from '../../../governance/projects/index.ts'
import { offerDecision } from '../discover/offers.ts'
import { approvalOf, runnable } from '../plans/approval.ts'
import { holdersOfTables } from '../plans/review-kind.ts'
import type { Found } from './visible.ts'

export const stayingReasons = {
  held: 'it is not released',
  ended: 'its time is over',
  project_closed: 'the project is not open',
  not_approved: 'not every holder of its tables has approved the plan',
  source_not_admitted: 'the project is no longer admitted to one of its tables',
  policy_denied: 'an offer on one of its tables does not permit this any more',
} as const
export type StayingReason = keyof typeof stayingReasons

export async function mayLeave(
  tx: Tx,
  node: Node,
  { result, version }: Found,
  now: Instant,
): Promise<{ readonly project: Project } | { readonly stays: StayingReason }> {
  if (result.state === 'held') return { stays: 'held' }
  if (result.state === 'ended' || result.expires_at <= now) return { stays: 'ended' }
  const open = await openProject(tx, result.project_id, now)
  if (open === undefined) return { stays: 'project_closed' }
  if (!runnable(approvalOf(version))) return { stays: 'not_approved' }
  if (version.reasons.length > 0) {
    const approved = new Set<string>(version.approved_teams ?? [])
    if ((await holdersOfTables(tx, version)).some((team) => !approved.has(team))) return { stays: 'not_approved' }
  }
  const admitted = new Set(open.sources.filter(({ kind }) => kind === 'table').map(({ reference }) => reference))
  for (const { as, table } of version.document.sources) {
    if (!admitted.has(table)) return { stays: 'source_not_admitted' }
    const columns = columnsUsed(version.document, as)
    const offered = { reference: table, columns: columns.map((name) => ({ name })) }
    const asked = { project: open.project, form: result.form, aggregated: result.kind === 'figures', columns, now }
    if ((await offerDecision(tx, node, offered, asked)).outcome === 'deny') return { stays: 'policy_denied' }
  }
  return { project: open.project }
}

/** The columns of a source that the plan gives out or links by. */
function columnsUsed({ elements, linkage }: QueryPlan, source: string): string[] {
  const given = elements.filter((element) => element.source === source).map(({ column }) => column)
  const linked = (linkage?.keys ?? []).flatMap(({ columns }) => columns[source] ?? [])
  return [...new Set([...given, ...linked])]
}
