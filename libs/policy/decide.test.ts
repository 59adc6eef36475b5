import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { actionNames } from './actions.ts'
import { compilePolicy } from './compile.ts'
import { type Decision, decide, requiredCounts, requiresConsent } from './decide.ts'
import type { Policy } from './document.ts'
import { type Consent, emptyWorld, type Question, type World } from './question.ts'
import { partnerReasons, type ReasonCode } from './reasons.ts'
import { arbitraryPolicy, arbitraryQuestion, arbitraryWorld } from './testing/arbitrary.ts'
import { compiled, draft, loanRule, parse, purposes, question, type wednesday, withRule } from './testing/policies.ts'

const codes = (decision: Decision): readonly ReasonCode[] => (decision.outcome === 'deny' ? decision.reasons.map((reason) => reason.code) : [])
const names = (decision: Decision): readonly string[] => (decision.outcome === 'permit' ? decision.fields.map((field) => field.name) : [])
const ask = (json: unknown, asked: Partial<Question> = {}, world: Partial<World> = {}) => decide([compiled(json)], question(asked), { ...emptyWorld, ...world })
const under = (...constraint: unknown[]) => withRule({ constraint })
const consented = withRule({ legal_basis: { basis: 'dpv:Consent' } })
const consent: Consent = { id: 'c1', purpose: 'loan_application', recipients: ['bank-one'], dataClasses: ['*'] }

describe('a bar', () => {
  it.each(['opted_out', 'restricted'] as const)('%s forbids what the rules permit, and looks to a partner like an unknown person', (bar) => {
    const decision = ask(draft(), {}, { bar })
    expect(decision).toEqual({ outcome: 'deny', reasons: [{ code: bar }] })
    expect(decision.outcome === 'deny' && partnerReasons(decision.reasons)).toEqual([{ code: 'not_available' }])
  })

  it('changes nothing about a refusal on other grounds, so that nobody learns of it', () => {
    for (const asked of [{ recipient: 'bank-two' }, { purpose: 'dpv:Marketing' }, { requested: ['income'] }])
      expect(ask(draft(), asked, { bar: 'opted_out' })).toEqual(ask(draft(), asked))
  })
})

describe('nothing is permitted that no rule permits', () => {
  it.each<[string, unknown, Partial<Question>, ReasonCode]>([
    ['another partner', draft(), { recipient: 'bank-two' }, 'no_policy'],
    ['another action', draft(), { action: 'export' }, 'no_rule'],
    ['another data class', draft(), { recordType: 'health_file' }, 'no_rule'],
    ['another purpose', draft(), { purpose: 'dpv:Marketing' }, 'purpose_not_permitted'],
    ['a broader purpose than the granted one', draft(), { purpose: 'sector-finance:LoanServiceProvision' }, 'purpose_not_permitted'],
    ['a purpose nobody knows', draft(), { purpose: 'curiosity' }, 'purpose_not_permitted'],
    ['only fields without a rule', draft(), { requested: ['income'] }, 'no_field_left'],
    ['only fields that do not exist', draft(), { requested: ['shoe_size'] }, 'no_field_left'],
    ['a field that is left out by its rule', withRule({ fields: { income: { mask: 'drop' } } }), { requested: ['income'] }, 'no_field_left'],
    ['without the consent the rule rests on', consented, {}, 'no_consent'],
  ])('%s', (_, json, asked, code) => expect(codes(ask(json, asked))).toContain(code))

  it('not even with no policy at all', () => expect(codes(decide([], question(), emptyWorld))).toEqual(['no_policy']))
})

