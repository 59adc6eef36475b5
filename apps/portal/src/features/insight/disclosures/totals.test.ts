import { describe, expect, it } from 'vitest'
import type { Disclosure } from './queries.ts'
import { bytesOf, totalsBy } from './totals.ts'

const disclosure = (purpose_label: string, fields: readonly string[], bytes: number | null) =>
  ({ purpose_label, fields: fields.map((name) => ({ name, mask: 'keep' })), bytes }) as unknown as Disclosure

const some = [disclosure('Care', ['email'], 10), disclosure('Loan', ['email', 'income', 'email'], null), disclosure('Care', [], 5)]

describe('totals of disclosures', () => {
  it('are none of none', () => {
    expect(totalsBy([], () => ['a'])).toEqual([])
    expect(bytesOf([])).toBe(0)
  })

  it('count by name, the most first, and take what has no size for nothing', () => {
    expect(totalsBy(some, ({ purpose_label }) => [purpose_label])).toEqual([
      { name: 'Care', disclosures: 2, bytes: 15 },
      { name: 'Loan', disclosures: 1, bytes: 0 },
    ])
    expect(bytesOf(some)).toBe(15)
  })

  it('count one with several names under each, and once', () => {
    expect(totalsBy(some, ({ fields }) => fields.map(({ name }) => name)).map(({ name, disclosures }) => [name, disclosures])).toEqual([
      ['email', 2],
      ['income', 1],
    ])
  })
})
