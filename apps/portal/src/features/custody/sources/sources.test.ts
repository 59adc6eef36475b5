import { describe, expect, it } from 'vitest'
import { begunWith, fieldsOf, valueAt } from './schema-fields.ts'
import { tableNameOf } from './table-name.ts'

const schema = {
  type: 'object',
  properties: {
    host: { type: 'string', description: 'Where it is.' },
    port: { type: 'integer', default: 5432 },
    tls: { type: 'object', properties: { mode: { enum: ['off', 'on'] }, verify: { type: 'boolean' } }, required: ['mode'] },
    schemas: { type: 'array', items: { type: 'string' } },
    auth: { anyOf: [{ type: 'object' }, { type: 'null' }] },
    version: { const: 1 },
  },
  required: ['host', 'port', 'tls'],
}

describe('a form of a schema', () => {
  it('asks nothing where there is no object', () => {
    expect([fieldsOf(undefined), fieldsOf({ type: 'string' }), fieldsOf({ type: 'object' })]).toEqual([[], [], []])
  })

  it('asks each thing in its own way, and leaves to JSON what it cannot ask', () => {
    expect(fieldsOf(schema).map(({ path, kind, required }) => [path.join('/'), kind, required])).toEqual([
      ['host', 'text', true],
      ['port', 'number', false],
      ['tls/mode', 'choice', true],
      ['tls/verify', 'boolean', false],
      ['schemas', 'list', false],
      ['auth', 'json', false],
    ])
    expect(begunWith(fieldsOf(schema))).toEqual({ port: 5432 })
    expect(valueAt({ tls: { mode: 'on' } }, ['tls', 'mode'])).toBe('on')
    expect(valueAt(null, ['tls', 'mode'])).toBeUndefined()
  })

  it('shows a user, and never a password', () => {
    const fields = fieldsOf({ type: 'object', properties: { user: { type: 'string' }, password: { type: 'string' }, token: { type: 'string' } } }, true)
    expect(fields.map(({ kind }) => kind)).toEqual(['text', 'secret', 'secret'])
  })
})

it('proposes a name for a table that a plan takes', () => {
  expect(['Aufnahmen März 2026.csv.gz', '__x__', '…', '9 lives.parquet'].map(tableNameOf)).toEqual(['aufnahmen-marz-2026', 'x', 'table', '9-lives'])
})
