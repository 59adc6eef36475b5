/**
 * The linkage engine against its bounds: accuracy on reference data with truth, rates beside a textbook's way of doing the same in
 * the same run, and a million generated people from file to clusters. Times are CPU time, for the machine is shared.
 */

import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { levelsOf } from '@gatehouse/linkage/compare/levels'
import { deterministicLinks } from '@gatehouse/linkage/deterministic/passes'
import { type Linker, linkerOf } from '@gatehouse/linkage/linker'
import { on, parseModel, prefix } from '@gatehouse/linkage/model/define'
import { type Links, probabilityOf } from '@gatehouse/linkage/model/link'
import { recordTable } from '@gatehouse/linkage/normalize/table'
import { mergeLinks } from '@gatehouse/linkage/predict/link-buffer'
import { type Chunk, chunksOf } from '@gatehouse/linkage/predict/predict'
import { shareable } from '@gatehouse/linkage/predict/share'
import { fakeModel, febrlModel, sitesModel } from '@gatehouse/linkage/testing/models'
import { people, peopleHeader } from '@gatehouse/linkage/testing/people'
import { oracleF1, qualityOf, reference, referenceIsThere, type TestSource, truthOf } from '@gatehouse/linkage/testing/records'
import { maximise } from '@gatehouse/linkage/train/em'
import { randomLevels } from '@gatehouse/linkage/train/random-pairs'
import { trainingHistogram } from '@gatehouse/linkage/train/train'
import { peopleFrom, recordOf, wideModel } from './linkage/model.ts'
import { textbookWeight } from './linkage/reference.ts'
import type { Work } from './linkage/worker.ts'
import { type Check, median, report } from './report.ts'

const rounds = 3
const wideRecords = 200_000
const workerRounds = 5
const warmUpShare = 5
const textbookPairs = 60_000
const emPairs = 1_000_000
const millionRecords = 1_000_000

const rows: Record<string, string | number>[] = []
const checks: Check[] = []
const row = (figure: string, value: number, unit: string): void => void rows.push({ figure, value: Number(value.toPrecision(4)), unit })
const check = (name: string, value: number, unit: string, bound: Check['bound']): void =>
  void checks.push({ name, value: Number(value.toPrecision(5)), unit, bound })

function cpuSeconds<T>(work: () => T): { value: T; seconds: number } {
  const start = process.cpuUsage()
  const value = work()
  const { user, system } = process.cpuUsage(start)
  return { value, seconds: (user + system) / 1e6 }
}

/** Criteria 1 to 6. */
function accuracy(): void {
  if (!referenceIsThere) {
    console.log('The reference data (shared/data/linkage) is absent; accuracy is not measured.')
    return
  }
  const febrl4 = [reference('febrl4a.csv'), reference('febrl4b.csv')]
  const febrlPerson = (sources: TestSource[]) => truthOf(sources, (record) => String(record.rec_id).split('-')[1])
  const start = process.cpuUsage()
  const linked = measure(linkerOf(febrlModel('link', true), febrl4).train(), febrlPerson(febrl4))
  const { user, system } = process.cpuUsage(start)
  check('FEBRL4 precision at 0.5', linked.at(0.5).precision, 'share', { min: 0.999 })
  check('FEBRL4 recall at 0.5', linked.at(0.5).recall, 'share', { min: 0.997 })
  check('FEBRL4 false links at 0.99', linked.at(0.99).wrong, 'links', { max: 0 })
  check('FEBRL4 recall at 0.99', linked.at(0.99).recall, 'share', { min: 0.99 })
  check('FEBRL4, all steps', (user + system) / 1e6, 's of CPU', { max: 3 })
  check('FEBRL4 without its number, F1 at 0.5', measure(linkerOf(febrlModel('link', false), febrl4).train(), febrlPerson(febrl4)).at(0.5).f1, 'share', {
    min: 0.99,
  })

  const febrl3 = [reference('febrl3.csv')]
  check('FEBRL3 F1 at 0.5', measure(linkerOf(febrlModel('dedupe', true), febrl3).train(), febrlPerson(febrl3)).at(0.5).f1, 'share', { min: 0.994 })

  const fake = [reference('fake_1000.csv')]
  const faked = measure(
    linkerOf(fakeModel(), fake).train(),
    truthOf(fake, (record) => record.cluster),
  )
  check('fake_1000 blocking coverage', faked.coverage, 'share', { min: 0.8 })
  check('fake_1000 precision at 0.5', faked.at(0.5).precision, 'share', { min: 0.99 })
  check('fake_1000 recall at 0.5', faked.at(0.5).recall, 'share', { min: 0.67 })
  check('fake_1000 best F1', faked.oracle, 'share', { min: 0.86 })

  const sites = [reference('uk_three_sites_dev.csv')]
  const person = truthOf(sites, (record) => record.person_id)
  const kept = measure(linkerOf(sitesModel(true), sites).train(), person)
  check('three sites, conflict rules, precision at 0.9', kept.at(0.9).precision, 'share', { min: 0.985 })
  check('three sites, conflict rules, recall at 0.9', kept.at(0.9).recall, 'share', { min: 0.972 })
  check('three sites, plain, F1 at 0.5', measure(linkerOf(sitesModel(false), sites).train(), person).at(0.5).f1, 'share', { min: 0.955 })

  const table = recordTable(sitesModel(false).columns, sites)
  const published: [string, ReturnType<typeof on>[], number, number][] = [
    ['number', [on('nhs_number')], 0.575, 1],
    ['number, or names, day and postcode', [on('nhs_number'), on('first_name', 'surname', 'dob', 'postcode')], 0.775, 1],
    ['three passes', [on('nhs_number'), on('first_name', 'surname', 'dob'), on(prefix('first_name', 1), 'surname', 'dob', 'postcode')], 0.878, 0.9945],
  ]
  for (const [name, passes, recall, precision] of published) {
    const quality = qualityOf(deterministicLinks(table, passes, { link: 'dedupe' }), person, 'dedupe', table.sources.offsets)
    // The published figures have three and four digits.
    const distance = Math.max(Math.abs(quality.recall - recall), Math.abs(quality.precision - precision))
    check(`three sites, ${name}: distance from the published figures`, distance, 'share', { max: 0.002 })
  }
}

