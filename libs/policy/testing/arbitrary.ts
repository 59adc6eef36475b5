/** Random policies that parse, and questions near enough to them that many are permitted. */

import type { Instant } from '@gatehouse/core/instant'
import fc from 'fast-check'
import { profileIri } from '../document.ts'
import type { Question, World } from '../question.ts'

const field = fc.constantFrom('name', 'iban', 'income')
const purpose = fc.constantFrom('dpv:Purpose', 'dpv:ServiceProvision', 'loan_application', 'first_home_loan', 'dpv:Marketing')
const recipient = fc.constantFrom('bank-one', 'bank-two')
const place = fc.constantFrom('DE', 'GB', 'GB-SCT')
const time = fc.constantFrom('2026-06-10T09:30:00.000Z', '2025-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z')
const mask = fc.constantFrom({ mask: 'keep' }, { mask: 'redact' }, { mask: 'drop' })
const order = fc.constantFrom('lt', 'lteq', 'gt', 'gteq')

const one = fc.oneof(
  fc.record({ leftOperand: fc.constant('dateTime'), operator: order, rightOperand: time }),
  fc.record({ leftOperand: fc.constant('timeOfDay'), operator: order, rightOperand: fc.constantFrom('00:00', '09:30', '23:59') }),
  fc.record({ leftOperand: fc.constant('dayOfWeek'), operator: fc.constant('isAnyOf'), rightOperand: fc.constantFrom(['wed'], ['sat', 'sun']) }),
  fc.record({ leftOperand: fc.constant('elapsedTime'), operator: order, rightOperand: fc.constantFrom('PT1S', 'P30D') }),
  fc.record({ leftOperand: fc.constant('purpose'), operator: fc.constantFrom('eq', 'neq', 'isA'), rightOperand: purpose }),
  fc.record({ leftOperand: fc.constant('recipient'), operator: fc.constantFrom('eq', 'neq'), rightOperand: recipient }),
  fc.record({ leftOperand: fc.constant('spatial'), operator: fc.constantFrom('eq', 'neq', 'isA'), rightOperand: place }),
  fc.record({ leftOperand: fc.constant('resultForm'), operator: fc.constantFrom('eq', 'neq'), rightOperand: fc.constantFrom('pseudonymised', 'anonymised') }),
  fc.record({ leftOperand: fc.constant('linkage'), operator: fc.constantFrom('eq', 'neq'), rightOperand: fc.constantFrom('none', 'session') }),
  fc.record({ leftOperand: fc.constant('standing'), operator: fc.constantFrom('eq', 'neq'), rightOperand: fc.constantFrom('active', 'sanctioned') }),
  fc.record({ leftOperand: fc.constant('count'), operator: fc.constantFrom('lt', 'lteq'), rightOperand: fc.constantFrom(1, 3), per: fc.constant('rule') }),
)
const constraint = fc.oneof(
  { weight: 3, arbitrary: one },
  fc.record({ and: fc.array(one, { minLength: 1, maxLength: 2 }) }),
  fc.record({ or: fc.array(one, { minLength: 1, maxLength: 2 }) }),
)
const constraints = fc.option(fc.array(constraint, { minLength: 1, maxLength: 2 }), { nil: undefined })

const permission = fc.record({
  action: fc.constantFrom('release', 'read'),
  target: fc.constantFrom('loan_file', 'loan_file', 'health_file'),
  purpose: fc.uniqueArray(purpose, { minLength: 1, maxLength: 2 }),
  legal_basis: fc.constantFrom({ basis: 'dpv:Consent' }, { basis: 'dpv:Contract', law: 'Loan contract' }),
  fields: fc.dictionary(field, mask, { minKeys: 1 }),
  constraint: constraints,
  duty: fc.option(
    fc.constantFrom(
      [{ action: 'log' }],
      [
        { action: 'delete', after: 'P30D' },
        { action: 'inform', party: 'subject' },
      ],
    ),
    { nil: undefined },
  ),
})
const prohibition = fc.record({
  action: fc.constantFrom('*', 'release', 'read'),
  target: fc.constantFrom('*', 'loan_file', 'health_file'),
  purpose: fc.option(fc.uniqueArray(purpose, { minLength: 1, maxLength: 2 }), { nil: undefined }),
  fields: fc.option(fc.uniqueArray(field, { minLength: 1 }), { nil: undefined }),
  constraint: constraints,
})
const numbered = <T>(prefix: string, rules: readonly T[]) => rules.map((rule, index) => ({ uid: `${prefix}-${index}`, ...rule }))

export const arbitraryPolicy = fc.record({
  uid: fc.constant('p'),
  type: fc.constant('Set'),
  profile: fc.constant(profileIri),
  title: fc.constant('Any'),
  assigner: fc.option(fc.constant('house'), { nil: undefined }),
  assignee: fc.constantFrom('*', 'bank-one', 'bank-two'),
  token_ttl_max_seconds: fc.option(fc.integer({ min: 1, max: 86_400 }), { nil: undefined }),
  permission: fc.array(permission, { minLength: 1, maxLength: 4 }).map((rules) => numbered('may', rules)),
  prohibition: fc.array(prohibition, { maxLength: 2 }).map((rules) => numbered('not', rules)),
})

export const arbitraryQuestion: fc.Arbitrary<Question> = fc.record(
  {
    action: fc.constantFrom('release' as const, 'read' as const),
    recipient,
    recordType: fc.constantFrom('loan_file', 'loan_file', 'health_file'),
    available: fc.constantFrom(['name', 'iban', 'income'], ['name']),
    requested: fc.array(fc.oneof(field, fc.constant('shoe_size')), { minLength: 1 }),
    purpose,
    at: time as fc.Arbitrary<Instant>,
    spatial: place,
    standing: fc.constantFrom('active' as const, 'sanctioned' as const),
  },
  { requiredKeys: ['action', 'recipient', 'recordType', 'available', 'purpose', 'at'] },
)

export const arbitraryWorld: fc.Arbitrary<World> = fc.record(
  {
    consents: fc.array(
      fc.record({
        id: fc.uuid(),
        purpose,
        recipients: fc.constantFrom(['*'], ['bank-one']),
        dataClasses: fc.constantFrom(['*'], ['loan_file']),
      }),
      { maxLength: 2 },
    ),
    counts: fc.array(fc.tuple(fc.constantFrom('p/may-0/rule/all', 'p/may-1/rule/all', 'p/not-0/rule/all'), fc.nat(3))).map((rows) => new Map(rows)),
    accessSince: fc.constant('2026-06-01T00:00:00.000Z' as Instant),
  },
  { requiredKeys: ['consents', 'counts'] },
)
