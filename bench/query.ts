/**
 * Query plans, end to end on one node: a PostgreSQL source and an uploaded file are read, linked, treated and written, by the executor with
 * its threads and sealed scratch files; beside it the same engines called directly, and PostgreSQL's own COPY. Then what people meet:
 * many analysts at once, and a run whose analyst is removed. All data is generated.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Id } from '@gatehouse/core/id'
import { nodePrimitives as primitives } from '@gatehouse/crypto/node'
import { copyOut } from '@gatehouse/modules/custody/catalog/connectors/postgresql/copy-out'
import { type CatalogTable, openTable, tableByReference, tableKey, writeTable } from '@gatehouse/modules/custody/catalog/index'
import { lookAt } from '@gatehouse/modules/custody/catalog/looks/testing/look-at'
import { catalogModule } from '@gatehouse/modules/custody/catalog/module'
import { addSource } from '@gatehouse/modules/custody/catalog/sources/add'
import { uploadTable } from '@gatehouse/modules/custody/catalog/uploads/upload'
import { executorFor } from '@gatehouse/modules/exchange/query/executor/index'
import { countCohort } from '@gatehouse/modules/exchange/query/executor/trial'
import { secureRandom } from '@gatehouse/privacy/random/secure'
import { parsePlan } from '@gatehouse/query/plan/parse'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { PlanTable } from '@gatehouse/query/plan/table'
import { extraction } from '@gatehouse/query/steps/extract'
import { link } from '@gatehouse/query/steps/link'
import { planSteps } from '@gatehouse/query/steps/plan-steps'
import type { StepSpec } from '@gatehouse/query/steps/step'
import { treat } from '@gatehouse/query/steps/treat'
import { write } from '@gatehouse/query/steps/write'
import { openDatabase } from '@gatehouse/runtime/data/postgres/open'
import { testDatabase } from '@gatehouse/runtime/data/testing/database'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import type { Dataset } from '@gatehouse/tabular/dataset'
import { chunksOf, joinChunks } from '@gatehouse/tabular/rows'
import pg from 'pg'
import { measureAnalysts } from './query/analysts.ts'
import { benchPlan, labsCsv, patientColumns, patientsSql } from './query/data.ts'
import { countedParquet, countedRows, csvRows, peopleCsv } from './query/files.ts'
import { type Check, median, report } from './report.ts'

const sizes = [100_000, 300_000, 1_000_000]
const rowsPerChunk = 65_536
const signal = new AbortController().signal
const secrets = { person: primitives.randomBytes(32), mask: primitives.randomBytes(32) }

const rows: Record<string, string | number>[] = []
const checks: Check[] = []
function note(figure: string, value: number, unit: string, bound?: Check['bound']): void {
  const rounded = Number(value.toPrecision(4))
  rows.push({ figure, value: rounded, unit })
  if (bound !== undefined) checks.push({ name: figure, value: rounded, unit, bound })
}
async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}
/** Of this process with all its threads: the same on a machine that others use, too. */
async function cpuSeconds(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}
function done<T>(answer: { readonly outcome: string; readonly output?: T; readonly problem?: unknown }): T {
  if (answer.outcome !== 'done') throw new Error(`${answer.outcome}: ${JSON.stringify(answer.problem)}`)
  return answer.output as T
}

interface Bench {
  readonly node: TestNode
  readonly plan: QueryPlan
  readonly tables: ReadonlyMap<string, CatalogTable>
  readonly planTables: ReadonlyMap<string, PlanTable>
}

async function tableOf(node: TestNode, reference: string): Promise<CatalogTable> {
  const table = await node.database.transaction(node.tenant, (tx) => tableByReference(tx, reference))
  if (table === undefined) throw new Error(`no ${reference}`)
  return table
}
function planTableOf({ reference, columns, rows: count }: CatalogTable): PlanTable {
  return {
    reference,
    columns: columns.map(({ field, identifier_role }) => ({ field, identifierRole: identifier_role })),
    ...(count === null ? {} : { rows: count }),
  }
}
function parsed(json: unknown): QueryPlan {
  const read = parsePlan(json)
  if (!read.ok) throw new Error(JSON.stringify(read.errors))
  return read.value
}

