/** A beacon asked over HTTP: what it answers, to whom how finely, and what must not be learnt from it. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Id } from '@gatehouse/core/id'
import { openHttp } from '@gatehouse/runtime/edge/http'
import type { FieldType } from '@gatehouse/tabular/field'
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordOptOut } from '../../governance/consents/opt-outs/staff.ts'
import { suspendProject } from '../../governance/projects/life.ts'
import { type QueryNode, queryNode } from '../query/testing/query.ts'
import { type Filter, readFilters } from './filters.ts'
import { beaconModule } from './index.ts'
import { problems } from './problems.ts'
import { limits, type Term } from './schema.ts'
import { setBeacon } from './settings.ts'

const published = join(import.meta.dirname, '../../../../shared/data/standards/beacon-v2/framework/json')

let n: QueryNode
let http: FastifyInstance
let project: Awaited<ReturnType<QueryNode['project']>>
let answered: { schema: string; body: unknown }[] = []

const terms: Term[] = [
  { kind: 'ontology', id: 'NCIT:C61501', label: 'Asthma', table: 'hospital.stays', column: 'diagnosis', values: ['asthma'] },
  { kind: 'alphanumeric', id: 'birthYear', label: 'Year of birth', table: 'hospital.patients', column: 'birth_year' },
  { kind: 'alphanumeric', id: 'town', label: 'Town', table: 'hospital.patients', column: 'town' },
]
const setting = (more: object = {}) => ({
  enabled: true,
  id: 'org.example.beacon',
  name: 'Hospital beacon',
  organization: { name: 'Hospital', url: 'https://hospital.example.org' },
  project: project.project,
  individuals: 'hospital.patients',
  granularity: { public: 'count' as const, registered: 'count' as const, controlled: 'count' as const },
  terms,
  ...more,
})
const put = (more: object = {}) => n.done(setBeacon, setting(more), n.officer)

/** Somebody who is known by the test's own header, or nobody. */
const whoComes = new Map<string, Awaited<ReturnType<QueryNode['staff']>>>()

beforeAll(async () => {
  n = await queryNode({}, [beaconModule], { authenticate: async (_node, knock) => whoComes.get(knock.authorization ?? '') })
  await n.within((tx) =>
    tx.query(
      `INSERT INTO tenancy.tenant (tenant_id, slug, name, settings, revision, created_at) VALUES ($1, 'test', 'Test', '{}', 1, now()) ON CONFLICT DO NOTHING`,
      [n.t.tenant],
    ),
  )
  project = await n.project()
  whoComes.set('Bearer analyst', project.analyst)
  whoComes.set('Bearer stranger', await n.staff())
  whoComes.set('Bearer elsewhere', await n.staff([], '01980000-0000-7000-8000-000000000002' as Id<'tenant'>))
  http = await openHttp({
    door: n.t.door,
    operations: beaconModule.operations,
    rateLimits: false,
    ready: async () => true,
    followUps: { enter: () => {} } as never,
  })
})
afterAll(async () => {
  await http?.close()
  await n?.t.close()
})

const address = (path: string, tenant: string = n.t.tenant) => `/institutions/${tenant}/beacon${path}`
const schemaOf = (path: string, body: { error?: unknown; meta?: { returnedGranularity?: string } }) => {
  if (body.error !== undefined) return 'responses/beaconErrorResponse.json'
  if (path.startsWith('/individuals')) return `responses/beacon${body.meta?.returnedGranularity === 'count' ? 'Count' : 'Boolean'}Response.json`
  return {
    '/info': 'responses/beaconInfoResponse.json',
    '': 'responses/beaconInfoResponse.json',
    '/service-info': 'responses/ga4gh-service-info-1-0-0-schema.json',
    '/configuration': 'responses/beaconConfigurationResponse.json',
    '/map': 'responses/beaconMapResponse.json',
    '/entry_types': 'responses/beaconEntryTypesResponse.json',
    '/filtering_terms': 'responses/beaconFilteringTermsResponse.json',
  }[path] as string
}
interface Told {
  readonly status: number
  readonly exists?: boolean | undefined
  readonly count?: number | undefined
  readonly granularity?: string | undefined
  readonly error?: string | undefined
}
async function send(method: 'GET' | 'POST', path: string, payload?: unknown, who?: string): Promise<{ told: Told; body: Record<string, never> }> {
  const answer = await http.inject({
    method,
    url: address(path),
    ...(payload === undefined ? {} : { payload: payload as object }),
    ...(who === undefined ? {} : { headers: { authorization: `Bearer ${who}` } }),
  })
  const body = answer.json()
  answered.push({ schema: schemaOf(path.split('?')[0] as string, body), body })
  const { responseSummary: summary, meta, error } = body
  return {
    told: {
      status: answer.statusCode,
      exists: summary?.exists,
      count: summary?.numTotalResults,
      granularity: meta?.returnedGranularity,
      error: error?.errorMessage,
    },
    body,
  }
}
const ask = async (filters: readonly object[], more: object = {}, who?: string): Promise<Told> =>
  (await send('POST', '/individuals', { meta: { apiVersion: 'v2.0' }, query: { filters, requestedGranularity: 'count', ...more } }, who)).told
