import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparePolicies } from './compare.ts'
import { arbitraryPolicy } from './testing/arbitrary.ts'
import { compiled, draft, loanRule, withRule } from './testing/policies.ts'

const policyOf = (json: unknown) => compiled(json).policy

describe('two versions', () => {
  const changes = (before: unknown, after: unknown) =>
    comparePolicies(policyOf(before), policyOf(after)).map(({ kind, rule, pointer, effect }) => [kind, rule, pointer, effect])

  it('that are alike have no changes', () => expect(changes(draft(), draft())).toEqual([]))

  it('differ in rules, fields, masks, members and order', () => {
    const second = { ...loanRule, uid: 'second' }
    const never = { uid: 'never', action: '*', target: '*' }
    expect(changes(draft(), draft({ title: 'New', permission: [second, { ...loanRule, duty: [{ action: 'log' }] }], prohibition: [never] }))).toEqual([
      ['changed', undefined, '/title', 'either'],
      ['rule_added', 'second', '', 'wider'],
      ['changed', 'loan', '/duty', 'either'],
      ['rule_added', 'never', '', 'narrower'],
    ])
    expect(changes(draft({ prohibition: [never] }), draft())).toEqual([['rule_removed', 'never', '', 'wider']])
    expect(changes(draft({ permission: [loanRule, second] }), draft({ permission: [second, loanRule] }))).toEqual([
      ['changed', undefined, '/permission', 'either'],
    ])
    expect(
      changes(
        withRule({ fields: { name: { mask: 'redact' }, iban: { mask: 'keep' } } }),
        withRule({ fields: { name: { mask: 'keep' }, constructor: { mask: 'keep' } } }),
      ),
    ).toEqual([
      ['mask_changed', 'loan', '/fields/name', 'wider'],
      ['field_removed', 'loan', '/fields/iban', 'narrower'],
      ['field_added', 'loan', '/fields/constructor', 'wider'],
    ])
  })

  it('are told apart exactly when they differ', () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryPolicy, (left, right) => {
        const [before, after] = [policyOf(left), policyOf(right)]
        expect(comparePolicies(before, before)).toEqual([])
        const ordered = (value: unknown) =>
          JSON.stringify(value, (_, member) =>
            member && typeof member === 'object' && !Array.isArray(member) ? Object.fromEntries(Object.entries(member).sort()) : member,
          )
        expect(comparePolicies(before, after).length > 0).toBe(ordered(before) !== ordered(after))
      }),
    )
  })
})