/** As a run carries its plan out. */
async function byMachinery({ node, plan, tables, planTables }: Bench, run: string): Promise<Map<string, number>> {
  const key = primitives.randomBytes(32)
  const target = tableKey(node.tenant, `results/${node.tenant}/${run}`, primitives.randomBytes(32))
  const executor = executorFor(node.door.node, { tenant: node.tenant, run, key, tables, secrets, targets: new Map([['write', target]]) })
  const outputs = new Map<string, Awaited<ReturnType<typeof executor.run>>>()
  const times = new Map<string, number>()
  for (const step of planSteps(plan, planTables)) {
    const inputs = step.inputs.flatMap((id) => outputs.get(id)?.manifest ?? [])
    const start = performance.now()
    const made = await executor.run(step, inputs, { signal })
    if (made.facts.refused !== undefined) throw new Error(made.facts.refused)
    times.set(step.id, (performance.now() - start) / 1000)
    outputs.set(step.id, made)
  }
  await executor.close()
  return times
}

/** The engines one after the other in this thread, from the connector to one table file, with nothing between. */
async function directly({ node, plan, tables, planTables }: Bench, run: string): Promise<void> {
  const steps = planSteps(plan, planTables)
  const paramsOf = <K extends StepSpec['kind']>(kind: K) => steps.find((step) => step.kind === kind)?.params as Extract<StepSpec, { kind: K }>['params']
  const random = secureRandom(primitives.randomBytes)
  const sources: Dataset[] = []
  for (const step of steps) {
    if (step.kind !== 'extract') continue
    const made = extraction(primitives, step.params, secrets, { filter: false, digests: true })
    const { columns, where, rowsMax } = step.params
    const opened = await openTable(node.door.node, node.tenant, tables.get(step.params.source) as CatalogTable, { columns, where, rowsMax, signal })
    const chunks: Dataset[] = []
    for await (const chunk of opened.chunks) chunks.push(made.chunk(chunk))
    sources.push(joinChunks(chunks))
  }
  const linked = link(paramsOf('link'), sources, [])
  const treated = await treat(paramsOf('treat').plan, linked.dataset, { random })
  const { dataset } = write(paramsOf('write'), treated.dataset, random)
  const key = tableKey(node.tenant, `results/${node.tenant}/${run}`, primitives.randomBytes(32))
  await writeTable(
    node.blobs,
    primitives,
    key,
    dataset.columns.map(({ field }) => field),
    chunksOf(dataset, rowsPerChunk),
  )
}

async function measureMachinery(bench: Bench): Promise<void> {
  const pairs: [number, number][] = []
  for (const round of [1, 2, 3, 4, 5]) {
    pairs.push([
      await cpuSeconds(() => directly(bench, `direct-${round}`)),
      await cpuSeconds(() => byMachinery(bench, `01980000-0000-7000-8000-0000000001${round}0`)),
    ])
  }
  note('the engines called directly', median(pairs.map(([direct]) => direct)), 'CPU s')
  note('by steps, a thread and sealed files', median(pairs.map(([, planned]) => planned)), 'CPU s')
  // One after the other, so that what else the machine does weighs on both.
  note('the plan machinery over the engines', 100 * (median(pairs.map(([direct, planned]) => planned / direct)) - 1), '%', { max: 15 })
}

async function measurePeople(): Promise<void> {
  const { waits, perSecond, revokedSeconds, revokedWorst } = await measureAnalysts()
  note('50 analysts at once', perSecond, 'operations/s')
  for (const { what, count, p50, p95, p99 } of waits) {
    for (const [share, wait] of Object.entries({ p50, p95, p99 })) note(`  ${what}, ${share} of ${count.toLocaleString('en')}`, wait, 'ms')
  }
  note('a run of 1,000,000 rows ends once its analyst is removed, worst of 3', revokedWorst, 's')
  note('a run of 1,000,000 rows ends once its analyst is removed, median of 3', revokedSeconds, 's', { max: 1 })
}

async function measureExtract({ node, tables }: Bench, client: pg.Client): Promise<void> {
  const table = tables.get('patients') as CatalogTable
  const columns = [...patientColumns]
  const copy = async () => {
    for await (const _ of copyOut(client, `COPY (SELECT ${columns.join(', ')} FROM patients) TO STDOUT`, () => {})) {
      // Only taken: this is what the server and the socket can do.
    }
  }
  const extract = async (inKeyOrder: boolean) => {
    const opened = await openTable(node.door.node, node.tenant, table, { columns, inKeyOrder, rowsMax: 10_000_000, signal })
    for await (const _ of opened.chunks) {
      // Rows are decoded and dropped.
    }
  }
  await copy()
  await extract(false)
  const times: [number, number, number][] = []
  for (let round = 0; round < 7; round++) times.push([await seconds(copy), await seconds(() => extract(false)), await seconds(() => extract(true))])
  const [copied, extracted, ordered] = [0, 1, 2].map((at) => median(times.map((time) => time[at] as number))) as [number, number, number]
  note('COPY TO of twelve columns, 1,000,000 rows', copied, 's')
  note('extract of the same', extracted, 's')
  note('extract of the same in the order of its key', ordered, 's')
  note('extract against COPY TO', median(times.map(([copying, extracting]) => copying / extracting)), 'ratio', { min: 0.7 })
}

