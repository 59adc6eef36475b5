import { describe, expect, it } from 'vitest'
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
    expect(model.block.map(({ name }) => name)).toContain('last_name + dob')
    expect(model.forbid).toHaveLength(1)
    expect(JSON.stringify(model)).not.toMatch(/patient_id|mrn|Archer/)
  })
})
