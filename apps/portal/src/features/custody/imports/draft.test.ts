import { describe, expect, it } from 'vitest'
import { type Draft, draftFrom, draftOf, faultsIn, mappingOf } from './draft.ts'

const field = (column: string) => ({ column, name: column, type: 'string' as const, sensitivity: 'plain' as const, nullable: true, reason: 'It is text.' })
const draft = draftOf({ fields: [field('id'), field('name'), field('note')], subject: { column: 'id' } }, 'customer')
const leaving = (...columns: string[]): Draft => ({ ...draft, columns: draft.columns.map((row) => ({ ...row, kept: !columns.includes(row.column) })) })

describe('a mapping that is being made', () => {
  it('keeps what is proposed, and tells a missing subject by an empty one', () => {
    expect(mappingOf(draft)).toMatchObject({ record_type: 'customer', subject: 'id', fields: { id: { name: 'id' }, name: {}, note: {} } })
    expect(mappingOf(draft)).not.toHaveProperty('drop')
    expect(mappingOf({ ...draft, subject: null }).subject).toBe('')
  })

  it('drops by name what is not kept, but for the subject, which is then read and not stored', () => {
    const mapping = mappingOf(leaving('id', 'note'))
    expect(mapping.drop).toEqual(['note'])
    expect(Object.keys(mapping.fields)).toEqual(['name'])
  })

  it('comes back from its own JSON as it was', () => {
    const before = leaving('note')
    expect(draftFrom(JSON.parse(JSON.stringify(mappingOf(before))), before)).toEqual(before)
  })

  it.each([null, [], 'x', {}, { record_type: 'a', subject: 'b' }, { record_type: 'a', subject: 'b', fields: { c: 1 } }])(
    'does not take %j for a mapping',
    (value) => {
      expect(draftFrom(value, draft)).toBeUndefined()
    },
  )

  it('shows a column that somebody wrote and the file does not have, so that the refusal has its place', () => {
    const written = { record_type: 'customer', subject: 'id', fields: { 'a/b': {} } }
    expect(draftFrom(written, draft)?.columns.at(-1)).toEqual({ column: 'a/b', kept: true, field: {} })
  })
})

describe('errors of the node', () => {
  it('are brought to their columns, also with strange names', () => {
    const errors = [
      { pointer: '/mapping/fields/a~1b~0c/name', detail: 'taken' },
      { pointer: '/fields/x', detail: 'the file has no such column' },
      { pointer: '/subject', detail: 'missing' },
      { pointer: '/mapping/record_type', detail: 'use lower-case letters' },
    ]
    expect(faultsIn(errors, 'id')).toEqual([
      { column: 'a/b~c', member: 'name', detail: 'taken' },
      { column: 'x', member: undefined, detail: 'the file has no such column' },
      { column: 'id', member: undefined, detail: 'missing' },
      { column: undefined, member: 'record_type', detail: 'use lower-case letters' },
    ])
  })
})
