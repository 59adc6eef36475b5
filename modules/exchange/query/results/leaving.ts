/**
 * Whether something of a result may leave now. Asked again each time, whatever was allowed when it was made: a project that is over, an
 * approval that no longer covers every holder, a source whose holder took the admission back and an offer that ended each keep it here.
 */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { ownSources } from '@gatehouse/query/plan/nodes'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { type ActContext, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { type OpenProject, openProject } from '../../../governance/projects/index.ts'
import { columnsOf, deniedTable } from '../offered.ts'
import { problems } from '../problems.ts'
import { standsFor, unapprovedTable } from '../runs/checks.ts'
import { resultFacts } from './view.ts'
import { type Found, resultOf } from './visible.ts'

const stayingReasons = {
  held: 'it is not released',
  ended: 'its time is over',
  project_closed: 'the project is not open',
  not_approved: 'not every holder of its tables has approved the plan',
  source_not_admitted: 'the project is no longer admitted to one of its tables',
  policy_denied: 'an offer on one of its tables does not permit this any more',
} as const
type StayingReason = keyof typeof stayingReasons

export async function mayLeave(
  tx: Tx,
  node: Node,
  { result, version }: Found,
  now: Instant,
): Promise<{ readonly project: OpenProject } | { readonly stays: StayingReason }> {
  if (result.state === 'held') return { stays: 'held' }
  if (result.state === 'ended' || result.expires_at <= now) return { stays: 'ended' }
  const open = await openProject(tx, result.project_id, now)
  if (open === undefined) return { stays: 'project_closed' }
  if ((await unapprovedTable(tx, version)) !== undefined) return { stays: 'not_approved' }
  const admitted = new Set(open.sources.filter(({ kind }) => kind === 'table').map(({ reference }) => reference))
  const plan = version.document
  const own = ownSources(plan)
  if (own.some(({ table }) => !admitted.has(table))) return { stays: 'source_not_admitted' }
  // A table that has left the catalogue since is judged by what was read of it.
  const tables = new Map(own.map(({ as, table }) => [as, { reference: table, columns: columnsOf(plan, as).map((name) => ({ name })) }]))
  const denied = await deniedTable({ node, now }, tx, open.project, { plan, tables })
  if (denied !== undefined && !standsFor(version, denied.reasons)) return { stays: 'policy_denied' }
  return { project: open.project }
}

/** The result if it may leave, or why it may not, for whoever may see that it is there. */
export async function leavingResult(
  { node, now }: Pick<ActContext, 'node' | 'now'>,
  tx: Tx,
  project: Id<'project'>,
  id: Id<'query_result'>,
): Promise<Found | Refusal> {
  const found = await resultOf(tx, project, id)
  if (found instanceof Refusal) return found
  const leaving = await mayLeave(tx, node, found, now)
  if ('project' in leaving) return found
  const facts = resultFacts(found.result)
  if (leaving.stays === 'held') return refuse(problems.result_held, undefined, facts)
  if (leaving.stays === 'ended') return refuse(problems.result_ended, undefined, facts)
  return refuse(problems.stays_here, stayingReasons[leaving.stays], facts)
}
