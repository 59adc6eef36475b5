import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../random/seeded.ts'
import { approximate, pure, zcdp } from '../account/loss.ts'
import { count } from '../mechanism/count.ts'
import { ledgerContract } from '../testing/ledger-contract.ts'
import { answer } from './answer.ts'
import { allowanceOf, costOf, inWords } from './cost.ts'
import { privacyFilter } from './filter.ts'
import { BudgetExhausted, ChargeRepeated, ScopeUnknown } from './ledger.ts'
import { memoryLedger } from './memory.ts'

ledgerContract('in memory', memoryLedger)

const random = seededRandom('budget')

describe('answer', () => {
  const untouched = () => {
    throw new Error('the data was touched')
  }

  it('touches no data for a question beyond the budget, or without one', async () => {
    const ledger = memoryLedger()
    await expect(answer({ ledger, scope: 'study', id: 'a', measurement: count({ epsilon: 0.5 }), data: untouched, random })).rejects.toThrow(ScopeUnknown)
    await ledger.open('study', pure(0.4))
    await expect(answer({ ledger, scope: 'study', id: 'a', measurement: count({ epsilon: 0.5 }), data: untouched, random })).rejects.toThrow(BudgetExhausted)
  })

  it('refuses a loss that has no conversion into the measure of the budget', async () => {
    const ledger = memoryLedger()
    await ledger.open('study', pure(5))
    const question = { ledger, scope: 'study', id: 'a', measurement: count({ rho: 0.1 }), data: untouched, random }
    await expect(answer(question)).rejects.toThrow(expect.objectContaining({ code: 'measures_differ' }))
  })

  it('leaves a failed question charged', async () => {
    const ledger = memoryLedger()
    await ledger.open('study', pure(1))
    await expect(answer({ ledger, scope: 'study', id: 'a', measurement: count({ epsilon: 0.5 }), data: untouched, random })).rejects.toThrow('touched')
    expect((await ledger.balance('study')).spent).toEqual(costOf(pure(0.5)))
  })

  it('draws no second answer under one id', async () => {
    const ledger = memoryLedger()
    await ledger.open('study', pure(1))
    const question = { ledger, scope: 'study', id: 'a', measurement: count({ epsilon: 0.5 }), data: () => [1, 2, 3], random }
    await answer(question)
    await expect(answer(question)).rejects.toThrow(ChargeRepeated)
    expect((await ledger.balance('study')).spent).toEqual(costOf(pure(0.5)))
  })

  it('converts pure losses, and charges for groups', async () => {
    const ledger = memoryLedger()
    await ledger.open('study', zcdp(1))
    const first = await answer({ ledger, scope: 'study', id: 'a', measurement: count({ epsilon: 0.1 }), data: () => [1], random })
    expect(first.cost).toEqual(costOf(zcdp(0.005)))
    const second = await answer({ ledger, scope: 'study', id: 'b', measurement: count({ rho: 0.1 }), data: async () => [1], random, groupSize: 3 })
    expect(second.remaining).toEqual(costOf(zcdp(0.095)))
  })
})

describe('privacyFilter', () => {
  it('refuses beyond the budget, names what was asked and what is left, and goes on with what fits', () => {
    const filter = privacyFilter(approximate(1, 1e-6, 10))
    filter.charge(pure(0.8))
    expect(() => filter.charge(pure(0.3))).toThrow(
      expect.objectContaining({
        name: 'BudgetExhausted',
        remaining: costOf(approximate('0.2', 1e-6, 10)),
        asked: { ...costOf(pure(0.3)), measure: 'approximate' },
      }),
    )
    expect(filter.charge(pure(0.2)).rate).toBe(0n)
  })

  it('never lets through more than the budget, whatever is asked', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 40 })
    fc.assert(
      fc.property(amounts, (thousandths) => {
        const filter = privacyFilter(pure(1))
        let through = 0
        for (const amount of thousandths) {
          try {
            filter.charge(pure(`${amount}e-3`))
            through += amount
          } catch (error) {
            expect(error).toBeInstanceOf(BudgetExhausted)
            expect(through + amount).toBeGreaterThan(1_000)
          }
        }
        expect(through).toBeLessThanOrEqual(1_000)
        expect(filter.remaining().rate).toBe(BigInt(1_000 - through) * 10n ** 12n)
      }),
    )
  })
})

describe('costs', () => {
  it('round up, allowances down', () => {
    const third = pure({ numerator: 1n, denominator: 3n })
    expect(costOf(third).rate - allowanceOf(third).rate).toBe(1n)
  })

  it('read as decimals', () => {
    expect(inWords(costOf(approximate('12.05', 1e-6, 10)))).toBe('epsilon 12.05, delta 0.000001')
    expect(inWords(costOf(zcdp(2)))).toBe('rho 2')
  })
})
