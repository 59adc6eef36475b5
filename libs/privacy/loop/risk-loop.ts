/**
 * Treat, measure the risk that is left, tighten one knob, treat again: until the risk is low enough or there is nothing left to
 * tighten. A table whose risk is too high never leaves the loop.
 */
import { staysWithin } from '../model/boundary.ts'
import { sampleRisk } from '../risk/sample-risk.ts'

/** An AbortSignal, or what looks like one. */
export interface Abort {
  readonly aborted: boolean
  readonly reason?: unknown
}

/** What a treatment has to tell for its risk to be measured. Anything more it says comes back with the result. */
export interface Treated {
  /** Rows of each class of the treated table; suppressed rows are in none. */
  readonly classSizes: ArrayLike<number>
  /** Population rows of each class, in the same order; the journalist needs them. */
  readonly populationSizes?: ArrayLike<number>
  /** 0 untouched, 1 nothing left, in the measure of the treatment. */
  readonly loss: number
  readonly suppressedRows: number
  /** Loss by attribute: highly weighted ones should have lost least. */
  readonly attributeLoss?: Readonly<Record<string, number>>
}

/**
 * Prosecutor and journalist: the highest risk of a row. Marketer: the share of rows expected to be re-identified. Or a measure of
 * the caller's own, from 0 to 1.
 */
export type RiskMeasure<T> = 'prosecutor' | 'journalist' | 'marketer' | ((treated: T) => number)

export interface Knob<Setting> {
  /** What it turns, such as `k` or `suppression_limit`. */
  readonly name: string
  /** From the loosest to the tightest. Numbers have to rise or fall throughout. */
  readonly settings: readonly Setting[]
}

export interface RiskLoopOptions<Setting, T extends Treated> {
  readonly knob: Knob<Setting>
  /** Treats the original table under a setting; undefined when no treatment satisfies it. Everything but the knob stays as it is. */
  treat(setting: Setting, signal?: Abort): Promise<T | undefined> | T | undefined
  readonly measure: RiskMeasure<T>
  /** The risk may be this high, from 0 to 1. */
  readonly threshold: number
  readonly maxRounds?: number
  readonly signal?: Abort
}

export interface RiskRound<Setting> {
  /** From 1. */
  readonly round: number
  readonly setting: Setting
  /** Absent where no treatment satisfied the setting, with everything below. */
  readonly risk?: number
  readonly loss?: number
  readonly suppressedRows?: number
  readonly releasedRows?: number
  readonly attributeLoss?: Readonly<Record<string, number>>
}

/** Why the loop ended without a table. */
export type NotMetReason =
  /** The tightest setting still leaves too much risk. */
  | 'settings_exhausted'
  /** `maxRounds` came before the tightest setting. */
  | 'rounds_exhausted'
  /** No treatment satisfies the setting, so none satisfies a tighter one. */
  | 'untreatable'
  /** The treatment suppressed every row; nobody can be re-identified from nothing, and nobody is served by it. */
  | 'nothing_left'

export type RiskLoopResult<Setting, T> =
  | { readonly outcome: 'met'; readonly treated: T; readonly setting: Setting; readonly trace: readonly RiskRound<Setting>[] }
  | { readonly outcome: 'not_met'; readonly reason: NotMetReason; readonly trace: readonly RiskRound<Setting>[] }

export const maxRoundsDefault = 20

/**
 * Turns the knob from its loosest setting on and stops at the first whose risk is within the threshold, which transforms least. On
 * `not_met` the result holds no table, only the trace.
 *
 * @throws RangeError for options out of range, or for the journalist without population counts
 * @throws what `signal` was aborted with, and what `treat` throws
 */
export async function riskLoop<Setting, T extends Treated>(options: RiskLoopOptions<Setting, T>): Promise<RiskLoopResult<Setting, T>> {
  const { knob, threshold, signal, maxRounds = maxRoundsDefault } = options
  checkOptions(knob, threshold, maxRounds)
  const trace: RiskRound<Setting>[] = []
  for (const setting of knob.settings.slice(0, maxRounds)) {
    refuseAborted(signal)
    const treated = await options.treat(setting, signal)
    refuseAborted(signal)
    const round = trace.length + 1
    if (!treated) {
      trace.push({ round, setting })
      return { outcome: 'not_met', reason: 'untreatable', trace }
    }
    const { loss, suppressedRows, attributeLoss } = treated
    const releasedRows = total(treated.classSizes)
    const risk = riskOf(options.measure, treated)
    trace.push({ round, setting, risk, loss, suppressedRows, releasedRows, ...(attributeLoss ? { attributeLoss } : {}) })
    if (releasedRows === 0) return { outcome: 'not_met', reason: 'nothing_left', trace }
    if (staysWithin(risk, threshold)) return { outcome: 'met', treated, setting, trace }
  }
  return { outcome: 'not_met', reason: trace.length < knob.settings.length ? 'rounds_exhausted' : 'settings_exhausted', trace }
}

function riskOf<T extends Treated>(measure: RiskMeasure<T>, treated: T): number {
  const risk = typeof measure === 'function' ? measure(treated) : namedRisk(measure, treated)
  if (!(risk >= 0 && risk <= 1)) throw new RangeError(`the risk measure gave ${risk}; a risk lies from 0 to 1`)
  return risk
}

function namedRisk(measure: 'prosecutor' | 'journalist' | 'marketer', { classSizes, populationSizes }: Treated): number {
  const risk = sampleRisk(classSizes, 0, populationSizes)
  if (measure === 'marketer') return risk.marketer
  if (measure === 'prosecutor') return risk.prosecutor.highest
  if (!risk.journalist)
    throw new RangeError('the risk of the journalist needs the population rows of each class; give the population, or measure the prosecutor')
  return risk.journalist.highest
}

function refuseAborted(signal: Abort | undefined): void {
  if (signal?.aborted) throw signal.reason ?? new Error('the risk loop was aborted')
}

function checkOptions<Setting>(knob: Knob<Setting>, threshold: number, maxRounds: number): void {
  if (!(threshold > 0 && threshold <= 1)) throw new RangeError(`the risk threshold is above 0 and at most 1, not ${threshold}`)
  if (!Number.isSafeInteger(maxRounds) || maxRounds < 1) throw new RangeError(`maxRounds is a whole number of at least 1, not ${maxRounds}`)
  if (knob.settings.length === 0) throw new RangeError(`the knob ${knob.name} has no settings; list them from the loosest to the tightest`)
  if (!isMonotone(knob.settings)) throw new RangeError(`the settings of ${knob.name} have to rise or fall throughout, from the loosest to the tightest`)
}

function isMonotone(settings: readonly unknown[]): boolean {
  if (!settings.every((setting) => typeof setting === 'number')) return true
  const steps = settings.slice(1).map((setting, index) => setting - (settings[index] ?? setting))
  return steps.every((step) => step > 0) || steps.every((step) => step < 0)
}

function total(sizes: ArrayLike<number>): number {
  let rows = 0
  for (let i = 0; i < sizes.length; i++) rows += sizes[i] ?? 0
  return rows
}
