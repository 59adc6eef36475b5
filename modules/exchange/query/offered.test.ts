import { queryPlanSchema } from '@gatehouse/query/plan/schema'
import { expect, it } from 'vitest'
import { columnsOf } from './offered.ts'
import { hospitalPlan } from './testing/query.ts'

it('what an offer is asked about is every column that a plan touches: given out, linked by, checked, or asked by a filter alone', () => {
  const plan = queryPlanSchema.parse({
    ...hospitalPlan,
    sources: [
      { as: 'patients', table: 'hospital.patients', where: { not: { all: [{ column: 'ward', is: 'eq', value: 'hospice' }] } } },
      { as: 'stays', table: 'hospital.stays' },
    ],
    prepare: {
      patients: [
        { do: 'rename', column: 'dob', to: 'born' },
        { do: 'require', column: 'born', rule: 'present' },
      ],
    },
  })
  expect(columnsOf(plan, 'patients').sort()).toEqual(['birth_year', 'dob', 'patient_number', 'town', 'ward'])
  expect(columnsOf(plan, 'stays').sort()).toEqual(['diagnosis', 'patient_number'])
})