function measure(linker: Linker, truth: Int32Array) {
  const { offsets } = linker.table.sources
  const links = linker.predict({ atLeast: 0.001 })
  return {
    at: (atLeast: number) => qualityOf(links, truth, linker.model.link, offsets, atLeast),
    oracle: oracleF1(links, truth, linker.model.link, offsets),
    coverage: linker.blocking(truth).coverage ?? 0,
  }
}

/** Criteria 7, 9, 10 (one pair) and 12, on people whose blocking is wide. */
function rates(lines: readonly string[], linker: Linker): void {
  const pairs = linker.blocking().pairs
  const engine = Array.from({ length: rounds }, () => pairs / cpuSeconds(() => linker.predict({ atLeast: 0.9 })).seconds / 1e6)
  const records = lines.map(recordOf)
  const textbook = Array.from({ length: rounds }, () => {
    const { seconds } = cpuSeconds(() => {
      let sum = 0
      for (let i = 0; i < textbookPairs; i++) sum += textbookWeight(records[i] ?? {}, records[(i * 7_919) % records.length] ?? {})
      return sum
    })
    return textbookPairs / seconds / 1e6
  })
  row('pairs of the wide model', pairs, 'pairs')
  row('compare + score, five comparisons', median(engine), 'M pairs/s of CPU')
  row('the same as a textbook writes it', median(textbook), 'M pairs/s of CPU')
  check('compare + score per core, best of three', Math.max(...engine), 'M pairs/s', { min: 1 })

  const { prepared } = linker
  const histogram = trainingHistogram(prepared, Number.POSITIVE_INFINITY)
  const counted = histogram.counts.reduce((sum, count) => sum + count, 0)
  // The histogram of these people, as often as makes a million pairs: what EM costs depends on its rows.
  const scaled = { patterns: histogram.patterns, counts: histogram.counts.map((count) => (count * emPairs) / counted) }
  const levelCounts = prepared.comparisons.map((comparison) => comparison.levelCount)
  const random = randomLevels(prepared.comparisons, prepared.link, prepared.offsets, 100_000, 1)
  const m = linker.model.compare.map((comparison) => Float64Array.from(levelsOf(comparison), (level) => level.m))
  const allPairs = (wideRecords * (wideRecords - 1)) / 2
  const em = cpuSeconds(() => maximise({ histogram: scaled, levelCounts, m, random, randomPairs: 100_000, allPairs }))
  row('patterns in the histogram', histogram.patterns.length, 'rows')
  check('EM on a million pairs, after the histogram', em.seconds, 's', { max: 1 })

  const links = linker.predict({ atLeast: 0.01 })
  let farthest = 0
  for (let i = 0; i < links.length; i++) {
    const why = linker.explain(links.left[i] ?? 0, links.right[i] ?? 0)
    const sum = why.parts.reduce((bits, part) => bits + part.bits + part.termFrequencyBits, why.prior)
    farthest = Math.max(farthest, Math.abs(sum - (links.weight[i] ?? 0)), Math.abs(probabilityOf(sum) - (links.probability[i] ?? 0)))
  }
  row('links explained', links.length, 'links')
  check('explained: prior and parts against the total', farthest, 'bits', { max: 1e-9 })

  const times = Array.from({ length: rounds }, () => {
    const count = 4_000
    return (cpuSeconds(() => Array.from({ length: count }, (_, i) => linker.scorePair(records[i] ?? {}, records[i + 1] ?? {}))).seconds / count) * 1e6
  })
  check('scorePair, best of three', Math.min(...times), 'µs', { max: 50 })

  const again = linkerOf(parseModel(JSON.parse(JSON.stringify(linker.model))), [{ name: 'people', data: peopleFrom(lines) }])
  check('links that differ after the model went through JSON', differences(again.predict(), linker.predict()), 'bytes', { max: 0 })
}