describe('a prohibition wins', () => {
  const forbid = (prohibition: Record<string, unknown>) => draft({ prohibition: [{ uid: 'never', action: '*', target: '*', ...prohibition }] })

  it('over the whole act', () => expect(ask(forbid({}))).toEqual({ outcome: 'deny', reasons: [{ code: 'prohibited', policy: 'bank-one', rule: 'never' }] }))
  it('for narrower purposes', () => expect(codes(ask(forbid({ purpose: ['dpv:ServiceProvision'] })))).toEqual(['prohibited']))
  it('for broader ones, since acting for those may be acting for the forbidden one', () => {
    expect(codes(ask(forbid({ purpose: ['first_home_loan'] })))).toEqual(['prohibited'])
  })
  it('where its condition cannot be answered', () => {
    const abroad = forbid({ constraint: [{ leftOperand: 'spatial', operator: 'neq', rightOperand: 'DE' }] })
    expect(codes(ask(abroad))).toEqual(['prohibited'])
    expect(codes(ask(abroad, { spatial: 'FR' }))).toEqual(['prohibited'])
    expect(ask(abroad, { spatial: 'DE' }).outcome).toBe('permit')
  })
  it('from another policy that names the partner', () => {
    const house = compiled(draft({ uid: 'house', assignee: '*', permission: [], prohibition: [{ uid: 'never', action: 'release', target: 'loan_file' }] }))
    expect(codes(decide([compiled(draft()), house], question(), emptyWorld))).toEqual(['prohibited'])
  })
  it('over single fields, leaving the others', () => {
    expect(ask(forbid({ fields: ['iban'] }))).toMatchObject({
      outcome: 'permit',
      fields: [{ name: 'name' }],
      dropped: [
        { name: 'iban', code: 'prohibited', rule: 'never' },
        { name: 'income', code: 'no_field_rule' },
      ],
    })
  })
  it('where the tree has lost its purpose', () => {
    const read = parse(forbid({ purpose: ['loan_application'] }))
    const policy = (read as { policy: Policy }).policy
    const renamed = { ...policy, prohibition: policy.prohibition.map((rule) => ({ ...rule, purpose: ['gone'] })) }
    expect(codes(decide([compilePolicy(renamed, purposes)], question(), emptyWorld))).toEqual(['prohibited'])
  })
  it('but not against other purposes, actions or data classes', () => {
    for (const other of [{ purpose: ['dpv:Marketing'] }, { action: 'export' }, { target: 'health_file' }]) expect(ask(forbid(other)).outcome).toBe('permit')
  })
})

