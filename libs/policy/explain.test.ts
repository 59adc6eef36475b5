import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide } from './decide.ts'
import { explainDecision, explainPolicy } from './explain.ts'
import { emptyWorld } from './question.ts'
import { arbitraryPolicy } from './testing/arbitrary.ts'
import { compiled, draft, purposes, question, withRule } from './testing/policies.ts'

const policyOf = (json: unknown) => compiled(json).policy

describe('in plain words', () => {
  it('a policy tells its prohibitions first', () => {
    const constraint = [{ leftOperand: 'count', operator: 'lteq', rightOperand: 5, window: 'P1D', per: 'subject' }]
    const policy = withRule(
      { constraint, duty: [{ action: 'delete', after: 'P30D' }] },
      { prohibition: [{ uid: 'no-ads', action: '*', target: '*', purpose: ['dpv:Marketing'] }] },
    )
    expect(explainPolicy(policyOf(policy), { purposes }).map(({ sentences }) => sentences)).toEqual([
      ['bank-one may never use any data, for Marketing (dpv:Marketing).'],
      [
        'bank-one may receive loan_file for Loan application (loan_application).',
        'It rests on a contract (GDPR Art. 6(1)(b)): Loan contract.',
        'Fields: name (keep), iban (last n, n 4). Every other field is left out.',
        'Only if it happens at most 5 times within 1 day for each person.',
        'The data is deleted after 30 days.',
      ],
    ])
  })

  it('a rule tells who may do what apart from what it rests on and what limits it', () => {
    const [rule] = explainPolicy(policyOf(withRule({ duty: [{ action: 'log' }] })), { purposes })
    expect(rule).toMatchObject({
      act: 'bank-one may receive loan_file for Loan application (loan_application).',
      basis: 'It rests on a contract (GDPR Art. 6(1)(b)): Loan contract.',
      conditions: [],
      duties: ['Each use is logged.'],
    })
  })

  it('a decision tells what is given, left out and why', () => {
    const policies = [compiled(draft())]
    expect(explainDecision(decide(policies, question(), emptyWorld))).toContain('income is left out: no rule speaks of this field.')
    expect(explainDecision(decide(policies, question({ purpose: 'dpv:Marketing' }), emptyWorld))).toEqual([
      'Refused.',
      'The purpose is not among the permitted ones, nor narrower than one of them (rule loan).',
    ])
  })

  it('every policy that parses can be told', () => {
    fc.assert(
      fc.property(arbitraryPolicy, (json) => {
        for (const { sentences } of explainPolicy(policyOf(json))) for (const text of sentences) expect(text).not.toMatch(/undefined|\[object/)
      }),
    )
  })
})
