import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseMapping, rowMapper } from './mapping.ts'
import { isCardNumber, isNhsNumber, isPhone, isSocialSecurityNumber } from './patterns.ts'
import { proposeFields, proposeMapping } from './propose.ts'
import { isFault, parseAll } from './push-parser.ts'
import { recordReader } from './reader.ts'

const column = (name: string, values: (string | null)[]) => {
  const field = proposeFields(values.map((value) => ({ [name]: value }))).fields[0]
  if (!field) throw new Error('no field proposed')
  return field
}
const many = (make: (i: number) => string, count = 200) => Array.from({ length: count }, (_, i) => make(i))

describe('patterns', () => {
  it('ask for the check digit', () => {
    // 943 476 5919 is the example of the NHS Data Dictionary.
    expect(['943 476 5919', '9434765919', '9434765918', '943476591', '0000000001'].map(isNhsNumber)).toEqual([true, true, false, false, false])
    expect(['4111 1111 1111 1111', '4111111111111112', '411'].map(isCardNumber)).toEqual([true, false, false])
  })

  it('tell a phone number from a date or a plain number', () => {
    expect(['+44 20 7946 0018', '(020) 7946 0018', '555-010-9999', '2026-11-22', '9434765919', '12'].map(isPhone)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ])
    expect(['219-09-9999', '000-12-1234', '666-12-1234'].map(isSocialSecurityNumber)).toEqual([true, false, false])
  })
})

describe('a proposal', () => {
  it('takes what nothing explains for sensitive', () => {
    expect(column('qx', ['a b', 'c d'])).toMatchObject({ type: 'string', sensitivity: 'sensitive' })
    expect(column('qx', [null, null])).toMatchObject({ type: 'string', sensitivity: 'sensitive', nullable: true })
    expect(
      column(
        'qx',
        many((i) => String(i * 1.37)),
      ),
    ).not.toHaveProperty('semantic')
  })

  it('does not type what it cannot read whole', () => {
    expect(column('n', ['1', '2', 'x']).type).toBe('string')
    expect(column('n', ['1', '007']).type).toBe('string')
    expect(column('n', ['1', '9007199254740993']).type).toBe('string')
    expect(column('weight', ['71', '70.5'])).toMatchObject({ type: 'number', semantic: 'measurement' })
  })

  it('tells day from month by evidence and says when there is none', () => {
    expect(column('dob', ['03/04/1999', '31/12/1960', '1970-01-01'])).toMatchObject({ type: 'date', date_order: 'dmy', semantic: 'date_of_birth' })
    expect(column('dob', ['03/04/1999', '12/31/1960'])).toMatchObject({ type: 'date', date_order: 'mdy' })
    expect(column('dob', ['19600102', '19991231'])).toMatchObject({ type: 'date', date_order: 'ymd' })
    const unclear = column('dob', ['03/04/1999', '05/06/1960'])
    expect(unclear).toMatchObject({ type: 'date', reason: expect.stringContaining('declare date_order') })
    expect(unclear).not.toHaveProperty('date_order')
    expect(column('seen', ['2026-01-01', '2026-01-02'])).toMatchObject({ type: 'date', semantic: 'event_date' })
    expect(column('at', ['2026-01-01T00:00:00Z'])).toMatchObject({ type: 'instant' })
  })

  it('knows values whatever the heading is', () => {
    expect(column('x1', ['943 476 5919', '9434765919'])).toMatchObject({ semantic: 'national_health_number', sensitivity: 'direct_identifier', type: 'string' })
    expect(column('contact_code', ['ann@example.org', 'b.c@example.com'])).toMatchObject({ semantic: 'email' })
    expect(column('x2', ['YO22 9AJ', 'hx86wh'])).toMatchObject({ semantic: 'postcode', sensitivity: 'quasi_identifier' })
    expect(column('x3', ['+34 600 123 456', '+44 20 7946 0018'])).toMatchObject({ semantic: 'phone' })
    expect(
      column(
        'x4',
        many((i) => `K${i}`),
      ),
    ).toMatchObject({ semantic: 'identifier', sensitivity: 'direct_identifier' })
    expect(
      column(
        'x5',
        many((i) => 'ABC'.charAt(i % 3)),
      ),
    ).toMatchObject({ semantic: 'code', sensitivity: 'plain' })
    expect(
      column(
        'x6',
        many((i) => `${i % 7} and then the patient said that it had hurt since last winter and more`, 30),
      ),
    ).toMatchObject({ semantic: 'free_text' })
  })

  it('reads headings in English and Spanish', () => {
    const headings = {
      'First Name': 'given_name',
      Nombre: 'given_name',
      Apellidos: 'family_name',
      fechaNacimiento: 'date_of_birth',
      'Código Postal': 'postcode',
      Sexo: 'sex',
      Correo: 'email',
      Teléfono: 'phone',
      DNI: 'national_identifier',
      IBAN: 'account_number',
      Saldo: 'amount',
      annual_income: 'amount',
      mobilePhone: 'phone',
      'Home address': 'address',
      customer_id: 'identifier',
      nhs_number: 'national_health_number',
      Ocupación: 'occupation',
    }
    for (const [heading, semantic] of Object.entries(headings)) expect([heading, column(heading, ['x']).semantic]).toEqual([heading, semantic])
  })

  it('names the person by a column that every row has', () => {
    const rows = [
      { row_id: '1', patient_id: 'P1', nhs_number: null },
      { row_id: '2', patient_id: 'P1', nhs_number: '9434765919' },
    ]
    expect(proposeFields(rows).subject).toMatchObject({ column: 'patient_id' })
    expect(proposeFields([{ a: 'x y' }])).not.toHaveProperty('subject')
    expect(proposeFields([{ patient_id: null }])).not.toHaveProperty('subject')
  })

  it('never shows a value and becomes a mapping that reads the rows', () => {
    const rows = [{ 'Patient Id': 'P-Secret', Sex: 'Secret', 'sex ': 'F', dob: '31/12/1960' }]
    const proposal = proposeFields(rows)
    expect(JSON.stringify(proposal)).not.toContain('Secret')
    const parsed = parseMapping(proposeMapping(proposal, 'patient', 'Patient Id'))
    expect(parsed.ok && rowMapper(parsed.value)({ line: 1, record: rows[0]! })).toMatchObject({
      subject: 'P-Secret',
      record: { sex: 'Secret', sex_2: 'F', dob: '1960-12-31' },
    })
  })
})