const year = (operator: '=' | '!' | '<' | '>' | '<=' | '>=', value: string | number) => ({ id: 'birthYear', operator, value: String(value) })

describe('a beacon that nobody switched on', () => {
  it('is not there, nor is one of an institution that does not exist, and both are told alike', async () => {
    const [off, none] = [await http.inject({ url: address('/info') }), await http.inject({ url: address('/info', '01980000-0000-7000-8000-00000000dead') })]
    expect([off.statusCode, none.statusCode]).toEqual([404, 404])
    expect(off.json().error).toEqual(none.json().error)
    await put({ enabled: false })
    expect((await ask([])).status).toBe(404)
  })

  it('takes no term that names people, or that is not in the catalogue, or twice', async () => {
    const faults = async (more: object) => n.t.door.enter(setBeacon, setting(more), n.officer)
    const wrong = [
      { ...terms[1], id: 'number', column: 'patient_number' },
      { ...terms[1], id: 'shoe', column: 'shoe_size' },
      { ...terms[1], id: 'lost', table: 'hospital.nowhere' },
      terms[1],
    ]
    const answer = await faults({ terms: [...terms, ...wrong] })
    expect(answer).toMatchObject({ outcome: 'refused', problem: { kind: problems.terms_unfit } })
    const { errors } = (answer as unknown as { problem: { document(): { errors: { pointer: string }[] } } }).problem.document()
    expect(errors.map(({ pointer }) => pointer)).toEqual(['/terms/3/column', '/terms/4/column', '/terms/5/table', '/terms/6/id'])
    await expect(n.t.door.enter(setBeacon, setting(), n.t.principal({ roles: ['auditor'] }))).rejects.toMatchObject({ kind: { status: 403 } })
  })
})

describe('a beacon', () => {
  beforeAll(() => put())

  it('tells who keeps it, what it knows, and by what it may be asked', async () => {
    for (const path of ['', '/info', '/service-info', '/configuration', '/map', '/entry_types', '/filtering_terms'])
      expect((await send('GET', path)).told.status).toBe(200)
    const { body } = await send('GET', '/filtering_terms')
    expect(JSON.stringify(body)).toContain('NCIT:C61501')
    // By which values a term stands in a table is the institution's own.
    expect(JSON.stringify(body)).not.toContain('diagnosis')
  })

  it('counts people and not rows, rounded, in one table and across two', async () => {
    expect(await ask([])).toMatchObject({ status: 200, exists: true, count: 200, granularity: 'count' })
    const asthma = await ask([{ id: 'NCIT:C61501' }])
    expect(asthma).toMatchObject({ exists: true, granularity: 'count' })
    expect((asthma.count as number) % 5).toBe(0)
    const both = await ask([{ id: 'NCIT:C61501' }, year('>=', 1954)])
    expect(both.count).toBeLessThan(asthma.count as number)
    expect(await ask([{ id: 'town', operator: '=', value: 'Yo%' }])).toMatchObject({ exists: true })
  })

  it('answers by GET and terms alone as by POST', async () => {
    const { told } = await send('GET', '/individuals?filters=NCIT:C61501&requestedGranularity=count')
    expect(told).toEqual(await ask([{ id: 'NCIT:C61501' }]))
  })

  it('is coarser than asked where it may be no finer, and says so', async () => {
    await put({ granularity: { public: 'boolean', registered: 'boolean', controlled: 'count' } })
    expect(await ask([])).toEqual({ status: 200, exists: true, granularity: 'boolean', count: undefined, error: undefined })
    expect(await ask([], {}, 'stranger')).toMatchObject({ granularity: 'boolean' })
    expect(await ask([], {}, 'analyst')).toMatchObject({ granularity: 'count', count: 200 })
    await put({ granularity: { public: 'none', registered: 'boolean', controlled: 'count' } })
    expect(await ask([])).toMatchObject({ status: 403, error: expect.stringContaining('access level') })
    expect(await ask([], {}, 'stranger')).toMatchObject({ status: 200 })
    // Whoever is known elsewhere is nobody here, and is told to come as such.
    expect(await ask([], {}, 'elsewhere')).toMatchObject({ status: 403 })
    await put()
  })

  it('leaves out whoever has objected', async () => {
    const before = await ask([year('=', 1950)], {}, 'analyst')
    for (let person = 0; person < 20; person++) await n.done(recordOptOut, { user_id: `P${person * 8}`, opt_out: { scope: 'all' } }, n.officer)
    expect(before.count).toBe(25)
    expect(await ask([year('=', 1950)], {}, 'analyst')).toMatchObject({ exists: false, granularity: 'boolean' })
  })
})

