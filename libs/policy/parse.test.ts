import { describe, expect, it } from 'vitest'
import { draft, loanRule, parse, withRule } from './testing/policies.ts'

const faults = (json: unknown) => {
  const read = parse(json)
  return read.ok ? [] : read.errors.map((error) => error.pointer)
}
const constrained = (...constraint: unknown[]) => withRule({ constraint })
const first = '/permission/0'

describe('a policy is refused when saved', () => {
  it.each([
    ['is not an object', 'policy', ['']],
    ['has an unknown member', draft({ conditions: 'Data must be anonymized' }), ['']],
    ['speaks another profile', draft({ profile: 'http://www.w3.org/ns/odrl/2/core' }), ['/profile']],
    ['names an unknown action', withRule({ action: 'sell' }), [`${first}/action`]],
    ['has a permission for every data class', withRule({ target: '*' }), [`${first}/target`]],
    ['has a permission without a purpose', withRule({ purpose: [] }), [`${first}/purpose`]],
    ['names a purpose outside the tree', withRule({ purpose: ['loan_application', 'curiosity'] }), [`${first}/purpose/1`]],
    ['names an unknown legal basis', withRule({ legal_basis: { basis: 'because', law: 'x' } }), [`${first}/legal_basis/basis`]],
    ['rests on a law it does not name', withRule({ legal_basis: { basis: 'eu-gdpr:A6-1-c' } }), [`${first}/legal_basis/law`]],
    ['gives no field', withRule({ fields: {} }), [`${first}/fields`]],
    ['has a mask the validator refuses', withRule({ fields: { 'a.b': { mask: 'blur' } } }), [`${first}/fields/a.b/mask`]],
    ['names two rules alike', draft({ permission: [loanRule, loanRule] }), ['/permission/1/uid']],
    ['names a prohibition like a permission', draft({ prohibition: [{ uid: 'loan', action: '*', target: '*' }] }), ['/prohibition/0/uid']],
    ['has a duty nobody can carry out', withRule({ duty: [{ action: 'anonymize' }] }), [`${first}/duty/0/action`]],
    ['lets a token live for ever', withRule({ token_ttl_max_seconds: 1e9 }), [`${first}/token_ttl_max_seconds`]],
  ])('that %s', (_, json, pointers) => expect(faults(json)).toEqual(pointers))

  it.each([
    ['an unknown operand', { leftOperand: 'industry', operator: 'eq', rightOperand: 'bank' }, '/leftOperand'],
    ['an operand named like a method', { leftOperand: 'toString', operator: 'eq', rightOperand: 'x' }, '/leftOperand'],
    ['an operator the operand does not take', { leftOperand: 'recipient', operator: 'lt', rightOperand: 'bank-one' }, '/operator'],
    ['a count that asks for "exactly"', { leftOperand: 'count', operator: 'eq', rightOperand: 5 }, '/operator'],
    ['a time without an offset', { leftOperand: 'dateTime', operator: 'lt', rightOperand: '2026-01-01T00:00:00' }, '/rightOperand'],
    ['a duration of no fixed length', { leftOperand: 'elapsedTime', operator: 'lteq', rightOperand: 'P1M' }, '/rightOperand'],
    ['a window of no length', { leftOperand: 'count', operator: 'lteq', rightOperand: 5, window: 'PT0S' }, '/window'],
    ['a place outside ISO 3166', { leftOperand: 'spatial', operator: 'eq', rightOperand: 'Europe' }, '/rightOperand'],
    ['a list for one value', { leftOperand: 'spatial', operator: 'eq', rightOperand: ['DE'] }, '/rightOperand'],
    ['an unknown purpose', { leftOperand: 'purpose', operator: 'isAnyOf', rightOperand: ['dpv:Marketing', 'fun'] }, '/rightOperand/1'],
    ['a condition in words', 'data must be anonymized', '/leftOperand'],
    ['an empty group', { or: [] }, '/or'],
    ['a group beside a condition', { and: [{ leftOperand: 'spatial', operator: 'eq', rightOperand: 'DE' }], or: [] }, ''],
  ])('for %s', (_, constraint, place) => expect(faults(constrained(constraint))).toEqual([`${first}/constraint/0${place}`]))

  it('for a fault inside nested groups, at its place', () => {
    const bad = { leftOperand: 'spatial', operator: 'eq', rightOperand: 'x' }
    expect(faults(constrained({ or: [{ and: [bad] }] }))).toEqual([`${first}/constraint/0/or/0/and/0/rightOperand`])
  })

  it('for groups that nest too deep, and for documents without a bottom', () => {
    const nest = (depth: number): unknown => (depth === 0 ? { leftOperand: 'spatial', operator: 'eq', rightOperand: 'DE' } : { and: [nest(depth - 1)] })
    expect(faults(constrained(nest(4)))).toEqual([])
    expect(faults(constrained(nest(5)))).toEqual([`${first}/constraint/0/and/0/and/0/and/0/and/0`])
    expect(faults(constrained(nest(5000)))).toEqual([''])
    const circle: Record<string, unknown> = {}
    circle.self = circle
    expect(faults(circle)).toEqual([''])
  })

  it('for a policy of too many values', () => {
    expect(faults(draft({ permission: Array.from({ length: 60_000 }, () => 1) }))).toEqual([''])
  })

  it('with every fault at once and a way to mend each', () => {
    const read = parse(draft({ title: '', assignee: '' }))
    expect(read.ok ? [] : read.errors.map((error) => error.pointer)).toEqual(['/title', '/assignee'])
    expect(parse(constrained({ leftOperand: 'recipient', operator: 'lt', rightOperand: 'a' }))).toMatchObject({
      errors: [{ detail: 'recipient takes eq, neq, isAnyOf' }],
    })
  })
})

describe('a policy that is accepted', () => {
  it('keeps what was written and fills in what is left out', () => {
    const read = parse(constrained({ leftOperand: 'count', operator: 'lteq', rightOperand: 5 }))
    expect(read).toMatchObject({ ok: true, policy: { prohibition: [], permission: [{ constraint: [{ per: 'rule' }], fields: loanRule.fields }] } })
  })

  it('may rest on consent without naming a law', () => {
    expect(parse(withRule({ legal_basis: { basis: 'dpv:Consent' } })).ok).toBe(true)
  })

  it('has its times in UTC', () => {
    const read = parse(constrained({ leftOperand: 'dateTime', operator: 'lt', rightOperand: '2026-01-01T00:00:00+01:00' }))
    expect(read).toMatchObject({ policy: { permission: [{ constraint: [{ rightOperand: '2025-12-31T23:00:00.000Z' }] }] } })
  })
})
