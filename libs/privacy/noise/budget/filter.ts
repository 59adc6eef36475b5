import { inMeasure } from '../account/convert.ts'
import type { PrivacyLoss } from '../account/loss.ts'
import { allowanceOf, type Cost, costOf, free, remaining, spend } from './cost.ts'
import { BudgetExhausted } from './ledger.ts'

export interface PrivacyFilter {
  /**
   * Charges one question. Call it before anything is computed.
   *
   * @throws BudgetExhausted, charging nothing; ParameterError `measures_differ` for a loss that has no conversion into the budget's measure
   */
  charge(loss: PrivacyLoss): Cost
  remaining(): Cost
}

/** A budget for one run of questions, without a ledger: each may depend on the answers before it, and none goes beyond the budget. */
export function privacyFilter(budget: PrivacyLoss): PrivacyFilter {
  const allowance = allowanceOf(budget)
  let spent = free(budget.measure)
  return {
    charge(loss) {
      const cost = costOf(inMeasure(budget.measure, loss))
      const after = spend(allowance, spent, cost)
      if (after === undefined) throw new BudgetExhausted('this run', cost, remaining(allowance, spent))
      spent = after
      return remaining(allowance, spent)
    },
    remaining: () => remaining(allowance, spent),
  }
}
