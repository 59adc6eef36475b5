import { allowanceOf, type Cost, free, remaining, sameCost, spend } from './cost.ts'
import { BudgetExhausted, type BudgetLedger, ChargeConflict, ScopeConflict, ScopeUnknown } from './ledger.ts'

interface Account {
  readonly budget: Cost
  spent: Cost
  readonly charged: Map<string, Cost>
}

/** A ledger that lasts as long as the process: for tests and for a single run that asks all its questions itself. */
export function memoryLedger(): BudgetLedger {
  const accounts = new Map<string, Account>()

  function accountOf(scope: string): Account {
    const account = accounts.get(scope)
    if (account === undefined) throw new ScopeUnknown(scope)
    return account
  }

  return {
    async open(scope, budget) {
      const allowance = allowanceOf(budget)
      const account = accounts.get(scope)
      if (account === undefined) accounts.set(scope, { budget: allowance, spent: free(allowance.measure), charged: new Map() })
      else if (!sameCost(account.budget, allowance)) throw new ScopeConflict(scope)
    },

    // Nothing is awaited between reading and writing, so charges cannot come between each other.
    async charge(scope, cost, id) {
      const account = accountOf(scope)
      const before = account.charged.get(id)
      if (before !== undefined) {
        if (!sameCost(before, cost)) throw new ChargeConflict(scope, id)
        return { outcome: 'repeated', remaining: remaining(account.budget, account.spent) }
      }
      const spent = spend(account.budget, account.spent, cost)
      if (spent === undefined) throw new BudgetExhausted(scope, cost, remaining(account.budget, account.spent))
      account.spent = spent
      account.charged.set(id, cost)
      return { outcome: 'charged', remaining: remaining(account.budget, spent) }
    },

    async balance(scope) {
      const { budget, spent } = accountOf(scope)
      return { budget, spent }
    },
  }
}
