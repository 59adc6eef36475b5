import type { Instant } from '@gatehouse/core/instant'
import { describe, expect, it } from 'vitest'
import { birthday, comingOfAge, usualRule } from './coming-of-age.ts'

const at = (text: string) => text as Instant

describe('coming of age', () => {
  it('is the day on which the years are completed, and 1 March for a 29 February where the year has none', () => {
    expect(birthday('2008-11-22', 18)).toBe('2026-11-22')
    expect(birthday('2008-02-29', 18)).toBe('2026-03-01')
    expect(birthday('2008-02-29', 20)).toBe('2028-02-29')
    expect(birthday('2000-02-29', 100)).toBe('2100-03-01')
  })

  it('begins with the day where the institution is', () => {
    const vienna = comingOfAge(usualRule, 'Europe/Vienna')
    expect(vienna.reached('2008-11-22', at('2026-11-21T22:59:59.999Z'))).toBe(false)
    expect(vienna.reached('2008-11-22', at('2026-11-21T23:00:00.000Z'))).toBe(true)
    expect(comingOfAge(usualRule, 'America/Mexico_City').reached('2008-11-22', at('2026-11-22T05:59:59.999Z'))).toBe(false)
  })

  it('is at the age that the institution names', () => {
    expect(comingOfAge({ ...usualRule, age_of_majority: 16 }, 'UTC').reached('2010-11-22', at('2026-11-22T00:00:00.000Z'))).toBe(true)
    expect(comingOfAge(usualRule, 'UTC').reached('2010-11-22', at('2026-11-22T00:00:00.000Z'))).toBe(false)
  })

  it('ends what is unconfirmed after the days that the institution names, and never where it names none', () => {
    const rule = comingOfAge({ age_of_majority: 18, confirm_within_days: 90 }, 'UTC')
    expect(rule.lapsed('2008-11-22', at('2027-02-19T23:59:59.999Z'))).toBe(false)
    expect(rule.lapsed('2008-11-22', at('2027-02-20T00:00:00.000Z'))).toBe(true)
    expect(comingOfAge({ age_of_majority: 18, confirm_within_days: 0 }, 'UTC').lapsed('2008-11-22', at('2026-11-22T00:00:00.000Z'))).toBe(true)
    expect(comingOfAge(usualRule, 'UTC').lapsed('1950-01-01', at('2026-11-22T00:00:00.000Z'))).toBe(false)
  })
})
