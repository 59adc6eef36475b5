import { instantMs } from '@gatehouse/core/instant'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide } from './decide.ts'
import { dataspaceProfile, dataspaceProfileIri } from './odrl-profile.ts'
import { readTerms } from './odrl-read-terms.ts'
import { policyOfTerms, sameTerms, type Terms, termsEndMs, termsOfPolicy, termsPermit } from './odrl-terms.ts'
import { writeTerms } from './odrl-write-terms.ts'
import { emptyWorld } from './question.ts'
import { arbitraryPolicy } from './testing/arbitrary.ts'
import { compiled, draft, loanRule, parse, purposes, question, wednesday } from './testing/policies.ts'

const offer = (permission: object, more: object = {}) => ({ '@id': 'urn:offer', '@type': 'Offer', permission: [{ action: 'use', ...permission }], ...more })
const where = (constraint: object) => offer({ constraint: [constraint] })
const refusals = (policy: unknown) => {
  const read = readTerms(policy)
  return read.ok ? [] : read.refused.map(({ kind, name }) => `${kind} ${name}`)
}
const terms = (policy: unknown): Terms => {
  const read = readTerms(policy)
  if (!read.ok) throw new Error(JSON.stringify(read.refused))
  return read.terms
}

describe('what lies outside the profile is refused by its name', () => {
  it.each([
    [
      'another operand',
      where({ leftOperand: 'https://w3id.org/edc/v0.0.1/ns/region', operator: 'eq', rightOperand: 'eu' }),
      'operand https://w3id.org/edc/v0.0.1/ns/region',
    ],
    ['an operand of ours that nobody else can evaluate', where({ leftOperand: 'gh:timeOfDay', operator: 'lt', rightOperand: '08:00' }), 'operand gh:timeOfDay'],
    ['another operator', where({ leftOperand: 'spatial', operator: 'isPartOf', rightOperand: 'DE' }), 'operator isPartOf'],
    ['an operator that the operand does not take', where({ leftOperand: 'count', operator: 'gteq', rightOperand: '3' }), 'operator gteq'],
    ['a place that is no code', where({ leftOperand: 'spatial', operator: 'eq', rightOperand: '_:EU' }), 'value _:EU'],
    ['a time without its offset', where({ leftOperand: 'dateTime', operator: 'lt', rightOperand: '2026-01-01T00:00:00' }), 'value 2026-01-01T00:00:00'],
    ['one of several alternatives', where({ xone: [{ leftOperand: 'spatial', operator: 'eq', rightOperand: 'DE' }] }), 'group xone'],
    ['an empty group, which would always hold', where({ and: [] }), 'group and'],
    ['another action', offer({ action: 'odrl:sell' }), 'action sell'],
    ['no action', offer({ action: undefined }), 'action (none)'],
    ['a duty before the act', offer({ duty: [{ action: 'odrl:compensate' }] }), 'duty compensate'],
    ['another obligation', offer({}, { obligation: [{ action: 'odrl:compensate' }] }), 'duty compensate'],
    [
      'an obligation with a condition beside',
      offer({}, { obligation: [{ action: 'odrl:delete', constraint: [{ leftOperand: 'spatial', operator: 'eq', rightOperand: 'DE' }] }] }),
      'duty delete',
    ],
    ['a collection of parties', offer({ assignee: { '@type': 'PartyCollection', source: 'x' } }), 'party PartyCollection'],
    ['a remedy', { ...offer({}), prohibition: [{ action: 'use', remedy: [] }] }, 'member remedy'],
    ['inheritance', offer({}, { inheritFrom: 'urn:x' }), 'member inheritFrom'],
    ['a strategy for conflicts', offer({}, { conflict: 'perm' }), 'member conflict'],
    ['another profile', offer({}, { profile: 'https://example.org/profile' }), 'profile https://example.org/profile'],
    ['a request', { '@type': 'Request' }, 'member Request'],
    ['no object', 'offer', 'member offer'],
  ])('%s', (_, policy, name) => {
    expect(refusals(policy)).toContain(name)
  })

  it('more constraints than can be held at once, and groups too deep', () => {
    const leaf = { leftOperand: 'spatial', operator: 'eq', rightOperand: 'DE' }
    expect(refusals(where({ or: Array.from({ length: 1_100 }, () => leaf) }))).toEqual(['size constraint'])
    let deep: object = leaf
    for (let depth = 0; depth < 9; depth++) deep = { and: [deep] }
    expect(refusals(where(deep))).toEqual(['size and'])
    expect(refusals({ ...offer({}), permission: Array.from({ length: 60 }, () => ({ action: 'use' })) })).toEqual(['size permission'])
  })

  it('and nothing with a refusal in it is read at all', () => {
    expect(readTerms({ ...offer({}), permission: [{ action: 'use' }, { action: 'odrl:sell' }] }).ok).toBe(false)
  })
})