async function measureCount({ node }: Bench): Promise<void> {
  const source = done(await node.door.enter(addSource, { slug: 'counted', kind: 'file', title: 'counted' }, node.admin)).id
  const upload = async (name: string, pieces: readonly Uint8Array[]) => {
    async function* body() {
      yield* pieces
    }
    return seconds(async () => done(await node.door.enter(uploadTable, { source, name, body: body() }, node.admin)))
  }
  note(`upload of a CSV file of ${csvRows.toLocaleString('en')} rows and six columns`, csvRows / (await upload('csv', peopleCsv())), 'rows/s')
  note(
    `upload of a Parquet file of ${countedRows.toLocaleString('en')} rows and four columns`,
    countedRows / (await upload('people', countedParquet())),
    'rows/s',
  )
  const table = await tableOf(node, 'counted.people')
  const plan = parsed({
    version: 1,
    form: 'identifiable',
    sources: [{ as: 'people', table: 'counted.people' }],
    elements: [
      { name: 'age', source: 'people', column: 'age', role: 'quasi' },
      { name: 'town', source: 'people', column: 'town', role: 'quasi' },
      { name: 'score', source: 'people', column: 'score', role: 'insensitive' },
    ],
    cohort: { all: [{ column: 'age', is: 'ge', value: 40 }, { column: 'town', in: ['York', 'Leeds'] }, { not: { column: 'score', is: 'lt', value: 50 } }] },
    output: { title: 'counted' },
  })
  const tables = new Map([['people', table]])
  const planTables = new Map([['people', planTableOf(table)]])
  const count = async () => (await countCohort(node.door.node, { tenant: node.tenant, plan, tables, planTables, secrets, signal })) ?? 0
  const meant = await count()
  await count()
  const times: number[] = []
  for (let round = 0; round < 5; round++) times.push(await seconds(count))
  note(`people of a cohort over three columns`, meant, 'people')
  note(`cohort count on ${countedRows.toLocaleString('en')} rows`, median(times), 's', { max: 1 })
}

const directory = await mkdtemp(join(tmpdir(), 'gatehouse-bench-query-'))
const postgres = await openDatabase({ instanceDir: directory, searchPath: process.env.PATH, durable: true })
process.env.GATEHOUSE_TEST_PG = JSON.stringify({ connection: postgres.connection, superuser: postgres.superuser })
try {
  for (const size of sizes) {
    const source = await testDatabase()
    const client = new pg.Client(source.connection)
    await client.connect()
    await client.query(patientsSql(size))
    const node = await testNode({ modules: [catalogModule], egressAllow: [source.connection.host] })
    const { host, port, database, user } = source.connection
    const settings = { host, port, database, tls: 'off' }
    const hospital = done(
      await node.door.enter(addSource, { slug: 'hospital', kind: 'postgresql', title: 'hospital', settings, secret: { user, password: 'x' } }, node.admin),
    ).id
    await lookAt(node, hospital)
    const labs = done(await node.door.enter(addSource, { slug: 'labs', kind: 'file', title: 'labs' }, node.admin)).id as Id<'data_source'>
    done(await node.door.enter(uploadTable, { source: labs, name: 'results', body: labsCsv(size) }, node.admin))
    const tables = new Map([
      ['patients', await tableOf(node, 'hospital.patients')],
      ['labs', await tableOf(node, 'labs.results')],
    ])
    const bench: Bench = { node, plan: parsed(benchPlan), tables, planTables: new Map([...tables].map(([as, table]) => [as, planTableOf(table)])) }
    globalThis.gc?.()
    const name = size.toLocaleString('en')
    let times = new Map<string, number>()
    const machinery = await seconds(async () => {
      times = await byMachinery(bench, `01980000-0000-7000-8000-00000000000${sizes.indexOf(size)}`)
    })
    const largest = size === sizes.at(-1)
    note(`${name} rows: read, linked, treated, written`, machinery, 's', largest ? { max: 60 } : undefined)
    for (const [step, took] of times) rows.push({ figure: `  ${step}`, value: Number(took.toPrecision(3)), unit: 's' })
    if (largest) {
      note('most memory of the process until here, threads included', process.resourceUsage().maxRSS / 1024, 'MiB', { max: 2_048 })
      await measureMachinery(bench)
      await measureExtract(bench, client)
      await measureCount(bench)
    }
    await client.end()
    await node.close()
    await source.drop()
  }
  await measurePeople()
  report('query', rows, checks)
} finally {
  await postgres.stop()
  await rm(directory, { recursive: true, force: true })
}
