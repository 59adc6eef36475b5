/**
 * The privacy engine: the reference questions on the Adult table, a million generated rows, and questions asked again. All times are
 * CPU seconds of one core, medians of warm runs. Beside them stands a loop that looks at 500 fixed nodes without leaving any out:
 * when it is slower than it was, the machine is; when only the searches are, the code is.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { csvHierarchy } from '@gatehouse/privacy/hierarchy/csv'
import type { Hierarchy } from '@gatehouse/privacy/hierarchy/hierarchy'
import { intervalHierarchy } from '@gatehouse/privacy/hierarchy/interval'
import { orderHierarchy } from '@gatehouse/privacy/hierarchy/order'
import { distinctLDiversity } from '@gatehouse/privacy/model/distinct-l-diversity'
import { kAnonymity } from '@gatehouse/privacy/model/k-anonymity'
import type { PrivacyModel } from '@gatehouse/privacy/model/model'
import { tCloseness } from '@gatehouse/privacy/model/t-closeness'
import { discreteLaplace } from '@gatehouse/privacy/noise/sampler/discrete-laplace'
import { secureRandom } from '@gatehouse/privacy/random/secure'
import { ClassSource } from '@gatehouse/privacy/search/class-source'
import { latticeOf, levelsOf } from '@gatehouse/privacy/search/lattice'
import type { Role } from '@gatehouse/privacy/search/options'
import { encodeTable } from '@gatehouse/privacy/search/table'
import { prepare, treat } from '@gatehouse/privacy/search/treat'
import { csvParser } from '@gatehouse/tabular/csv'
import { type Column, type Dataset, datasetFrom } from '@gatehouse/tabular/dataset'
import { isFault, parseAll } from '@gatehouse/tabular/push-parser'
import { type Check, median, report } from './report.ts'

const warmups = 3
const rounds = 5
const fixedNodes = 500
const generatedSizes = [100_000, 300_000, 1_000_000]
const residentLimitMb = 1_536
const noiseDraws = 200_000
const noiseRateMin = 300_000

type Row = Record<string, string | number>
const rows: Row[] = []
const checks: Check[] = []

function cpuMs(work: () => unknown): number {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

function warmMs(work: () => unknown): number {
  for (let i = 0; i < warmups; i++) work()
  return median(Array.from({ length: rounds }, () => cpuMs(work)))
}

function note(figure: string, value: number | string, unit: string, max?: number): void {
  const rounded = typeof value === 'number' ? Number(value.toPrecision(4)) : value
  rows.push({ figure, value: rounded, unit, bound: max === undefined ? '' : `<= ${max}` })
  if (max !== undefined && typeof rounded === 'number') checks.push({ name: figure, value: rounded, unit, bound: { max } })
}

interface Case {
  readonly name: string
  readonly models: readonly PrivacyModel[]
  readonly limit: number
  /** Occupation is sensitive, not a quasi-identifier. */
  readonly sensitive: boolean
  readonly maxMs: number
}

const adultCases: readonly Case[] = [
  { name: 'a: k=5, limit 0', models: [kAnonymity(5)], limit: 0, sensitive: false, maxMs: 40 },
  { name: 'b: k=5, limit 5 %', models: [kAnonymity(5)], limit: 0.05, sensitive: false, maxMs: 730 },
  { name: "c': k=5, distinct-2, limit 5 %", models: [kAnonymity(5), distinctLDiversity('occupation', 2)], limit: 0.05, sensitive: true, maxMs: 290 },
  {
    name: "d'': k=5, equal 0.2-closeness, limit 5 %",
    models: [kAnonymity(5), tCloseness('occupation', 0.2, 'equal')],
    limit: 0.05,
    sensitive: true,
    maxMs: 930,
  },
]

function measureAdult(dir: string): void {
  const [names = [], ...values] = parseAll(csvParser({ delimiter: ';' }), [readFileSync(`${dir}adult.csv`)]).flatMap((item) =>
    isFault(item) ? [] : [item.values],
  )
  const fields = names.map((name) => ({ name, type: 'string' as const, sensitivity: 'quasi_identifier' as const, nullable: false }))
  const dataset = datasetFrom(
    fields,
    values.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null]))),
  )
  const hierarchies = Object.fromEntries(names.map((name) => [name, csvHierarchy(name, readFileSync(`${dir}adult_hierarchy_${name}.csv`))]))
  const roles = (sensitive: boolean) =>
    Object.fromEntries(names.map((name): [string, Role] => [name, sensitive && name === 'occupation' ? 'sensitive' : 'quasi']))

  for (const { name, models, limit, sensitive, maxMs } of adultCases) {
    const options = { roles: roles(sensitive), hierarchies, models, suppressionLimit: limit }
    const { node, checked, optimal } = treat(dataset, options)
    note(
      `Adult ${name}`,
      warmMs(() => treat(dataset, options)),
      'ms',
      maxMs,
    )
    rows.push({ figure: `  node ${node.join()}${optimal ? ', proven' : ''}`, value: checked, unit: 'nodes looked at', bound: '' })
  }
  note(
    `Adult reference loop, ${fixedNodes} fixed nodes`,
    warmMs(() => lookAtFixedNodes(dataset, Object.values(hierarchies))),
    'ms',
  )
  measureQuestions(dataset, { roles: roles(false), hierarchies, models: [kAnonymity(5)], suppressionLimit: 0.05 })
}

