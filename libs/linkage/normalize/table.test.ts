import { datasetFrom } from '@gatehouse/tabular/dataset'
import { describe, expect, it } from 'vitest'
import { sourceOf } from '../testing/records.ts'
import { extendTable } from './extend.ts'
import { columnIn, recordTable } from './table.ts'

const forms = { nhs: { form: 'nhs_number' as const, version: 1 as const }, name: { form: 'name' as const, version: 1 as const } }

describe('a table of records', () => {
  it('refuses a source without a column the model uses, and names what there is', () => {
    const source = sourceOf('clinic', [{ name: 'Ada', number: '9434765919' }])
    expect(() => recordTable(forms, [source])).toThrow(
      expect.objectContaining({ fault: 'missing_column', message: 'the source clinic has no column "nhs"; it has name, number' }),
    )
  })

  it('refuses two sources of one name', () => {
    const source = sourceOf('clinic', [{ name: 'Ada', nhs: null }])
    expect(() => recordTable(forms, [source, source])).toThrow(expect.objectContaining({ fault: 'bad_model' }))
    expect(() => extendTable(recordTable(forms, [source]), forms, source)).toThrow(expect.objectContaining({ fault: 'bad_model' }))
  })

  it('counts refused values by reason and repeats none', () => {
    const table = recordTable(forms, [
      sourceOf('clinic', [
        { name: 'Ada', nhs: '9434765918' },
        { name: 'unknown', nhs: '9434765917' },
        { name: null, nhs: '1111111111' },
      ]),
    ])
    expect(columnIn(table, 'nhs').refused).toEqual([
      { because: 'its check digit is wrong', count: 2 },
      { because: 'it stands for a missing value', count: 1 },
    ])
    expect([...columnIn(table, 'name').codes]).toEqual([0, -1, -1])
  })

  it('joins a source that typed a column as numbers with one that did not', () => {
    const typed = datasetFrom(
      [
        { name: 'nhs', type: 'integer', sensitivity: 'plain', nullable: true },
        { name: 'name', type: 'string', sensitivity: 'plain', nullable: true },
      ],
      [
        { nhs: 9434765919, name: 'Ada' },
        { nhs: null, name: 'Bo' },
      ],
    )
    const table = recordTable(forms, [{ name: 'typed', data: typed }, sourceOf('text', [{ nhs: '943 476 5919', name: 'ADA' }])])
    expect([...columnIn(table, 'nhs').codes]).toEqual([0, -1, 0])
    expect([...columnIn(table, 'name').codes]).toEqual([0, 1, 0])
    expect(table.sources.offsets).toEqual([0, 2, 3])
  })

  it('takes new records in as reading all at once would', () => {
    const [first, second] = [
      sourceOf('first', [
        { name: 'Ada', nhs: '9434765919' },
        { name: 'Bo', nhs: null },
      ]),
      sourceOf('second', [
        { name: 'BO', nhs: '9434765919' },
        { name: 'Cy', nhs: null },
      ]),
    ]
    const extended = extendTable(recordTable(forms, [first]), forms, second)
    const whole = recordTable(forms, [first, second])
    expect(extended.sources).toEqual(whole.sources)
    for (const name of Object.keys(forms)) {
      const { codes, values, counts } = columnIn(whole, name)
      expect(columnIn(extended, name)).toMatchObject({ codes, values, counts })
    }
  })
})
