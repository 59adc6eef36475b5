import type { SourceRecord } from '@gatehouse/tabular/value'
import { describe, expect, it } from 'vitest'
import { measureLinks } from '../evaluate/measures.ts'
import { truthOfPeople } from '../evaluate/truth.ts'
import { linkerOf } from '../linker.ts'
import { ifThere, reference, referenceIsThere, truthOf } from '../testing/records.ts'
import { draftModel, meaningsOf } from './draft-model.ts'

const gp = [
  { patient_id: 'G1', first_name: 'Ada', last_name: 'Archer', dob: '31/01/1980', postcode: 'YO10 5DD', nhs_number: '9434765919', sex: 'F' },
  { patient_id: 'G2', first_name: 'Ben', last_name: 'Bello', dob: '12/11/1975', postcode: 'LS1 4AP', nhs_number: '4010232137', sex: 'M' },
]
const hospital = gp.map(({ patient_id, ...rest }) => ({ mrn: patient_id, ...rest }))

describe('the draft of a model', () => {
  it('is refused where nothing tells people apart, in words that name no value', () => {
    expect(() => draftModel('dedupe', meaningsOf([[{ colour: 'secret-green', size: 4 }]]))).toThrow(/no columns of these sources/)
    expect(() => draftModel('dedupe', meaningsOf([[{ sex: 'F' }]]))).toThrow('write the model')
  })

  it('compares what columns mean, by shared columns only, and never a source’s own numbers', () => {
    const model = draftModel('link', meaningsOf([gp, hospital]))
    expect(model.compare.map(({ kind, columns }) => [kind, ...columns])).toEqual([
      ['name', 'first_name', 'last_name'],
      ['name', 'last_name', 'first_name'],
      ['dateOfBirth', 'dob'],
      ['postcode', 'postcode'],
      ['nhsNumber', 'nhs_number'],
      ['exact', 'sex'],
    ])
    expect(model.columns.dob).toMatchObject({ form: 'date', order: 'dmy' })
    expect(model.block.map(({ name }) => name)).toContain('prefix 1 of last_name + dob')
    expect(model.forbid[0]?.when).toContainEqual({ comparison: 'nhs_number', levels: ['missing', 'different'] })
    expect(JSON.stringify(model)).not.toMatch(/patient_id|mrn|Archer/)
  })
})

describe.skipIf(!referenceIsThere)(`a draft that nobody has touched${ifThere}`, () => {
  const without = (column: string, records: readonly SourceRecord[]) => records.slice(0, 1_000).map(({ [column]: _, ...rest }) => rest)

  it('links people between two files', () => {
    const sources = [reference('febrl4a.csv'), reference('febrl4b.csv')]
    const model = draftModel('link', meaningsOf(sources.map(({ records }) => without('rec_id', records))))
    const linker = linkerOf(model, sources).train()
    const people = truthOf(sources, (record) => String(record.rec_id).split('-')[1])
    const found = measureLinks(linker.predict({ atLeast: 0.5 }), truthOfPeople(people, 'link', linker.table.sources.offsets))
    expect(found.precision).toBeGreaterThanOrEqual(0.999)
    expect(found.recall).toBeGreaterThanOrEqual(0.99)
  })

  it('finds people’s records within one file, with twins, married names and swapped dates among them', () => {
    const source = reference('uk_three_sites_dev.csv')
    const linker = linkerOf(draftModel('dedupe', meaningsOf([without('person_id', source.records)])), [source]).train()
    const people = truthOf([source], (record) => record.person_id)
    const found = measureLinks(linker.predict({ atLeast: 0.9 }), truthOfPeople(people, 'dedupe', linker.table.sources.offsets))
    expect(found.precision).toBeGreaterThanOrEqual(0.985)
    expect(found.recall).toBeGreaterThanOrEqual(0.972)
  })
})