const file = new URL('../../../shared/data/linkage/uk_three_sites_dev.csv', import.meta.url)

describe.skipIf(!existsSync(file))('the linkage reference file (skipped where the reference data is absent)', () => {
  it('reads whole, is understood, and passes its own mapping', () => {
    const reader = recordReader({ name: file.pathname })
    const items = parseAll(reader, [readFileSync(file)])
    const rows = items.flatMap((item) => (isFault(item) ? [] : [item]))
    expect([items.length, rows.length]).toEqual([17_269, 17_269])

    const proposal = proposeFields(rows.map((row) => row.record))
    const found = Object.fromEntries(proposal.fields.map((field) => [field.column, `${field.semantic} ${field.sensitivity}`]))
    expect(found).toEqual({
      record_id: 'identifier direct_identifier',
      site: 'code plain',
      nhs_number: 'national_health_number direct_identifier',
      first_name: 'given_name direct_identifier',
      surname: 'family_name direct_identifier',
      dob: 'date_of_birth quasi_identifier',
      postcode: 'postcode quasi_identifier',
      sex: 'sex quasi_identifier',
      person_id: 'identifier direct_identifier',
    })
    expect(proposal.subject?.column).toBe('person_id')
    expect(proposal.fields.find((field) => field.column === 'dob')).toMatchObject({ type: 'date', date_order: 'dmy' })

    const map = rowMapper(proposeMapping(proposal, 'patient', 'person_id'))
    expect(rows.filter((row) => isFault(map(row)))).toEqual([])
  })
})
