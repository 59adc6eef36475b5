import type { Instant } from '@gatehouse/core/instant'
import { beforeAll, describe, expect, it } from 'vitest'
import { runEvent, runEventSchema } from './event.ts'
import { facetsOf, faultsOfEvent, openLineageSchemas, schemasMissing } from './testing/schemas.ts'

const at = '2026-11-22T09:30:00.000Z' as Instant
const run = '01980000-0000-7000-8000-000000000001'
const job = { namespace: 'urn:gatehouse:institution:1', name: 'plans/7' }
const table = { namespace: job.namespace, name: 'tables/hospital.admissions' }
const identity = { ...table, field: 'ward', how: 'IDENTITY', masking: false } as const

const whole = runEvent({
  state: 'COMPLETE',
  at,
  run,
  job,
  parent: { run: '01980000-0000-7000-8000-000000000002', job },
  inputs: [{ ...table, fields: [{ name: 'ward', type: 'string' }], rows: 2_300 }],
  outputs: [
    {
      namespace: job.namespace,
      name: 'results/9',
      fields: [{ name: 'ward' }],
      rows: 40,
      columns: {
        ward: [{ ...identity, how: 'TRANSFORMATION', description: 'generalisation, level 2' }],
        person: [{ ...table, field: 'nhs_number', how: 'TRANSFORMATION', masking: true }],
        '*': [{ ...table, field: 'admitted_on', how: 'FILTER', masking: false }],
      },
    },
  ],
})

it('a direct transformation is told from what only decides which rows there are, and a pseudonym is masking', () => {
  expect(whole.outputs[0]?.facets?.columnLineage).toMatchObject({
    fields: { person: { inputFields: [{ field: 'nhs_number', transformations: [{ type: 'DIRECT', subtype: 'TRANSFORMATION', masking: true }] }] } },
    dataset: [{ field: 'admitted_on', transformations: [{ type: 'INDIRECT', subtype: 'FILTER' }] }],
  })
  expect(runEventSchema.parse(whole)).toEqual(whole)
})

describe.skipIf(schemasMissing)(`the schemas of OpenLineage 2-0-2${schemasMissing ? ' (skipped: no reference data)' : ''}`, () => {
  let faults: ReturnType<typeof openLineageSchemas>
  beforeAll(() => {
    faults = openLineageSchemas()
  })

  it('refuse an event without a run, and a facet without its members, so they can refuse', () => {
    const { run: _, ...without } = whole
    expect(faults(whole.schemaURL, without)).not.toEqual([])
    expect(faults(facetsOf(whole)[0]?._schemaURL ?? '', {})).not.toEqual([])
  })

  it('take every event that we make, and every facet in it', () => {
    const failed = runEvent({ state: 'FAIL', at, run, job, inputs: [table], outputs: [], reason: 'source_unreachable' })
    for (const event of [whole, failed, runEvent({ state: 'START', at, run, job, inputs: [], outputs: [] })]) expect(faultsOfEvent(faults, event)).toEqual([])
    expect(facetsOf(whole)).toHaveLength(7)
  })
})
