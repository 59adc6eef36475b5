import type { RandomSource } from '../../random/random.ts'
import { inMeasure } from '../account/convert.ts'
import type { Measurement } from '../measurement.ts'
import { type Cost, costOf } from './cost.ts'
import { type BudgetLedger, ChargeRepeated } from './ledger.ts'

export interface Question<Data, Answer> {
  readonly ledger: BudgetLedger
  readonly scope: string
  /** Names this question; asked twice, it is answered once. */
  readonly id: string
  readonly measurement: Measurement<Data, Answer>
  /** Called after the charge, so that a refused question never touches the data. */
  readonly data: () => Data | Promise<Data>
  /** Cryptographic in production: `secureRandom`. */
  readonly random: RandomSource
  /** People to be protected together, such as a household; 1 unless given. */
  readonly groupSize?: number
}

export interface Answered<Answer> {
  readonly answer: Answer
  readonly cost: Cost
  readonly remaining: Cost
}

/**
 * Charges, then reads, then measures: the only order in which a budget holds. A question that fails after its charge stays charged,
 * because its failing may have told something.
 *
 * @throws BudgetExhausted, ScopeUnknown, ChargeConflict: nothing was read
 * @throws ChargeRepeated where the id was charged before
 */
export async function answer<Data, Answer>(question: Question<Data, Answer>): Promise<Answered<Answer>> {
  const { ledger, scope, id, measurement, random } = question
  const { budget } = await ledger.balance(scope)
  const cost = costOf(inMeasure(budget.measure, measurement.privacyMap(question.groupSize ?? 1)))
  const { outcome, remaining } = await ledger.charge(scope, cost, id)
  if (outcome === 'repeated') throw new ChargeRepeated(scope, id)
  return { answer: measurement.measure(await question.data(), random), cost, remaining }
}