describe('reading', () => {
  it('takes the words of ODRL as terms, with a prefix or whole, and values with or without a type', () => {
    const odrl = 'http://www.w3.org/ns/odrl/2/'
    const long = {
      '@type': `${odrl}Offer`,
      [`${odrl}permission`]: {
        [`${odrl}action`]: { '@id': `${odrl}use` },
        'odrl:constraint': {
          'odrl:leftOperand': { '@id': 'odrl:dateTime' },
          'odrl:operator': { '@id': 'odrl:lteq' },
          'odrl:rightOperand': { '@value': '2026-12-31T06:00Z', '@type': 'xsd:dateTime' },
        },
      },
    }
    expect(terms(long)).toEqual(terms(where({ leftOperand: 'dateTime', operator: 'lteq', rightOperand: '2026-12-31T06:00:00.000Z' })))
  })

  it('tells purposes by their IRIs, and what is narrower from what is not', () => {
    const research = terms(where({ leftOperand: 'purpose', operator: 'isA', rightOperand: 'https://w3id.org/dpv#ResearchAndDevelopment' }))
    const permits = (purpose: string) =>
      termsPermit(
        research,
        { action: 'use', target: 't', assignee: 'a', facts: { question: question({ purpose }), world: emptyWorld, atMs: instantMs(wednesday) } },
        purposes,
      )
    expect([permits('dpv:ScientificResearch'), permits('dpv:Marketing'), permits('dpv:Purpose')]).toEqual([true, false, false])
  })

  it('knows when it is over by its own words', () => {
    expect(termsEndMs(terms(where({ leftOperand: 'dateTime', operator: 'lteq', rightOperand: '2026-12-31T06:00Z' })))).toBe(Date.UTC(2026, 11, 31, 6))
    expect(termsEndMs(terms(offer({})))).toBeUndefined()
  })
})

describe('a policy of the institution', () => {
  const policyOf = (json: unknown) => compiled(json).policy

  it.each([
    ['a time of day', { leftOperand: 'timeOfDay', operator: 'lt', rightOperand: '08:00' }, 'timeOfDay'],
    ['a sliding count', { leftOperand: 'count', operator: 'lteq', rightOperand: 3, window: 'P1D' }, 'count'],
    ['a condition inside a group', { or: [{ leftOperand: 'dayOfWeek', operator: 'eq', rightOperand: 'mon' }] }, 'dayOfWeek'],
  ])('that rests on %s is not offered, rather than offered without it', (_, constraint, name) => {
    const read = termsOfPolicy(policyOf(draft({ permission: [{ ...loanRule, constraint: [constraint] }] })), 'loan_file')
    expect(read.ok ? [] : read.refused.map((one) => one.name)).toEqual([name])
  })

  it('tells what others are obliged to and not what is logged here, nor masks and bases', () => {
    const duty = [{ action: 'log' }, { action: 'delete', after: 'P30D' }, { action: 'inform', party: 'subject', within: 'P3D' }]
    const read = termsOfPolicy(policyOf(draft({ permission: [{ ...loanRule, duty }] })), 'loan_file')
    const written = read.ok ? writeTerms(read.terms) : {}
    expect(written.obligation).toMatchObject([{ action: 'odrl:delete' }, { action: 'odrl:inform' }])
    expect(JSON.stringify(written)).not.toMatch(/mask|fields|basis/)
  })

  it('comes back from the wire as the same terms, whatever it says', () => {
    fc.assert(
      fc.property(arbitraryPolicy, (json) => {
        const own = termsOfPolicy(policyOf(json), 'loan_file')
        if (!own.ok || own.terms.permission.length === 0) return
        const back = terms(JSON.parse(JSON.stringify({ '@id': 'urn:o', '@type': 'Offer', ...writeTerms(own.terms) })))
        expect(sameTerms(back, own.terms)).toBe(true)
      }),
    )
  })
})

describe('terms that were agreed to', () => {
  const agreed = terms({
    ...where({ leftOperand: 'purpose', operator: 'isAnyOf', rightOperand: ['urn:gatehouse:purpose:loan_application'] }),
    obligation: [{ action: 'odrl:delete', constraint: [{ leftOperand: 'elapsedTime', operator: 'lteq', rightOperand: 'P30D' }] }],
  })
  const basis = { basis: 'dpv:Contract', law: 'The agreement' }
  const adopted = {
    uid: 'agreement',
    title: 'Agreed',
    assignee: 'bank-one',
    target: 'loan_file',
    fields: { income: { mask: 'keep' } },
    legal_basis: basis,
    purpose: ['dpv:Purpose'],
  }

  it('become a policy that decides by the same engine, and say the same again', () => {
    const read = parse(policyOfTerms(agreed, adopted))
    expect(read.ok).toBe(true)
    const policy = compiled(policyOfTerms(agreed, adopted))
    expect(decide([policy], question(), emptyWorld)).toMatchObject({ outcome: 'permit', obligations: [{ duty: { action: 'delete', after: 'P30D' } }] })
    expect(decide([policy], question({ purpose: 'dpv:Marketing' }), emptyWorld)).toMatchObject({ outcome: 'deny' })
    const again = termsOfPolicy(policy.policy, 'loan_file')
    expect(again.ok && sameTerms(again.terms, agreed)).toBe(true)
  })

  it('differ from terms with one condition more or less', () => {
    expect(sameTerms(agreed, terms(offer({})))).toBe(false)
    expect(sameTerms(terms(offer({})), terms(offer({}, { profile: dataspaceProfileIri })))).toBe(true)
  })
})

it('the published profile names the operands with the operators that the engine evaluates', () => {
  expect(dataspaceProfile.operands.map(({ leftOperand, operators }) => `${leftOperand}: ${operators.join(' ')}`)).toEqual([
    'purpose: eq neq isA isAnyOf',
    'dateTime: eq neq lt lteq gt gteq',
    'recipient: eq neq isAnyOf',
    'count: lt lteq',
    'spatial: eq neq isA isAnyOf',
    'elapsedTime: lt lteq gt gteq',
  ])
})
