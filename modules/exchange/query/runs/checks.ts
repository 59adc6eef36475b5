/** Everything that must hold before a run reads anything, and again whenever it goes on. Decided here, in the node; no step decides. */

import { checkPlan } from '@gatehouse/query/plan/check'
import { ownSources } from '@gatehouse/query/plan/nodes'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ActContext } from '@gatehouse/runtime/door/operation'
import { holderOf, type OpenProject, openProject } from '../../../governance/projects/index.ts'
import { type Excluded, excludedFrom } from '../../linkage/index.ts'
import type { ProjectSettings } from '../budget/schema.ts'
import { settingsOf } from '../budget/store.ts'
import { deniedTable } from '../offered.ts'
import { type ForeignTables, foreignTablesOf } from '../parts/catalogue/foreign.ts'
import { approvalOf, runnable } from '../plans/approval.ts'
import type { VersionRow } from '../plans/store.ts'
import { type PlanTables, planTables, strictestFloor, tablesOf } from '../tables.ts'
import { type Where, where } from './stop-words.ts'
import type { RunReason, Stop } from './stops.ts'

export interface Cleared {
  readonly outcome: 'cleared'
  readonly project: OpenProject
  readonly settings: ProjectSettings
  readonly tables: PlanTables
  /** Tables of other nodes, as those told of them; none in a run that is itself a part. */
  readonly foreign: ForeignTables
  /** The fewest people that a figure may be about: the strictest of project, tables and plan. */
  readonly floor: number
  /** Who is left out before anything else is read; absent where nobody is. */
  readonly excluded: Excluded | undefined
}
export interface Barred extends Stop {
  readonly outcome: 'barred'
}

const barred = (reason: RunReason, at: Where = {}): Barred => ({ outcome: 'barred', reason, ...at })

/** @param part whether the run is a part of another node's, which answers for what lies elsewhere */
export async function clearRun(
  { node, tenant, now }: Pick<ActContext, 'node' | 'tenant' | 'now'>,
  tx: Tx,
  project: OpenProject['id'],
  version: VersionRow,
  part = false,
): Promise<Cleared | Barred> {
  const open = await openProject(tx, project, now)
  if (open === undefined) return barred('project_closed')
  if (open.project.agreement === null) return barred('agreement_missing')
  const plan = version.document
  const tables = await tablesOf(tx, plan, open.sources)
  const foreign = part ? new Map() : await foreignTablesOf(tx, project, plan)
  const own = ownSources(plan)
  const absent = (part ? own : plan.sources).find(({ as }) => !tables.has(as) && !foreign.has(as))
  if (absent !== undefined) return barred('source_not_admitted', where('table', { table: absent.table }))
  const unapproved = await unapprovedTable(tx, version)
  if (unapproved !== undefined) return barred('not_approved', unapproved)
  const known = planTables(tables, foreign)
  const fit = checkPlan(plan, known, new Set(known.keys()))
  if (!fit.ok)
    return barred('plan_unfit', {
      detail: fit.errors
        .slice(0, 5)
        .map(({ pointer, detail }) => `${pointer}: ${detail}.`)
        .join(' '),
    })
  if (fit.raised.length > 0)
    return barred('plan_unfit', where('roles_raised', { elements: fit.raised.map(({ pointer, to }) => `${pointer} as ${to}`).join(', ') }))
  const denied = await deniedTable({ node, now }, tx, open.project, { plan, tables })
  if (denied !== undefined && !standsFor(version, denied.reasons))
    return barred('policy_denied', where('table_because', { table: denied.table, reasons: reasonWords(denied.reasons) }))
  const settings = await settingsOf(tx, project)
  const excluded = await excludedFrom(tx, node, tenant, { purpose: open.project.purpose, tables: own.map(({ table }) => table) })
  return { outcome: 'cleared', project: open.project, settings, tables, foreign, floor: strictestFloor(settings.floor, tables, foreign), excluded }
}

/** What the holders approved of this very version needs no offer besides; what is prohibited stays so. */
export const standsFor = ({ approved_at }: VersionRow, reasons: readonly { readonly code: string }[]): boolean =>
  approved_at !== null && reasons.every(({ code }) => code !== 'prohibited')

const reasonWords = (reasons: readonly { readonly code: string; readonly column?: string }[]): string =>
  [...new Set(reasons.map(({ code, column }) => (column === undefined ? code : `${code} for ${column}`)))].slice(0, 5).join(', ')

/** A holder who was named after the approval has not agreed yet. */
export async function unapprovedTable(tx: Tx, version: VersionRow): Promise<Where | undefined> {
  if (!runnable(approvalOf(version))) return {}
  if (version.reasons.length === 0) return undefined
  for (const { table } of version.document.sources) {
    const holder = await holderOf(tx, 'table', table)
    if (holder !== undefined && !(version.approved_teams ?? []).includes(holder.team)) return where('holder_unapproved', { table })
  }
  return undefined
}
