import type { Id } from '@gatehouse/core/id'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import { nodePrimitives as primitives } from '@gatehouse/crypto/node'
import { parsePlan } from '@gatehouse/query/plan/parse'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { PlanTable } from '@gatehouse/query/plan/table'
import { listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import type { Predicate } from '@gatehouse/tabular/predicate'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CatalogTable, tableByReference } from '../../../custody/catalog/index.ts'
import { catalogModule } from '../../../custody/catalog/module.ts'
import { addSource } from '../../../custody/catalog/sources/add.ts'
import { changeSource } from '../../../custody/catalog/sources/change.ts'
import { uploadTable } from '../../../custody/catalog/uploads/upload.ts'
import { countCohort, dryRun, type TrialInput } from './trial.ts'

const people = Array.from({ length: 90 }, (_, n) => ({ patient_id: `P${n}`, age: n % 30, town: ['York', 'Leeds', 'Hull'][n % 3], score: n / 4 }))
const secrets = { person: new Uint8Array(32).fill(1) }
const excluded = {
  key: new Uint8Array(32).fill(2),
  digests: new Set(['P0', 'P33'].map((id) => toHex(primitives.hmacSha256(new Uint8Array(32).fill(2), utf8(id))))),
}

let t: TestNode
let source: Id<'data_source'>
let table: CatalogTable
let planTable: PlanTable

beforeAll(async () => {
  t = await testNode({ modules: [catalogModule] })
  const added = await t.door.enter(addSource, { slug: 'ward', kind: 'file', title: 'ward' }, t.admin)
  if (added.outcome !== 'done') throw new Error(added.outcome)
  source = added.output.id
  const csv = ['patient_id,age,town,score', ...people.map((person) => Object.values(person).join(','))].join('\n')
  await t.door.enter(
    uploadTable,
    {
      source,
      name: 'people',
      body: (async function* () {
        yield Buffer.from(csv)
      })(),
    },
    t.admin,
  )
  await readTables()
})
afterAll(() => t.close())

async function readTables(): Promise<void> {
  table = (await t.database.transaction(t.tenant, (tx) => tableByReference(tx, 'ward.people'))) as CatalogTable
  const { reference, columns } = table
  planTable = { reference, columns: columns.map(({ field }) => ({ field, identifierRole: field.name === 'patient_id' ? 'subject' : 'none' })) }
}

const plain = {
  version: 1,
  form: 'identifiable',
  sources: [{ as: 'people', table: 'ward.people' }],
  elements: ['age', 'town', 'score'].map((name) => ({ name, source: 'people', column: name, role: 'insensitive' })),
  output: { title: 'people' },
}
const linked = {
  ...plain,
  linkage: { keys: [{ name: 'id', form: 'identifier', columns: { people: 'patient_id' } }], method: { kind: 'deterministic', passes: [['id']] } },
}
const treated = {
  ...linked,
  form: 'anonymised',
  elements: [
    { name: 'age', source: 'people', column: 'age', role: 'quasi', hierarchy: { kind: 'interval', widths: [5, 15] } },
    { name: 'town', source: 'people', column: 'town', role: 'quasi' },
  ],
  treatment: { models: [{ model: 'k_anonymity', k: 5 }] },
}

function input(json: object, more: Partial<TrialInput> = {}): TrialInput {
  const read = parsePlan(json)
  if (!read.ok) throw new Error(JSON.stringify(read.errors))
  const plan: QueryPlan = read.value
  return {
    tenant: t.tenant,
    plan,
    tables: new Map([['people', table]]),
    planTables: new Map([['people', planTable]]),
    secrets,
    signal: new AbortController().signal,
    ...more,
  }
}
async function scratch(): Promise<string[]> {
  const names: string[] = []
  for await (const { name } of listAll(t.blobs, 'scratch/')) names.push(name)
  return names
}

describe('a trial', () => {
  it('of a paused source says so, and leaves nothing behind', async () => {
    await t.door.enter(changeSource, { source, state: 'paused' } as never, t.admin)
    await readTables()
    await expect(countCohort(t.door.node, input(plain))).rejects.toThrow(/paused/)
    await expect(dryRun(t.door.node, input(treated))).rejects.toThrow(/paused/)
    expect(await scratch()).toEqual([])
    await t.door.enter(changeSource, { source, state: 'active' } as never, t.admin)
    await readTables()
  })

  it('tells of each step what it would lose, the risk before and after, and what it refuses', async () => {
    const trial = await dryRun(t.door.node, input(treated, { excluded }))
    expect(trial.steps.map(({ id }) => id)).toEqual(['extract:people', 'link', 'treat', 'write'])
    expect(trial.steps[0]?.facts).toMatchObject({ rows_in: 90, rows_out: 88, reasons: { objected: 2 } })
    expect(trial.steps[2]?.facts.risk?.before).toBeGreaterThan(trial.steps[2]?.facts.risk?.after as number)
    expect(trial.rows).toBe(88)
    const strict = await dryRun(t.door.node, input({ ...treated, treatment: { models: [{ model: 'k_anonymity', k: 91 }] } }))
    expect(strict).toMatchObject({ refused: 'untreatable', rows: 0 })
    expect(await scratch()).toEqual([])
  })

  it('may take the first rows of each source only', async () => {
    expect((await dryRun(t.door.node, input(treated, { rowsPerSource: 20 }))).steps[0]?.facts.rows_in).toBe(20)
  })

  it('counts the same with and without linkage, and nobody who objected', async () => {
    const cohorts: readonly [Predicate, (person: (typeof people)[number]) => boolean][] = [
      [{ column: 'age', is: 'lt', value: 10 }, ({ age }) => age < 10],
      [{ all: [{ column: 'town', in: ['York', 'Hull'] }, { not: { column: 'age', is: 'ge', value: 20 } }] }, ({ town, age }) => town !== 'Leeds' && age < 20],
      [
        {
          any: [
            { column: 'score', is: 'gt', value: 20 },
            { column: 'town', starts_with: 'Y' },
          ],
        },
        ({ town, score }) => score > 20 || town === 'York',
      ],
    ]
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...cohorts), fc.constantFrom(plain, linked), fc.boolean(), async ([cohort, meant], json, objections) => {
        const counted = await countCohort(t.door.node, input({ ...json, cohort }, objections ? { excluded } : {}))
        const expected = people.filter((person) => meant(person) && !(objections && ['P0', 'P33'].includes(person.patient_id)))
        expect(counted).toBe(expected.length)
      }),
      { numRuns: 12 },
    )
    expect(await countCohort(t.door.node, input({ ...plain, sources: [{ ...plain.sources[0], where: { column: 'age', is: 'eq', value: 3 } }] }))).toBe(3)
    expect(await scratch()).toEqual([])
  })
})
