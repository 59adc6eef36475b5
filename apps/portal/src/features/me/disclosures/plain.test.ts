import { describe, expect, it } from 'vitest'
import { asWords, byMonth, keyOf, looksOf, whyOf } from './plain.ts'

describe('plain words', () => {
  it.each([
    ['eu-gdpr:A6-1-a', 'consent'],
    ['eu-gdpr:A6-1-a-explicit-consent', 'consent'],
    ['dpv:Consent', 'consent'],
    ['dpv:EnterIntoContract', 'contract'],
    ['eu-gdpr:A6-1-c', 'obligation'],
    ['dpv:VitalInterestOfNaturalPerson', 'vital'],
    ['dpv:OfficialAuthorityOfController', 'public'],
    ['eu-gdpr:A6-1-f', 'legitimate'],
    ['eu-gdpr:A9-2-h', 'other'],
    ['something', 'other'],
  ])('say of the basis %s: %s', (basis, why) => expect(whyOf(basis)).toBe(why))

  it.each([
    ['keep', 'whole'],
    ['date_truncate', 'part'],
    ['email', 'part'],
    ['token', 'code'],
    ['redact', 'hidden'],
    ['a mask of tomorrow', 'part'],
  ])('say of the mask %s: %s', (mask, looks) => expect(looksOf(mask)).toBe(looks))

  it('read names of fields', () => {
    expect(asWords('date_of_birth')).toBe('date of birth')
    expect(asWords('annualIncome')).toBe('annual income')
    expect(asWords('home.address-line')).toBe('home address line')
    expect(keyOf('Date_of.birth')).toBe('date_of_birth')
    expect(keyOf('<img src=x>')).toBe('img_srcx')
  })

  it('gather by month and keep the order', () => {
    const at = (day: string) => ({ at: `${day}T12:00:00.000Z` })
    expect(byMonth([at('2026-11-20'), at('2026-11-02'), at('2026-10-31')])).toEqual([
      { month: '2026-11', things: [at('2026-11-20'), at('2026-11-02')] },
      { month: '2026-10', things: [at('2026-10-31')] },
    ])
    expect(byMonth([])).toEqual([])
  })
})
