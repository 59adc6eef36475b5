/** What stopped a run, as a reason with a name. Pure. */
import { StepStop } from '@gatehouse/query/steps/step'
import { ConnectorError } from '../../../custody/catalog/index.ts'
import { RunStopped } from './life.ts'
import type { RunReason } from './reasons.ts'
import type { Where } from './stop-words.ts'

export type { RunReason } from './reasons.ts'

/** Why, and where: which source, which column. */
export interface Stop extends Where {
  readonly reason: RunReason
}

const ofFault = {
  unreachable: 'source_unreachable',
  slow: 'source_slow',
  refused: 'source_refused',
  drifted: 'source_drifted',
  bad_value: 'source_drifted',
  too_large: 'too_large',
  not_installed: 'not_installed',
  unsupported: 'source_refused',
} as const satisfies Record<ConnectorError['code'], RunReason>

const ofStep = {
  check_failed: 'check_stopped',
  unfit_table: 'plan_unfit',
  too_large: 'too_large',
  session_broken: 'session_broken',
} as const satisfies Record<StepStop['code'], RunReason>

export const isStop = (value: object): value is Stop => 'reason' in value && typeof value.reason === 'string'

/** What the engines say of a table that does not fit its plan: columns and a plan's own values, and no value of a row. */
export const unfit = new Set(['PlanError', 'OperatorError', 'HierarchyError', 'TreatmentError', 'ModelError'])

/** @returns `taken` where another process has the run, and nothing may be written any more */
export function reasonOf(error: unknown, signal: AbortSignal): Stop | 'taken' {
  const why: unknown = signal.aborted ? signal.reason : error
  if (why instanceof RunStopped) return why.reason === 'taken' ? 'taken' : { reason: why.reason }
  if (why instanceof ConnectorError) return { reason: ofFault[why.code], detail: `${why.message}.`, ...(why.said === undefined ? {} : { said: why.said }) }
  if (why instanceof StepStop) return { reason: ofStep[why.code], detail: why.message }
  if (why instanceof Error && unfit.has(why.name)) return { reason: 'plan_unfit', detail: `${why.message}.` }
  return { reason: 'internal' }
}
