import { describe, expect, it } from 'vitest'
import { faultsAt, put } from '../../../ui/json/document.ts'
import { asPolicy, freeUid, newPermission, newProhibition } from './document.ts'

const rule = {
  uid: 'rule',
  action: 'release',
  target: 'employee',
  purpose: ['loan'],
  legal_basis: { basis: 'dpv:Consent' },
  fields: { name: { mask: 'keep' } },
}
const document = { uid: 'loans', title: 'Loans', assignee: '*', extra: 1, permission: [rule], prohibition: [] }

describe('a document in forms', () => {
  it.each([
    ['a text', 'loans'],
    ['a list', []],
    ['one without a title', { ...document, title: undefined }],
    ['a rule that is none', { ...document, permission: [1] }],
    ['a purpose that is no list', { ...document, permission: [{ ...rule, purpose: 'loan' }] }],
    ['a mask without a name', { ...document, permission: [{ ...rule, fields: { name: {} } }] }],
    ['conditions that are no objects', { ...document, permission: [{ ...rule, constraint: ['never'] }] }],
    ['a prohibition of the wrong form', { ...document, prohibition: [{ uid: 'no' }] }],
  ])('is left to the JSON view where it is %s', (_, value) => {
    expect(asPolicy(value)).toBeUndefined()
  })

  it('keeps what the forms do not know, and may be without rules', () => {
    expect(asPolicy(document)).toEqual(document)
    expect(asPolicy({ ...document, permission: undefined, prohibition: undefined })).toMatchObject({ permission: [], prohibition: [] })
  })

  it('is changed in one place, in a copy', () => {
    expect(put(document, ['permission', 0, 'fields', 'born'], { mask: 'drop' }).permission[0]?.fields).toEqual({
      name: { mask: 'keep' },
      born: { mask: 'drop' },
    })
    expect(put(document, ['permission', 0, 'fields', 'name'], undefined).permission[0]?.fields).toEqual({})
    expect(put(document, ['permission', 0], undefined).permission).toEqual([])
    expect(put(document, ['permission', 1], 'new').permission).toEqual([rule, 'new'])
    expect(put(document, ['permission', 0, 'constraint', 0], 'new').permission[0]).toMatchObject({ constraint: { 0: 'new' } })
    expect(document.permission).toEqual([rule])
  })

  it('shows a fault at its place and above it, and nowhere else', () => {
    const faults = [{ pointer: '/permission/0/fields/a~1b/n', detail: 'too small' }]
    expect(faultsAt(faults, ['permission', 0, 'fields', 'a/b'])).toBe('too small')
    expect(faultsAt(faults, ['permission', 0, 'fields', 'a'])).toBeUndefined()
    expect(faultsAt(faults, ['permission', 1])).toBeUndefined()
  })

  it('gives a new rule a uid of its own', () => {
    const policy = asPolicy(document)
    if (policy === undefined) throw new Error('it is a policy')
    expect(newPermission(policy)).toMatchObject({ uid: 'rule-2', target: 'employee' })
    expect(newProhibition(policy).uid).toBe('never')
    expect(freeUid(put(policy, ['permission', 1], newPermission(policy)), 'rule')).toBe('rule-3')
  })
})
