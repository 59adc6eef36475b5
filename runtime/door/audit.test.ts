import { describe, expect, it } from 'vitest'
import { auditTextMax, checkFacts } from './audit.ts'
import type { AuditFacts } from './operation.ts'

const long = 'x'.repeat(auditTextMax + 1)

describe('facts that the ledger does not take', () => {
  it.each<[string, unknown, string]>([
    ['free text in the details', { details: { note: long } }, 'note.write.details.note'],
    ['free text in a list', { details: { fields: ['name', long] } }, 'note.write.details.fields.1'],
    ['free text in a list of objects', { details: { rows: [{ a: long }] } }, 'note.write.details.rows.0.a'],
    ['free text as purpose', { purpose: long }, 'note.write.purpose'],
    ['free text as the id of an object', { object: { kind: 'note', id: long } }, 'note.write.object.id'],
    ['null', { details: { a: null } }, 'note.write.details.a'],
    ['a function', { details: { a: () => 1 } }, 'note.write.details.a'],
    ['a bigint', { details: { a: 1n } }, 'note.write.details.a'],
    ['a number that is none', { details: { a: Number.NaN } }, 'note.write.details.a'],
    ['an infinite number', { details: { a: Number.POSITIVE_INFINITY } }, 'note.write.details.a'],
  ])('%s, named by its place and not shown', (_, facts, place) => {
    expect(() => checkFacts('note.write', facts as AuditFacts)).toThrow(TypeError)
    expect(() => checkFacts('note.write', facts as AuditFacts)).toThrow(`${place}: an audit entry`)
    expect(() => checkFacts('note.write', facts as AuditFacts)).not.toThrow(long)
  })
})

it('ids, digests, counts and lists of names pass, up to the limit of a text', () => {
  const facts: AuditFacts = { purpose: 'x'.repeat(auditTextMax), details: { count: 3, held: true, fields: ['name'], batches: [{ digest: 'ab', rows: 2 }] } }
  expect(() => checkFacts('note.write', facts)).not.toThrow()
  expect(() => checkFacts('note.write', {})).not.toThrow()
})