describe('conditions', () => {
  const at = '2026-06-10T09:30:00Z'
  it.each<[string, unknown, Partial<Question>, boolean]>([
    ['dateTime lt', { leftOperand: 'dateTime', operator: 'lt', rightOperand: at }, {}, false],
    ['dateTime lteq', { leftOperand: 'dateTime', operator: 'lteq', rightOperand: at }, {}, true],
    ['dateTime gt', { leftOperand: 'dateTime', operator: 'gt', rightOperand: at }, {}, false],
    ['dateTime gteq', { leftOperand: 'dateTime', operator: 'gteq', rightOperand: at }, {}, true],
    ['dateTime eq', { leftOperand: 'dateTime', operator: 'eq', rightOperand: at }, {}, true],
    ['dateTime neq', { leftOperand: 'dateTime', operator: 'neq', rightOperand: at }, {}, false],
    ['timeOfDay gteq', { leftOperand: 'timeOfDay', operator: 'gteq', rightOperand: '09:31' }, {}, false],
    ['timeOfDay lt', { leftOperand: 'timeOfDay', operator: 'lt', rightOperand: '09:31' }, {}, true],
    ['dayOfWeek eq', { leftOperand: 'dayOfWeek', operator: 'eq', rightOperand: 'tue' }, {}, false],
    ['dayOfWeek isAnyOf', { leftOperand: 'dayOfWeek', operator: 'isAnyOf', rightOperand: ['mon', 'wed'] }, {}, true],
    ['recipient neq', { leftOperand: 'recipient', operator: 'neq', rightOperand: 'bank-one' }, {}, false],
    ['recipient isAnyOf', { leftOperand: 'recipient', operator: 'isAnyOf', rightOperand: ['bank-one'] }, {}, true],
    ['spatial eq', { leftOperand: 'spatial', operator: 'eq', rightOperand: 'GB' }, { spatial: 'GB-SCT' }, false],
    ['spatial isA', { leftOperand: 'spatial', operator: 'isA', rightOperand: 'GB' }, { spatial: 'GB-SCT' }, true],
    ['purpose eq', { leftOperand: 'purpose', operator: 'eq', rightOperand: 'loan_application' }, { purpose: 'first_home_loan' }, false],
    ['purpose isA', { leftOperand: 'purpose', operator: 'isA', rightOperand: 'loan_application' }, { purpose: 'first_home_loan' }, true],
  ])('%s', (_, constraint, asked, holds) => expect(ask(under(constraint), asked).outcome).toBe(holds ? 'permit' : 'deny'))

  it('say which operand failed, and tell missing facts from unmet ones', () => {
    const abroad = under({ leftOperand: 'spatial', operator: 'isAnyOf', rightOperand: ['DE', 'AT'] })
    expect(ask(abroad, { spatial: 'FR' })).toMatchObject({ reasons: [{ code: 'place_not_permitted', operand: 'spatial', rule: 'loan' }] })
    expect(ask(abroad)).toMatchObject({ reasons: [{ code: 'condition_unknown', operand: 'spatial' }] })
  })

  it('count the act asked for: with "lteq 5" the sixth is refused', () => {
    const five = under({ leftOperand: 'count', operator: 'lteq', rightOperand: 5, window: 'P1D', per: 'subject' })
    const [need] = requiredCounts([compiled(five)], question())
    expect(need).toEqual({ key: 'bank-one/loan/subject/P1D', policy: 'bank-one', rule: 'loan', per: 'subject', windowSeconds: 86_400 })
    const times = (before: number) => ask(five, {}, { counts: new Map([[need!.key, before]]) })
    expect(times(4).outcome).toBe('permit')
    expect(codes(times(5))).toEqual(['count_exhausted'])
    expect(codes(ask(five))).toEqual(['condition_unknown'])
  })

  it('measure elapsed time from the beginning of access', () => {
    const month = under({ leftOperand: 'elapsedTime', operator: 'lteq', rightOperand: 'P30D' })
    expect(ask(month, {}, { accessSince: '2026-05-11T09:30:00.000Z' as typeof wednesday }).outcome).toBe('permit')
    expect(codes(ask(month, {}, { accessSince: '2026-05-11T09:29:59.999Z' as typeof wednesday }))).toEqual(['outside_time'])
    expect(codes(ask(month))).toEqual(['condition_unknown'])
  })

  it('of the result’s form hold for a query that says its form, and for nothing else', () => {
    const offer = withRule({
      action: 'query',
      target: 'hospital.admissions',
      constraint: [{ leftOperand: 'resultForm', operator: 'isAnyOf', rightOperand: ['pseudonymised', 'anonymised'] }],
    })
    const about = { action: 'query', recordType: 'hospital.admissions' } as const
    expect(ask(offer, { ...about, resultForm: 'pseudonymised' }).outcome).toBe('permit')
    expect(codes(ask(offer, { ...about, resultForm: 'identifiable' }))).toEqual(['form_not_permitted'])
    expect(codes(ask(offer, about))).toEqual(['condition_unknown'])
    expect(codes(ask(offer, { ...about, recordType: 'hospital.deaths', resultForm: 'pseudonymised' }))).toEqual(['no_rule'])
  })

  it('of the linkage hold for a query that says how it links, or that it does not', () => {
    const offer = withRule({
      action: 'query',
      target: 'hospital.admissions',
      constraint: [{ leftOperand: 'linkage', operator: 'isAnyOf', rightOperand: ['none', 'session'] }],
    })
    const about = { action: 'query', recordType: 'hospital.admissions' } as const
    expect(ask(offer, { ...about, linkage: 'none' }).outcome).toBe('permit')
    expect(ask(offer, { ...about, linkage: 'session' }).outcome).toBe('permit')
    expect(codes(ask(offer, { ...about, linkage: 'deterministic' }))).toEqual(['linkage_not_permitted'])
    expect(codes(ask(offer, about))).toEqual(['condition_unknown'])
  })

  it('a standing is asked of partners, and what is none of a partner permits nothing', () => {
    const good = under({ leftOperand: 'standing', operator: 'eq', rightOperand: 'active' })
    expect(ask(good, { standing: 'active' }).outcome).toBe('permit')
    expect(codes(ask(good, { standing: 'sanctioned' }))).toEqual(['standing_not_permitted'])
    expect(codes(ask(good))).toEqual(['condition_unknown'])
    const never = draft({
      prohibition: [{ uid: 'no', action: '*', target: '*', constraint: [{ leftOperand: 'standing', operator: 'neq', rightOperand: 'active' }] }],
    })
    expect(ask(never, { standing: 'active' }).outcome).toBe('permit')
    for (const standing of ['expired', 'sanctioned'] as const) expect(codes(ask(never, { standing }))).toEqual(['prohibited'])
    // Whoever is no partner has no standing, and a prohibition holds unless it can be told that it does not.
    expect(codes(ask(never))).toEqual(['prohibited'])
  })

  it('combine in groups: what is unknown decides nothing by itself', () => {
    const here = { leftOperand: 'spatial', operator: 'eq', rightOperand: 'DE' }
    const yes = { leftOperand: 'dayOfWeek', operator: 'eq', rightOperand: 'wed' }
    const no = { leftOperand: 'dayOfWeek', operator: 'eq', rightOperand: 'sun' }
    expect(ask(under({ or: [here, yes] })).outcome).toBe('permit')
    expect(codes(ask(under({ or: [here, no] })))).toEqual(['condition_unknown'])
    expect(codes(ask(under({ and: [here, no] })))).toEqual(['condition_not_met'])
    expect(codes(ask(under({ and: [here, yes] })))).toEqual(['condition_unknown'])
  })
})

