/** What every driver of the budget ledger has to do. Call it from a test file with a way to make an empty ledger. */
import { describe, expect, it } from 'vitest'
import { approximate, pure } from '../account/loss.ts'
import { costOf } from '../budget/cost.ts'
import { BudgetExhausted, type BudgetLedger, ChargeConflict, ScopeConflict, ScopeUnknown } from '../budget/ledger.ts'

/** @param make gives a ledger in which the scopes named in these tests are unknown */
export function ledgerContract(driver: string, make: () => BudgetLedger | Promise<BudgetLedger>): void {
  const tenth = costOf(pure(0.1))

  describe(`budget ledger: ${driver}`, () => {
    it('refuses scopes without a budget', async () => {
      const ledger = await make()
      await expect(ledger.charge('nowhere', tenth, 'a')).rejects.toThrow(ScopeUnknown)
      await expect(ledger.balance('nowhere')).rejects.toThrow(ScopeUnknown)
    })

    it('refuses what goes beyond the budget, names what is left, and charges nothing for it', async () => {
      const ledger = await make()
      await ledger.open('study', pure(0.25))
      await ledger.charge('study', tenth, 'a')
      await ledger.charge('study', tenth, 'b')
      const refusal = await ledger.charge('study', tenth, 'c').catch((error: unknown) => error)
      expect(refusal).toBeInstanceOf(BudgetExhausted)
      expect(refusal).toMatchObject({ scope: 'study', asked: tenth, remaining: costOf(pure(0.05)) })
      expect((await ledger.balance('study')).spent).toEqual(costOf(pure(0.2)))
      // A refused id is not used up: the budget was, and a cheaper question under it may be asked.
      expect(await ledger.charge('study', costOf(pure(0.05)), 'c')).toEqual({ outcome: 'charged', remaining: { measure: 'pure', rate: 0n, delta: 0n } })
    })

    it('lets no delta go beyond the budget either', async () => {
      const ledger = await make()
      await ledger.open('study', approximate(10, 1e-6, 10))
      const cost = costOf(approximate(0.1, 6e-7, 10))
      await ledger.charge('study', cost, 'a')
      await expect(ledger.charge('study', cost, 'b')).rejects.toThrow(BudgetExhausted)
    })

    it('refuses another measure than the budget has', async () => {
      const ledger = await make()
      await ledger.open('study', approximate(10, 1e-6, 10))
      await expect(ledger.charge('study', tenth, 'a')).rejects.toThrow(RangeError)
      expect((await ledger.balance('study')).spent.rate).toBe(0n)
    })

    it('charges the same id once, and refuses it with another cost', async () => {
      const ledger = await make()
      await ledger.open('study', pure(1))
      const first = await ledger.charge('study', tenth, 'a')
      expect(first).toEqual({ outcome: 'charged', remaining: costOf(pure(0.9)) })
      expect(await ledger.charge('study', tenth, 'a')).toEqual({ outcome: 'repeated', remaining: costOf(pure(0.9)) })
      await expect(ledger.charge('study', costOf(pure(0.2)), 'a')).rejects.toThrow(ChargeConflict)
      expect((await ledger.balance('study')).spent).toEqual(tenth)
    })

    it('answers a repeated id also when nothing is left', async () => {
      const ledger = await make()
      await ledger.open('study', pure(0.1))
      await ledger.charge('study', tenth, 'a')
      expect((await ledger.charge('study', tenth, 'a')).outcome).toBe('repeated')
    })

    it('keeps scopes apart', async () => {
      const ledger = await make()
      await ledger.open('one', pure(0.1))
      await ledger.open('two', pure(0.1))
      await ledger.charge('one', tenth, 'a')
      expect((await ledger.charge('two', tenth, 'a')).outcome).toBe('charged')
    })

    it('sets a budget once', async () => {
      const ledger = await make()
      await ledger.open('study', pure(0.2))
      await ledger.charge('study', tenth, 'a')
      await ledger.open('study', pure(0.2))
      expect((await ledger.balance('study')).spent).toEqual(tenth)
      await expect(ledger.open('study', pure(0.3))).rejects.toThrow(ScopeConflict)
      await expect(ledger.open('study', approximate(0.2, 1e-6, 10))).rejects.toThrow(ScopeConflict)
    })

    it('lets through only what fits, of many charges at the same moment', async () => {
      const ledger = await make()
      await ledger.open('study', pure(1))
      const outcomes = await Promise.allSettled(Array.from({ length: 25 }, (_, index) => ledger.charge('study', tenth, `question ${index}`)))
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(10)
      expect(outcomes.every((outcome) => outcome.status === 'fulfilled' || outcome.reason instanceof BudgetExhausted)).toBe(true)
      expect((await ledger.balance('study')).spent).toEqual(costOf(pure(1)))
    })

    it('charges once, of many charges of one id at the same moment', async () => {
      const ledger = await make()
      await ledger.open('study', pure(1))
      const charges = await Promise.all(Array.from({ length: 10 }, () => ledger.charge('study', tenth, 'a')))
      expect(charges.filter((charge) => charge.outcome === 'charged')).toHaveLength(1)
      expect((await ledger.balance('study')).spent).toEqual(tenth)
    })

    it('counts exactly, however many and small the costs', async () => {
      const ledger = await make()
      await ledger.open('study', pure('0.000000000000003'))
      const third = costOf(pure({ numerator: 1n, denominator: 3_000_000_000_000_000n }))
      for (const id of ['a', 'b', 'c']) await ledger.charge('study', third, id)
      await expect(ledger.charge('study', third, 'd')).rejects.toThrow(BudgetExhausted)
    })
  })
}
