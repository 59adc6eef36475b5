/** Documents for the tests: one small policy that everything varies. */
import { profileIri } from '@gatehouse/policy/document'

export const rule = {
  uid: 'decide',
  action: 'release',
  target: 'employee',
  purpose: ['dpv:ServiceProvision'],
  legal_basis: { basis: 'dpv:Contract', law: 'Loan contract' },
  fields: { full_name: { mask: 'keep' }, national_id: { mask: 'last_n', n: 4 }, badge: { mask: 'token' } },
}

export const document = (uid: string, changes: Record<string, unknown> = {}) => ({
  uid,
  type: 'Set',
  profile: profileIri,
  title: 'Loans',
  assignee: 'harbour-bank',
  permission: [rule],
  ...changes,
})

export const withRule = (uid: string, changes: Record<string, unknown>, policy: Record<string, unknown> = {}) =>
  document(uid, { permission: [{ ...rule, ...changes }], ...policy })
