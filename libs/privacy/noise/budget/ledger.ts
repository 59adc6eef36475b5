/**
 * The port behind which budgets are kept. A scope is whatever shares one budget, such as a data set under one agreement; every answer
 * about its people is charged there before it is computed, and stays charged whatever happens afterwards.
 */
import type { PrivacyLoss } from '../account/loss.ts'
import { type Cost, inWords } from './cost.ts'

export interface Balance {
  readonly budget: Cost
  readonly spent: Cost
}

export interface Charge {
  /** `repeated`: this id was charged before with the same cost; nothing was charged again. */
  readonly outcome: 'charged' | 'repeated'
  readonly remaining: Cost
}

/** A driver keeps to the suite in `noise/testing/ledger-contract.ts`. */
export interface BudgetLedger {
  /**
   * Gives a scope its budget. Again with the same budget, it changes nothing.
   *
   * @throws ScopeConflict where the scope has another budget
   */
  open(scope: string, budget: PrivacyLoss): Promise<void>
  /**
   * Charges the cost, durably before it resolves. Atomic: of charges at the same moment, only those that fit together go through.
   *
   * @param id names the question within the scope; the same id is charged once
   * @throws BudgetExhausted, charging nothing, where less remains than is asked
   * @throws ChargeConflict where the id was charged with another cost
   * @throws ScopeUnknown
   */
  charge(scope: string, cost: Cost, id: string): Promise<Charge>
  /** @throws ScopeUnknown */
  balance(scope: string): Promise<Balance>
}

/** The question costs more than is left. Nothing was charged and nothing was computed. */
export class BudgetExhausted extends Error {
  override readonly name = 'BudgetExhausted'
  readonly code = 'budget_exhausted'
  readonly scope: string
  readonly asked: Cost
  readonly remaining: Cost

  constructor(scope: string, asked: Cost, remaining: Cost) {
    super(`the privacy budget of ${scope} has ${inWords(remaining)} left, and the question costs ${inWords(asked)}; ask for a noisier answer, or end here`)
    this.scope = scope
    this.asked = asked
    this.remaining = remaining
  }
}

export class ScopeUnknown extends Error {
  override readonly name = 'ScopeUnknown'
  readonly code = 'scope_unknown'
  readonly scope: string

  constructor(scope: string) {
    super(`${scope} has no privacy budget; open one before asking`)
    this.scope = scope
  }
}

export class ScopeConflict extends Error {
  override readonly name = 'ScopeConflict'
  readonly code = 'scope_conflict'
  readonly scope: string

  constructor(scope: string) {
    super(`${scope} has another privacy budget already; a budget is set once`)
    this.scope = scope
  }
}

export class ChargeConflict extends Error {
  override readonly name = 'ChargeConflict'
  readonly code = 'charge_conflict'
  readonly scope: string
  readonly id: string

  constructor(scope: string, id: string) {
    super(`question ${id} of ${scope} was charged with another cost; give every question its own id`)
    this.scope = scope
    this.id = id
  }
}

/** The question was charged before. A second draw of noise would be a second answer, so there is none. */
export class ChargeRepeated extends Error {
  override readonly name = 'ChargeRepeated'
  readonly code = 'charge_repeated'
  readonly scope: string
  readonly id: string

  constructor(scope: string, id: string) {
    super(`question ${id} of ${scope} was charged before; give out the answer kept from then, or ask again under a new id`)
    this.scope = scope
    this.id = id
  }
}
