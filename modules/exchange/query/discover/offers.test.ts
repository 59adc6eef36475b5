import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { compilePolicy } from '@gatehouse/policy/compile'
import { type Linkage, profileIri, type ResultForm } from '@gatehouse/policy/document'
import { parsePolicy } from '@gatehouse/policy/parse'
import { purposeTree } from '@gatehouse/policy/purposes'
import { validateMask } from '@gatehouse/privacy/mask/spec'
import { describe, expect, it } from 'vitest'
import { decideOffer } from './offers.ts'

const purposes = purposeTree([])
const project = { id: '01980000-0000-7000-8000-0000000000b1' as Id<'project'>, purpose: 'dpv:ScientificResearch' }
const other = '01980000-0000-7000-8000-0000000000b2'
const table = { reference: 'hospital.admissions', columns: [{ name: 'patient' }, { name: 'admitted_on' }, { name: 'ward' }] }
const now = '2026-11-22T09:30:00.000Z' as Instant

const keep = { mask: 'keep' }
const rule = {
  uid: 'rows',
  action: 'query',
  target: table.reference,
  purpose: ['dpv:ScientificResearch'],
  legal_basis: { basis: 'eu-gdpr:A9-2-j', law: 'Research' },
  fields: { patient: keep, admitted_on: keep },
}
let count = 0
function inForce(changes: object, assignee: string = project.id, prohibition: object[] = []) {
  const uid = `offer-${++count}`
  const permission = Object.keys(changes).length === 0 ? [] : [{ ...rule, ...changes }]
  const read = parsePolicy(
    { uid, type: 'Set', profile: profileIri, title: 'Offer', assignee, permission, prohibition },
    { purposes, validateMask: (mask) => validateMask(mask) },
  )
  if (!read.ok) throw new Error(JSON.stringify(read.errors))
  return { policy: uid as Id<'policy'>, version: 1, digest: 'd', compiled: compilePolicy(read.policy, purposes) }
}
const ask = (
  policies: ReturnType<typeof inForce>[],
  more: { form?: ResultForm; linkage?: Linkage; aggregated?: boolean; columns?: string[]; purpose?: string } = {},
) =>
  decideOffer(policies, purposes, table, {
    project: { ...project, purpose: more.purpose ?? project.purpose },
    form: more.form ?? 'pseudonymised',
    linkage: more.linkage ?? 'none',
    aggregated: more.aggregated ?? false,
    columns: more.columns ?? ['patient'],
    now,
  })
const codes = (decision: ReturnType<typeof ask>) => (decision.outcome === 'deny' ? decision.reasons.map(({ code }) => code) : 'permit')
const rows = { uid: 'rows' }

describe('without an offer', () => {
  it('an admitted project gets no rows of people, pseudonymised or not', () => {
    expect(codes(ask([]))).toEqual(['form_not_permitted'])
    expect(codes(ask([], { form: 'identifiable' }))).toEqual(['form_not_permitted'])
  })

  it('it makes anonymised rows and tables of figures, on the strength of the admission alone', () => {
    expect(ask([], { form: 'anonymised', columns: ['patient', 'ward'] })).toEqual({ outcome: 'permit', offers: [] })
    expect(ask([], { form: 'pseudonymised', aggregated: true })).toEqual({ outcome: 'permit', offers: [] })
  })

  it('a prohibition holds all the same, of everything or of columns', () => {
    expect(codes(ask([inForce({}, '*', [{ uid: 'no', action: '*', target: '*' }])], { form: 'anonymised' }))).toEqual(['prohibited'])
    const ward = [inForce({}, '*', [{ uid: 'no', action: '*', target: table.reference, fields: ['ward'] }])]
    expect(codes(ask(ward, { form: 'anonymised', columns: ['patient', 'ward'] }))).toEqual(['prohibited'])
    expect(codes(ask(ward, { form: 'anonymised', columns: ['patient'] }))).toBe('permit')
  })
})

describe('an offer', () => {
  it.each([
    ['to another project', [inForce(rows, other)], {}, ['form_not_permitted']],
    ['for another purpose', [inForce(rows)], { purpose: 'dpv:DirectMarketing' }, ['purpose_not_permitted']],
    ['that is over', [inForce({ constraint: [{ leftOperand: 'dateTime', operator: 'lt', rightOperand: '2026-01-01T00:00:00Z' }] })], {}, ['outside_time']],
    ['for other results', [inForce({ constraint: [{ leftOperand: 'resultForm', operator: 'eq', rightOperand: 'anonymised' }] })], {}, ['form_not_permitted']],
    [
      'for tables that are not linked by evidence',
      [inForce({ constraint: [{ leftOperand: 'linkage', operator: 'isAnyOf', rightOperand: ['none', 'deterministic'] }] })],
      { linkage: 'probabilistic' },
      ['linkage_not_permitted'],
    ],
    ['of rows, where figures are asked for', [inForce(rows)], { aggregated: true }, ['no_rule']],
    ['that lacks a column', [inForce(rows)], { columns: ['patient', 'ward'] }, ['no_field_rule']],
    ['with a column that may only be had masked', [inForce({ fields: { patient: { mask: 'redact' } } })], {}, ['dropped_by_rule']],
    ['that rests on consent, which nobody can tell of a table', [inForce({ legal_basis: { basis: 'dpv:Consent' } })], {}, ['no_consent']],
    [
      'to partners in good standing, for a project of nobody else',
      [inForce({ constraint: [{ leftOperand: 'standing', operator: 'eq', rightOperand: 'active' }] })],
      {},
      ['condition_unknown'],
    ],
    ['that counts', [inForce({ constraint: [{ leftOperand: 'count', operator: 'lteq', rightOperand: 3 }] })], {}, ['condition_unknown']],
  ] as const)('%s permits nothing', (_, policies, more, reasons) => {
    expect(codes(ask([...policies], more as never))).toEqual(reasons)
  })

  it('narrows what the admission would permit: anonymised results too need what it says', () => {
    expect(codes(ask([inForce(rows)], { form: 'anonymised', columns: ['ward'] }))).toEqual(['no_field_left', 'no_field_rule'])
  })

  it('permits its columns for its purpose, and the decision names it by version and digest', () => {
    const offer = inForce(rows)
    expect(ask([inForce(rows, other), offer], { form: 'identifiable', columns: ['patient', 'admitted_on'] })).toEqual({
      outcome: 'permit',
      offers: [{ policy: offer.policy, version: 1, digest: 'd' }],
    })
  })
})
