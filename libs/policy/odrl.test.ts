import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromOdrlSet, toOdrlSet } from './odrl.ts'
import { arbitraryPolicy } from './testing/arbitrary.ts'
import { compiled, draft, parse } from './testing/policies.ts'

const policyOf = (json: unknown) => compiled(json).policy

describe('an ODRL Set', () => {
  it('of another type or profile is refused', () => {
    expect(fromOdrlSet(null)).toMatchObject({ errors: [{ pointer: '/@type' }] })
    expect(fromOdrlSet({ ...toOdrlSet(policyOf(draft())), '@type': 'Offer' })).toMatchObject({ errors: [{ pointer: '/@type' }] })
    expect(fromOdrlSet({ ...toOdrlSet(policyOf(draft())), profile: 'x' })).toMatchObject({ errors: [{ pointer: '/profile' }] })
  })

  it('with something this profile does not know is refused by parsing, not trimmed', () => {
    const read = fromOdrlSet({ ...toOdrlSet(policyOf(draft())), obligation: [] })
    expect(read.ok && parse(read.document).ok).toBe(false)
  })

  it('comes back as the policy it was made from', () => {
    fc.assert(
      fc.property(arbitraryPolicy, (json) => {
        const policy = policyOf(json)
        const read = fromOdrlSet(JSON.parse(JSON.stringify(toOdrlSet(policy))))
        expect(read.ok && parse(read.document)).toEqual({ ok: true, policy })
      }),
    )
  })

  it("speaks ODRL's words", () => {
    expect(toOdrlSet(policyOf(draft()))).toMatchObject({
      '@type': 'Set',
      assignee: 'urn:gatehouse:party:bank-one',
      permission: [
        {
          action: 'odrl:distribute',
          target: 'urn:gatehouse:record-type:loan_file',
          constraint: [{ leftOperand: 'purpose', operator: 'isAnyOf', rightOperand: { '@list': ['urn:gatehouse:purpose:loan_application'] } }],
        },
      ],
    })
  })
})