describe('consent', () => {
  it('is asked exactly where the basis is consent', () => {
    expect(requiresConsent([compiled(draft())], question())).toBe(false)
    expect(requiresConsent([compiled(consented)], question())).toBe(true)
    expect(requiresConsent([compiled(consented)], question({ purpose: 'dpv:Marketing' }))).toBe(false)
    expect(requiresConsent([compiled(consented)], question({ requested: ['income'] }))).toBe(false)
    expect(requiresConsent([compiled(consented)], question({ recipient: 'bank-two' }))).toBe(false)
  })

  it.each<[string, Partial<Consent>, boolean]>([
    ['for the same purpose', {}, true],
    ['for a broader purpose', { purpose: 'dpv:ServiceProvision' }, true],
    ['for a narrower purpose', { purpose: 'first_home_loan' }, false],
    ['for another recipient', { recipients: ['bank-two'] }, false],
    ['for every recipient', { recipients: ['*'] }, true],
    ['for another data class', { dataClasses: ['health_file'] }, false],
  ])('%s', (_, changes, holds) => {
    expect(ask(consented, {}, { consents: [{ ...consent, ...changes }] })).toMatchObject(
      holds ? { outcome: 'permit', consentIds: ['c1'] } : { outcome: 'deny' },
    )
  })

  it('carries only its own fields, and the decision says on what each rests', () => {
    const policy = draft({
      permission: [
        loanRule,
        {
          ...loanRule,
          uid: 'income',
          legal_basis: { basis: 'dpv:Consent' },
          fields: { income: { mask: 'keep' }, name: { mask: 'redact' } },
          token_ttl_max_seconds: 60,
        },
      ],
    })
    expect(ask(policy)).toMatchObject({ rules: [{ rule: 'loan' }], consentIds: [], ttlMaxSeconds: 300, dropped: [{ name: 'income', code: 'no_consent' }] })
    expect(ask(policy, {}, { consents: [consent] })).toMatchObject({
      fields: [{ name: 'name', mask: { mask: 'keep' }, rule: 'loan' }, { name: 'iban' }, { name: 'income', rule: 'income' }],
      bases: [
        { rule: 'loan', basis: 'eu-gdpr:A6-1-b', law: 'Loan contract' },
        { rule: 'income', basis: 'dpv:Consent' },
      ],
      consentIds: ['c1'],
      ttlMaxSeconds: 60,
    })
  })

  it('refused looks to the partner exactly like an unknown person', () => {
    const refusal = ask(consented)
    expect(refusal.outcome === 'deny' && partnerReasons(refusal.reasons)).toEqual(partnerReasons([{ code: 'not_available' }]))
    expect(partnerReasons([{ code: 'no_rule' }, { code: 'no_consent', rule: 'loan' }])).toEqual([{ code: 'not_available' }])
  })
})