function lookAtFixedNodes(dataset: Dataset, hierarchies: readonly Hierarchy[]): void {
  const table = encodeTable({ dataset, hierarchies, sensitive: [] })
  const lattice = latticeOf(hierarchies.map(({ levels }) => levels.length))
  const source = new ClassSource(table)
  for (let i = 0; i < fixedNodes; i++) source.fromBottom(levelsOf(lattice, Math.floor((i * lattice.size) / fixedNodes)))
}

function measureQuestions(dataset: Dataset, options: Parameters<typeof treat>[1]): void {
  const some = prepare(dataset, options)
  some.ask()
  for (const [name, change] of [
    ['k=10', { k: 10 }],
    ['limit 2 %', { suppressionLimit: 0.02 }],
    ['age weighs double', { weights: { age: 1 } }],
  ] as const) {
    note(`asked again: ${name}`, some.ask(change).evaluated, 'nodes evaluated')
  }
  const all = prepare(dataset, { ...options, facts: 'all' })
  const gatherMs = cpuMs(() => all.ask())
  note('all facts of 12,960 nodes', gatherMs, 'ms')
  const again = [{ k: 10 }, { k: 2, suppressionLimit: 0.02 }, { weights: { age: 1, sex: 0.1 } }].map((change) => cpuMs(() => all.ask(change)))
  note('asked again with all facts, against gathering them', (100 * Math.max(...again)) / gatherMs, '%', 5)
}

/** Eight quasi-identifiers, of which people share places and jobs unevenly; about 60 % of a million rows are distinct. */
const domains = { age: 90, region: 200, postcode: 12, education: 16, job: 40, status: 6, origin: 30, sex: 2 }

const generatedHierarchies: Record<string, Hierarchy> = Object.fromEntries(
  Object.entries(domains).map(([name, size]) => {
    const values = Array.from({ length: size }, (_, value) => String(value))
    if (name === 'age') return [name, intervalHierarchy(name, { values: values.map(Number), widths: [5, 10, 30] })]
    return [name, orderHierarchy(name, { values, fanouts: size > 100 ? [10, 5] : size > 20 ? [5] : size > 10 ? [4] : [] })]
  }),
)

function generated(rowCount: number): Dataset {
  let state = 20_260_101
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const columns = Object.entries(domains).map(([name, size]): Column => {
    const codes = new Int32Array(rowCount)
    for (let row = 0; row < rowCount; row++) codes[row] = Math.floor(size * random() ** skew)
    const field = { name, type: 'string' as const, sensitivity: 'quasi_identifier' as const, nullable: false }
    return { kind: 'dictionary', field, codes, dictionary: Array.from({ length: size }, (_, value) => String(value)) }
  })
  return { rowCount, columns }
}

/** Makes small codes frequent. */
const skew = 6

function measureGenerated(): void {
  const roles = Object.fromEntries(Object.keys(domains).map((name): [string, Role] => [name, 'quasi']))
  const times: number[] = []
  for (const rowCount of generatedSizes) {
    const dataset = generated(rowCount)
    const table = encodeTable({ dataset, hierarchies: Object.values(generatedHierarchies), sensitive: [] })
    let found: ReturnType<typeof treat> | undefined
    const seconds =
      cpuMs(() => {
        found = treat(dataset, { roles, hierarchies: generatedHierarchies, models: [kAnonymity(5)], suppressionLimit: 0.01 })
      }) / 1000
    times.push(seconds)
    note(`generated rows: ${rowCount}`, seconds, 's', rowCount === 1_000_000 ? 20 : undefined)
    rows.push({
      figure: `  ${Math.round((100 * table.base.count) / rowCount)} % distinct, lattice of ${found?.latticeSize}, node ${found?.node.join()}`,
      value: found?.checked ?? 0,
      unit: 'nodes looked at',
      bound: '',
    })
  }
  const [small, large] = [generatedSizes[0]!, generatedSizes.at(-1)!]
  const growth = times.at(-1)! / times[0]! / ((large * Math.log(large)) / (small * Math.log(small)))
  note('growth from 100 k to 1 M against rows x log rows', growth, 'ratio', 1)
  note('largest resident memory', process.resourceUsage().maxRSS / 1024, 'MB', residentLimitMb)
}

/** Draws of the discrete Laplace distribution, its randomness cryptographic as in production. */
function measureNoise(): void {
  const random = secureRandom((length) => new Uint8Array(randomBytes(length)))
  const draw = discreteLaplace('10')
  const ms = warmMs(() => {
    for (let i = 0; i < noiseDraws; i++) draw(random)
  })
  const rate = (noiseDraws / ms) * 1000
  rows.push({ figure: 'discrete Laplace, scale 10', value: Math.round(rate), unit: 'draws/s', bound: `>= ${noiseRateMin}` })
  checks.push({ name: 'discrete Laplace', value: Math.round(rate), unit: 'draws/s', bound: { min: noiseRateMin } })
}

measureGenerated()
const dir = fileURLToPath(new URL('../../shared/data/adult/', import.meta.url))
if (existsSync(dir)) measureAdult(dir)
else for (const { name } of adultCases) note(`Adult ${name}`, 'absent', 'the reference data is not beside the repository')
measureNoise()
report('privacy', rows, checks)