function differences(left: Links, right: Links): number {
  const bytes = (links: Links) =>
    [links.left, links.right, links.weight, links.probability, links.pattern, links.rule].map((column) =>
      Buffer.from(column.buffer, column.byteOffset, column.byteLength),
    )
  const other = bytes(right)
  return bytes(left).filter((column, index) => !column.equals(other[index] ?? Buffer.alloc(0))).length + Math.abs(left.length - right.length)
}

/** A worker does not inherit the loader that reads TypeScript, so it brings it in before the script. */
const workerCode = `import('tsx/esm/api').then(({ register }) => (register(), import(${JSON.stringify(new URL('./linkage/worker.ts', import.meta.url).href)})))`

/** Criterion 11: the same bytes from one worker and from two, at hardly more CPU in all. */
async function workers(linker: Linker): Promise<void> {
  const prepared = shareable(linker.prepared)
  const chunks = chunksOf(prepared, 20_000)
  const run = async (count: number): Promise<{ seconds: number; links: Links }> => {
    const team = Array.from({ length: count }, () => new Worker(workerCode, { eval: true }))
    await Promise.all(team.map((worker) => once(worker, 'message')))
    const share = async (work: (index: number) => readonly Chunk[]): Promise<Links[][]> =>
      Promise.all(
        team.map(async (worker, index) => {
          const answer = once(worker, 'message')
          worker.postMessage({ prepared, weights: linker.weights, chunks: work(index), atLeast: 0.5 } satisfies Work)
          const [links] = await answer
          return links as Links[]
        }),
      )
    // Each engine compiles the inner loop for itself, once; that is no part of the work that is shared.
    await share(() => chunks.filter((_, chunk) => chunk % warmUpShare === 0))
    const start = process.cpuUsage()
    const parts = await share((index) => chunks.filter((_, chunk) => chunk % count === index))
    const links = mergeLinks(parts.flat())
    const { user, system } = process.cpuUsage(start)
    await Promise.all(team.map((worker) => worker.terminate()))
    return { seconds: (user + system) / 1e6, links }
  }
  const ratios: number[] = []
  let differing = 0
  for (let round = 0; round < workerRounds; round++) {
    const one = await run(1)
    const two = await run(2)
    ratios.push(two.seconds / one.seconds)
    differing += differences(one.links, two.links) + differences(one.links, linker.predict())
  }
  row('CPU of one worker in all', (await run(1)).seconds, 's')
  check('columns that differ between one worker, two and none', differing, 'columns', { max: 0 })
  check('CPU of two workers against one', median(ratios), 'ratio', { max: 1.15 })
}

interface Million {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly megabytes: number
  readonly links: number
  readonly stages: Readonly<Record<string, number>>
  readonly addSeconds: readonly number[]
}

/** Criteria 8 and 10 (adding). */
async function million(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
  try {
    const file = join(folder, 'people.csv')
    await writePeople(file)
    const script = fileURLToPath(new URL('./linkage/million.ts', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, script, file])
    const found = JSON.parse(stdout) as Million
    for (const [stage, seconds] of Object.entries(found.stages)) row(`a million people: ${stage}`, seconds, 's')
    row('a million people: wall time in all, with what else the machine does', found.seconds, 's')
    row('a million people: links', found.links, 'links')
    // One thread does the work, so what it spends bounds the wall time of an idle machine.
    check('a million people from file to clusters', found.cpuSeconds, 's of CPU', { max: 20 })
    check('a million people, largest memory', found.megabytes, 'MB', { max: 800 })
    check('adding 1,000 records to a million, best of three', Math.min(...found.addSeconds), 's of CPU', { max: 1 })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function writePeople(file: string): Promise<void> {
  if (existsSync(file)) throw new Error(`${file} is there already`)
  const out = createWriteStream(file)
  out.write(`${peopleHeader}\n`)
  for (const line of people({ records: millionRecords })) if (!out.write(`${line}\n`)) await once(out, 'drain')
  out.end()
  await once(out, 'close')
}

accuracy()
const lines = [...people({ records: wideRecords })]
const linker = linkerOf(wideModel, [{ name: 'people', data: peopleFrom(lines) }]).train()
rates(lines, linker)
await workers(linker)
await million()
report('linkage', rows, checks)