it('hands on the duties of the rules it used', () => {
  const duty = [{ action: 'log' }, { action: 'delete', after: 'P30D' }]
  expect(ask(withRule({ duty }))).toMatchObject({
    obligations: [
      { rule: 'loan', duty: duty[0] },
      { rule: 'loan', duty: duty[1] },
    ],
  })
})

describe('whatever the policy', () => {
  const all = fc.tuple(arbitraryPolicy, arbitraryQuestion, arbitraryWorld)

  it('a policy that parses is decided without an exception, and a permit rests on rules that say so', () => {
    fc.assert(
      fc.property(all, ([json, asked, world]) => {
        const policy = compiled(json)
        requiresConsent([policy], asked)
        requiredCounts([policy], asked)
        const decision = decide([policy], asked, world)
        if (decision.outcome === 'deny') {
          expect(decision.reasons).not.toEqual([])
          return
        }
        for (const field of decision.fields) {
          const rule = policy.policy.permission.find((one) => one.uid === field.rule)
          expect(rule).toMatchObject({ action: asked.action, target: asked.recordType })
          expect(rule?.purpose.some((granted) => purposes.isA(asked.purpose, granted))).toBe(true)
          expect(Object.keys(rule?.fields ?? {})).toContain(field.name)
          expect(asked.available).toContain(field.name)
        }
        const consenting = decision.bases.some(({ basis }) => basis === 'dpv:Consent')
        expect(decision.consentIds.length > 0).toBe(consenting)
      }),
    )
  })

  it('adding a prohibition never widens', () => {
    fc.assert(
      fc.property(all, arbitraryPolicy, ([json, asked, world], more) => {
        const before = names(decide([compiled(json)], asked, world))
        const added = more.prohibition.map((rule, index) => ({ ...rule, uid: `added-${index}` }))
        const after = names(decide([compiled({ ...json, prohibition: [...json.prohibition, ...added] })], asked, world))
        expect(before).toEqual(expect.arrayContaining([...after]))
      }),
    )
  })

  it('removing a field from a rule never adds a field, but where the rule left it out by name', () => {
    fc.assert(
      fc.property(all, fc.nat(), ([json, asked, world], choice) => {
        const before = names(decide([compiled(json)], asked, world))
        const permission = json.permission.map((rule, index) => {
          const fields = Object.entries(rule.fields)
          if (index !== choice % json.permission.length || fields.length === 1) return rule
          return { ...rule, fields: Object.fromEntries(fields.filter((_, at) => at !== choice % fields.length)) }
        })
        const after = names(decide([compiled({ ...json, permission })], asked, world))
        // A field may only appear where a rule that left it out ("drop") no longer speaks first.
        const dropped = json.permission.flatMap((rule) =>
          Object.entries(rule.fields)
            .filter(([, mask]) => mask.mask === 'drop')
            .map(([name]) => name),
        )
        expect([...before, ...dropped]).toEqual(expect.arrayContaining([...after]))
      }),
    )
  })

  it('consent changes nothing where it is not required', () => {
    fc.assert(
      fc.property(all, ([json, asked, world]) => {
        const policy = compiled(json)
        if (requiresConsent([policy], asked)) return
        expect(decide([policy], asked, { ...world, consents: [] })).toEqual(decide([policy], asked, world))
      }),
    )
  })

  it('every action can be asked', () => {
    for (const action of actionNames) expect(ask(withRule({ action }), { action }).outcome).toBe('permit')
  })
})

it('a decision takes at most 20 microseconds of a processor', () => {
  const rules = Array.from({ length: 20 }, (_, index) => ({ ...loanRule, uid: `rule-${index}`, target: index === 19 ? 'loan_file' : `other_${index}` }))
  const policies = [compiled(draft({ permission: rules }))]
  const asked = question({ available: Array.from({ length: 20 }, (_, index) => `field_${index}`).concat('name', 'iban') })
  const times = Array.from({ length: 20 }, () => {
    const start = process.cpuUsage()
    for (let index = 0; index < 1_000; index++) decide(policies, asked, emptyWorld)
    return process.cpuUsage(start).user / 1_000
  })
  expect(Math.min(...times)).toBeLessThan(20)
})