describe('what must not be learnt from a beacon', () => {
  it.each<[string, readonly object[], object, number]>([
    ['records', [], { requestedGranularity: 'record' }, 403],
    ['variants', [], { requestParameters: { start: [1], referenceName: '1' } }, 400],
    ['by a term that is not there', [{ id: 'HP:0000001' }], {}, 400],
    ['by a column that is no term', [{ id: 'days', operator: '>', value: '1' }], {}, 400],
    ['by a value for a term of an ontology', [{ id: 'NCIT:C61501', operator: '=', value: 'gout' }], {}, 400],
    ['by a term without a value', [{ id: 'birthYear' }], {}, 400],
    ['by a wildcard in the middle', [{ id: 'town', operator: '=', value: 'Y%k' }], {}, 400],
    ['by likeness', [{ id: 'NCIT:C61501', similarity: 'high' }], {}, 400],
    ['of another entry type', [{ id: 'NCIT:C61501', scope: 'biosamples' }], {}, 400],
    ['with a member that is passed over elsewhere', [{ id: 'NCIT:C61501', exclude: true }], {}, 400],
    ['by an operator that is none', [{ id: 'birthYear', operator: '; DROP TABLE', value: '1' }], {}, 400],
    ['by more filters than there may be', Array.from({ length: limits.filtersMax + 1 }, () => ({ id: 'NCIT:C61501' })), {}, 400],
  ])('%s: refused in its own words', async (_, filters, more, status) => {
    const told = await ask(filters, more)
    expect(told).toMatchObject({ status })
    expect(told.error).toBeTruthy()
  })

  it.each<[string, Filter, FieldType]>([
    ['a number', year('>', '1950 OR 1=1'), 'integer'],
    ['a whole number', year('>', '1950.5'), 'integer'],
    ['true or false', year('=', 'yes'), 'boolean'],
    ['an order of true and false', year('<', 'true'), 'boolean'],
    ['the beginning of a number', year('=', '19%'), 'integer'],
  ])('by what is not %s', (_, filter, type) => {
    expect(readFilters([filter], terms, () => type)).toMatchObject({ ok: false, fault: 'filter_wrong' })
  })

  it('anything by text that means something elsewhere', async () => {
    for (const value of ["York'; DROP TABLE beacon.setting; --", "' OR '1'='1", '$1', '\\', '_', 'York" OR town <> "'])
      expect(await ask([{ id: 'town', operator: '=', value }])).toMatchObject({ status: 200, exists: false })
    expect(await ask([], {}, 'analyst')).toMatchObject({ status: 200, exists: true })
  })

  it('whether one or a few are there: nobody and few are told alike', async () => {
    const nobody = await ask([year('>', 2000)])
    // Two people of 200 were born in one year, live in one town and stayed for one illness.
    const few = await ask([year('=', 1951), { id: 'town', operator: '=', value: 'York' }, { id: 'NCIT:C61501' }])
    expect(nobody).toEqual({ status: 200, exists: false, granularity: 'boolean', count: undefined, error: undefined })
    expect(few).toEqual(nobody)
  })

  it('a few people by subtracting: a question that differs in few from an earlier one is answered as that was', async () => {
    const all = await ask([], {}, 'analyst')
    // Without the fewest there are of a year and a town: 6 or 7 people, of whom the difference would tell.
    const without = await ask([{ id: 'town', operator: '!', value: 'Nowhere' }], {}, 'analyst')
    expect(without).toEqual(all)
    const hull = await ask([{ id: 'town', operator: '=', value: 'Hull' }], {}, 'analyst')
    const narrowed = await ask([{ id: 'town', operator: '=', value: 'Hull' }, year('!', 1957)], {}, 'analyst')
    expect(hull).toMatchObject({ granularity: 'count' })
    expect(narrowed).toEqual(hull)
  })

  it('a few people from an overlap: then there is no figure, only that there are enough', async () => {
    const older = await ask([year('<', 1954)], {}, 'analyst')
    expect(older.granularity).toBe('count')
    // Everybody who is older, one more town of a year, and without another whole town.
    const odd = await ask([year('<=', 1954), { id: 'town', operator: '!', value: 'York' }], {}, 'analyst')
    expect(['count', 'boolean']).toContain(odd.granularity)
    expect(odd.exists).toBe(true)
  })

  it('more in a day than the budget, or in a minute than the pace; what was answered is answered again', async () => {
    await put({ questions_per_day: 1 })
    expect(await ask([{ id: 'town', operator: '=', value: 'Leeds' }], {}, 'analyst')).toMatchObject({ status: 429 })
    expect(await ask([{ id: 'town', operator: '=', value: 'Hull' }], {}, 'analyst')).toMatchObject({ status: 200, granularity: 'count' })
    expect(await ask([{ id: 'town', operator: '=', value: 'Leeds' }], { requestedGranularity: 'boolean' }, 'analyst')).toMatchObject({
      status: 200,
      exists: true,
    })
    await put()
    n.t.clock.advance(60_000)
    await n.within((tx) =>
      tx.query(`INSERT INTO beacon.tally VALUES ($1, date_trunc('minute', $2::timestamptz), 'PUBLIC', $3)`, [
        n.t.tenant,
        new Date(n.t.clock.nowMs()).toISOString(),
        limits.questionsPerMinute.PUBLIC,
      ]),
    )
    expect(await ask([])).toMatchObject({ status: 429 })
    expect(await ask([], {}, 'analyst')).toMatchObject({ status: 200 })
  })

  it('what somebody asked for: the log has terms, level and granularity, and no value', async () => {
    n.t.clock.advance(60_000)
    await ask([{ id: 'town', operator: '=', value: 'Ripon' }], {}, 'analyst')
    const entry = n.t.entries.filter(({ type }) => type === 'beacon.answered').at(-1)
    expect(entry?.facts).toMatchObject({ details: { level: 'CONTROLLED', filters: ['town'] } })
    expect(JSON.stringify(n.t.entries)).not.toContain('Ripon')
  })

  it('anything, once its project rests', async () => {
    await n.done(suspendProject, { project: project.project }, n.officer)
    n.t.clock.advance(61_000)
    expect((await ask([], {}, 'analyst')).status).not.toBe(200)
  })
})

describe.skipIf(!existsSync(published))('every answer of the tests above (reference data, if present)', () => {
  it('is valid by the schemas that are published', async () => {
    const ajv = new Ajv2020({
      strict: false,
      loadSchema: async (uri) => JSON.parse(await readFile(uri.replace('https://beacon.invalid/', `${published}/`), 'utf8')) as AnySchemaObject,
    })
    formats.default(ajv)
    const validators = new Map<string, Awaited<ReturnType<typeof ajv.compileAsync>>>()
    for (const schema of new Set(answered.map(({ schema }) => schema)))
      validators.set(schema, await ajv.compileAsync({ $id: `https://beacon.invalid/entry/${schema}`, $ref: `https://beacon.invalid/${schema}` }))
    expect([...validators.keys()]).toHaveLength(9)
    for (const { schema, body } of answered) {
      const validate = validators.get(schema)
      if (validate?.(body) !== true) throw new Error(`${schema}: ${JSON.stringify(validate?.errors)} in ${JSON.stringify(body)}`)
    }
    answered = []
  })
})
