import type { Instant } from '@gatehouse/core/instant'
import { jsonLdGraph } from '@gatehouse/runtime/base/testing/json-ld-graph'
import type { Store, Term } from 'n3'
import { beforeAll, expect, it } from 'vitest'
import { runEvent } from './event.ts'
import { provContext, provNodes } from './prov.ts'

const run = '01980000-0000-7000-8000-000000000001'
const job = { namespace: 'urn:gatehouse:institution:1', name: 'plans/7' }
const table = { namespace: job.namespace, name: 'tables/hospital.admissions' }
const result = { namespace: job.namespace, name: 'results/9' }
const [begun, done] = ['2026-11-22T09:30:00.000Z', '2026-11-22T09:31:00.000Z'] as [Instant, Instant]
const events = [
  runEvent({ state: 'START', at: begun, run, job, inputs: [table], outputs: [] }),
  runEvent({
    state: 'COMPLETE',
    at: done,
    run,
    job,
    inputs: [table],
    outputs: [
      {
        ...result,
        columns: {
          'ward name': [{ ...table, field: 'ward', how: 'TRANSFORMATION', masking: false, description: 'generalisation, level 2' }],
          '*': [{ ...table, field: 'admitted on', how: 'FILTER', masking: false }],
        },
      },
    ],
  }),
]

let graph: Store
beforeAll(async () => {
  graph = await jsonLdGraph(JSON.stringify({ '@context': provContext, '@graph': events.flatMap(provNodes) }))
})

const prov = (word: string) => `http://www.w3.org/ns/prov#${word}`
const termsOf = (subject: Term | string, word: string) => graph.getObjects(subject, prov(word), null)
const objectsOf = (subject: Term | string, word: string) => termsOf(subject, word).map(({ value }) => value)
const activity = `urn:uuid:${run}`
const [whole, column] = ['urn:gatehouse:institution:1:results/9', 'urn:gatehouse:institution:1:results/9#ward%20name']
const source = 'urn:gatehouse:institution:1:tables/hospital.admissions'

it('a run is one activity, whichever events told of it: when it began and ended, what it used, who did it and by which plan', () => {
  expect(objectsOf(activity, 'startedAtTime')).toEqual([begun])
  expect(objectsOf(activity, 'endedAtTime')).toEqual([done])
  expect(objectsOf(activity, 'used')).toEqual([source])
  expect(objectsOf(activity, 'wasAssociatedWith')).toEqual([job.namespace])
  const plans = termsOf(activity, 'qualifiedAssociation').flatMap((association) => objectsOf(association, 'hadPlan'))
  expect(new Set(plans)).toEqual(new Set([`${job.namespace}:plans/7`]))
})

it('a result is an entity that the run made of its tables, and so is each of its columns, with what was done', () => {
  expect(objectsOf(whole, 'wasGeneratedBy')).toEqual([activity])
  expect(objectsOf(whole, 'wasDerivedFrom')).toEqual([source])
  expect(objectsOf(column, 'wasDerivedFrom')).toEqual([`${source}#ward`])
  const how = termsOf(column, 'qualifiedDerivation').flatMap((one) => graph.getObjects(one, 'http://purl.org/dc/terms/description', null))
  expect(how.map(({ value }) => value)).toEqual(['TRANSFORMATION, generalisation, level 2'])
  const chosen = termsOf(whole, 'qualifiedDerivation').flatMap((one) => objectsOf(one, 'entity'))
  expect(chosen).toEqual([`${source}#admitted%20on`])
})

it('every subject and object is a name by which it can be found again, or is said in place', () => {
  for (const { subject, object } of graph.getQuads(null, null, null, null))
    for (const term of [subject, object]) if (term.termType === 'NamedNode') expect(term.value).toMatch(/^(urn:|http:)[^\s<>"{}|\\^`]+$/)
})
