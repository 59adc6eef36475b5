/** Policies and questions for the tests: one small policy that everything varies. */
import type { Instant } from '@gatehouse/core/instant'
import { type CompiledPolicy, compilePolicy } from '../compile.ts'
import { profileIri } from '../document.ts'
import { parsePolicy, type ValidateMask } from '../parse.ts'
import { type OwnPurpose, purposeTree } from '../purposes.ts'
import type { Question } from '../question.ts'

export const own: readonly OwnPurpose[] = [
  { slug: 'loan_application', parent: 'sector-finance:LoanServiceProvision' },
  { slug: 'first_home_loan', parent: 'loan_application' },
]
export const purposes = purposeTree(own)

/** Knows the kinds the tests use, and refuses the rest as the real validator does. */
export const validateMask: ValidateMask = (mask) =>
  ['keep', 'drop', 'redact', 'last_n'].includes(mask.mask) ? [] : [{ pointer: '/mask', detail: `there is no mask "${mask.mask}"` }]

export const loanRule = {
  uid: 'loan',
  action: 'release',
  target: 'loan_file',
  purpose: ['loan_application'],
  legal_basis: { basis: 'eu-gdpr:A6-1-b', law: 'Loan contract' },
  fields: { name: { mask: 'keep' }, iban: { mask: 'last_n', n: 4 } },
}

export const draft = (changes: Record<string, unknown> = {}) => ({
  uid: 'bank-one',
  type: 'Set',
  profile: profileIri,
  title: 'Loans for Bank One',
  assignee: 'bank-one',
  permission: [loanRule],
  prohibition: [],
  ...changes,
})

/** A policy with one permission, changed as the test says. */
export const withRule = (changes: Record<string, unknown>, policy: Record<string, unknown> = {}) =>
  draft({ permission: [{ ...loanRule, ...changes }], ...policy })

export const parse = (json: unknown) => parsePolicy(json, { validateMask, purposes })

export function compiled(json: unknown): CompiledPolicy {
  const read = parse(json)
  if (!read.ok) throw new Error(JSON.stringify(read.errors))
  return compilePolicy(read.policy, purposes)
}

/** Wednesday, 10 June 2026, half past nine. */
export const wednesday = '2026-06-10T09:30:00.000Z' as Instant

export const question = (changes: Partial<Question> = {}): Question => ({
  action: 'release',
  recipient: 'bank-one',
  recordType: 'loan_file',
  available: ['name', 'iban', 'income'],
  purpose: 'loan_application',
  at: wednesday,
  ...changes,
})
