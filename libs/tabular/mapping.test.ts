import { describe, expect, it } from 'vitest'
import { fieldNameOf, parseFields } from './field.ts'
import { checkColumns, fieldsOf, type Mapping, parseMapping, rowMapper } from './mapping.ts'

const pointers = (parsed: ReturnType<typeof parseMapping> | ReturnType<typeof parseFields>) => (parsed.ok ? [] : parsed.errors.map((error) => error.pointer))

const mapping: Mapping = {
  record_type: 'customer',
  subject: 'Customer No',
  drop: ['Internal'],
  fields: {
    'Date of birth': { type: 'date', date_order: 'dmy', semantic: 'date_of_birth' },
    Income: { name: 'annual_income', type: 'integer', nullable: false },
    Shoe: {},
  },
}
const row = { 'Customer No': 'C1', Internal: 'x', 'Date of birth': '22/11/1960', Income: '42000', Shoe: '44' }

describe('fields from outside', () => {
  it('are refused with a pointer to each fault', () => {
    expect(pointers(parseFields({}))).toEqual([''])
    expect(pointers(parseFields([]))).toEqual([''])
    const good = { name: 'a', type: 'string', sensitivity: 'plain', nullable: true }
    expect(pointers(parseFields([good, 7, { ...good, 'a/b': 1 }, good]))).toEqual(['/1', '/2/a~1b', '/3/name'])
    const bad = { name: 'A b', type: 'text', semantic: 'toString', sensitivity: 'secret', nullable: 'no', description: 1 }
    expect(pointers(parseFields([bad]))).toEqual(['/0/name', '/0/type', '/0/semantic', '/0/sensitivity', '/0/nullable', '/0/description'])
  })

  it('are read when right', () => {
    const field = { name: 'a', type: 'date', semantic: 'date_of_birth', sensitivity: 'quasi_identifier', nullable: false, description: 'x' }
    expect(parseFields([field])).toEqual({ ok: true, value: [field] })
  })

  it('take their names from headings', () => {
    expect(['First Name', 'firstName', 'Código postal', '2nd line', ' ID ', '名'].map(fieldNameOf)).toEqual([
      'first_name',
      'first_name',
      'codigo_postal',
      'column_2nd_line',
      'id',
      'column',
    ])
  })
})

describe('a mapping', () => {
  it('is refused with a pointer to each fault', () => {
    expect(pointers(parseMapping(null))).toEqual([''])
    expect(pointers(parseMapping({ extra: 1 }))).toEqual(['/extra', '/record_type', '/subject', '/fields'])
    const bad = {
      record_type: 'customer',
      subject: 'id',
      drop: ['id', 'b'],
      fields: { a: { name: 'x', type: 'text' }, b: { name: 'x', date_order: 'dmy' }, c: 1, 'd/e': { nul: true } },
    }
    expect(pointers(parseMapping(bad))).toEqual([
      '/fields/a/type',
      '/fields/b',
      '/fields/b/date_order',
      '/fields/b/name',
      '/fields/c',
      '/fields/d~1e/nul',
      '/drop',
    ])
    expect(pointers(parseMapping({ ...mapping, fields: {} }))).toEqual(['/fields'])
    expect(pointers(parseMapping(JSON.parse('{"record_type":"a","subject":"id","fields":{"__proto__":{}}}')))).toEqual(['/fields/__proto__'])
  })

  it('is read when right, and held against the header of a file', () => {
    expect(parseMapping(mapping)).toEqual({ ok: true, value: mapping })
    expect(checkColumns(mapping, Object.keys(row))).toEqual([])
    expect(checkColumns(mapping, ['Internal', 'Income', 'Shoe', 'New']).map((problem) => problem.pointer)).toEqual([
      '/subject',
      '/fields/Date of birth',
      '/fields',
    ])
  })

  it('refuses a row by line and column and never shows the value', () => {
    const map = rowMapper(mapping)
    const fault = (change: object) => map({ line: 9, record: { ...row, ...change } })
    expect(fault({ 'Customer No': ' ' })).toMatchObject({ fault: 'missing_subject', line: 9, field: 'Customer No' })
    expect(fault({ 'Customer No': 'x'.repeat(201) })).toMatchObject({ fault: 'missing_subject' })
    expect(fault({ Surprise: 1 })).toMatchObject({ fault: 'unmapped_column', field: 'Surprise' })
    expect(fault({ Income: null })).toMatchObject({ fault: 'missing_value', field: 'Income' })
    const bad = fault({ 'Date of birth': '31/31/1960' })
    expect(bad).toMatchObject({ fault: 'bad_value', line: 9, field: 'Date of birth', message: expect.stringContaining('dmy') })
    expect(JSON.stringify(bad)).not.toContain('1960')
  })

  it('makes a subject and a typed record of a row', () => {
    expect(rowMapper(mapping)({ line: 2, record: row })).toEqual({
      line: 2,
      subject: 'C1',
      record: { date_of_birth: '1960-11-22', annual_income: 42000, shoe: '44' },
    })
    expect(rowMapper(mapping)({ line: 2, record: { 'Customer No': 7, Income: 1 } })).toMatchObject({ subject: '7', record: { date_of_birth: null } })
  })

  it('describes its fields, strict where nothing is said', () => {
    const fields = fieldsOf(mapping)
    expect(fields.map((field) => field.sensitivity)).toEqual(['quasi_identifier', 'sensitive', 'sensitive'])
    expect(parseFields(fields)).toMatchObject({ ok: true })
  })
})
