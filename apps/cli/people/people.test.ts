import { isEmail, isNhsNumber, isUkPostcode } from '@gatehouse/tabular/patterns'
import { proposeFields } from '@gatehouse/tabular/propose'
import { parseDate, type SourceRecord } from '@gatehouse/tabular/value'
import { describe, expect, it } from 'vitest'
import { generatePeople } from './people.ts'

const people = [...generatePeople({ seed: 7, count: 4_000 })]
const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length

describe('invented people', () => {
  it('are not made in counts that make no sense', () => {
    for (const count of [-1, 1.5, Number.NaN, 1e9]) expect(() => generatePeople({ seed: 1, count }).next()).toThrow(RangeError)
    expect([...generatePeople({ seed: 1, count: 0 })]).toEqual([])
  })

  it('are the same for one seed, others for another, and more do not change the first', () => {
    const take = (seed: number, count: number) => [...generatePeople({ seed, count })]
    expect(take(7, 100)).toEqual(people.slice(0, 100))
    expect(take(8, 100)).not.toEqual(people.slice(0, 100))
  })

  it('have well-formed details that reach no real person', () => {
    for (const person of people) {
      expect(isNhsNumber(person.national_health_number) && person.national_health_number.startsWith('999')).toBe(true)
      expect(isUkPostcode(person.postcode)).toBe(true)
      expect(parseDate(person.date_of_birth)).toBe(person.date_of_birth)
      expect(person.account_number).toMatch(/^\d{8}$/)
      expect(Math.abs(person.account_balance * 100 - Math.round(person.account_balance * 100))).toBeLessThan(1e-4)
      if (person.email !== null) expect(isEmail(person.email) && /@example\.(org|com)$/.test(person.email)).toBe(true)
      if (person.phone !== null) expect(person.phone).toMatch(/^\+44 7700 900\d{3}$/)
    }
    for (const key of ['customer_id', 'national_health_number'] as const) expect(new Set(people.map((person) => person[key])).size).toBe(people.length)
  })

  it('hang together as in life', () => {
    const incomes = (occupation: string) => people.filter((person) => person.occupation === occupation).map((person) => person.annual_income)
    expect(mean(incomes('Solicitor'))).toBeGreaterThan(mean(incomes('Care worker')) * 1.5)
    expect(incomes('Child').every((income) => income === 0)).toBe(true)
    expect(people.filter((person) => person.occupation === 'Retired').every((person) => person.date_of_birth < '1960')).toBe(true)
    const rich = people.filter((person) => person.annual_income > 50_000)
    const modest = people.filter((person) => person.annual_income > 0 && person.annual_income < 20_000)
    expect(mean(rich.map((person) => person.account_balance))).toBeGreaterThan(mean(modest.map((person) => person.account_balance)))
    expect(people.filter((person) => person.sex === 'F').length / people.length).toBeCloseTo(0.51, 1)
  })

  it('are understood by the proposals', () => {
    const proposal = proposeFields(people.slice(0, 500) as unknown as SourceRecord[])
    expect(Object.fromEntries(proposal.fields.map((field) => [field.name, `${field.type} ${field.semantic}`]))).toEqual({
      customer_id: 'string identifier',
      given_name: 'string given_name',
      family_name: 'string family_name',
      date_of_birth: 'date date_of_birth',
      sex: 'string sex',
      email: 'string email',
      phone: 'string phone',
      address: 'string address',
      postcode: 'string postcode',
      national_health_number: 'string national_health_number',
      account_number: 'string account_number',
      annual_income: expect.stringMatching(/^integer amount$/),
      account_balance: 'number amount',
      occupation: 'string occupation',
    })
    expect(proposal.subject?.column).toBe('customer_id')
  })
})
