/**
 * The ledger on an embedded PostgreSQL that really syncs: how fast entries find their place, how far the checkpoint stays behind
 * under load, what sequencing costs the acts beside it, how fast the log is written out as files, and how long a proof takes. Then
 * the criteria that are no figures: the tests that show them, run and counted (`--figures` leaves them out).
 */
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Id, newId } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { entryBody } from '@gatehouse/modules/ledger/body'
import { tileBytes } from '@gatehouse/modules/ledger/files/serve'
import { appendEntry, entryEvidence, ledgerModule, newestNote, sequence } from '@gatehouse/modules/ledger/index'
import { integrationMax } from '@gatehouse/modules/ledger/schema'
import { openDatabase } from '@gatehouse/runtime/data/postgres/open'
import type { AuditEntry } from '@gatehouse/runtime/door/audit'
import { operation } from '@gatehouse/runtime/door/operation'
import { type TestNode, testClock, testNode } from '@gatehouse/runtime/door/testing/node'
import { runLoops } from '@gatehouse/runtime/edge/worker'
import { z } from 'zod'
import { exportLog } from '../apps/cli/files/export-log.ts'
import { proveFromAMillion } from './ledger/million.ts'
import { runTests } from './ledger/run-tests.ts'
import { type Check, median, report } from './report.ts'

const rateRounds = 5
const rateEntries = 10_000
const actRounds = 16
const actSeconds = 1
const actCallers = 8
const proofSizes = [1_000, 60_000, 200_000]
const proofs = 200
const exportRounds = 3
/** Files that the export writes side by side. */
const exportWriters = 8

/** What must hold and is no figure; none of these may fail, and at least one of each must run. */
const criteria = [
  {
    name: 'criteria 1 and 2: published vectors, and the reference log byte for byte',
    files: ['libs/transparency/proof.test.ts', 'libs/transparency/tile.test.ts'],
  },
  { name: 'criterion 10, short: kill -9', files: ['test/e2e/faults.test.ts'], named: '^kill -9 ' },
  { name: 'criterion 11: a second sequencer, and an old backup', files: ['modules/ledger/heads/heads.test.ts'] },
  { name: 'criterion 18, short: the store of the ledger is away', files: ['test/e2e/away.test.ts'] },
  { name: 'criterion 23: witnesses and their quorum', files: ['modules/ledger/witnesses/witnesses.test.ts'] },
] as const

const source = { nowMs: () => Date.now(), randomBytes: (length: number) => new Uint8Array(randomBytes(length)) }

/** What a release leaves: some 600 bytes. */
function releaseEntry(tenant: Id<'tenant'>): AuditEntry {
  const facts = {
    subject: { id: newId<'subject'>(source), commitment: randomBytes(32).toString('hex') },
    decision: 'permit' as const,
    partner: newId<'partner'>(source),
    purpose: 'credit_assessment',
    object: { kind: 'release', id: newId<'release'>(source) },
    details: { policy: newId(source), version: 3, fields: 7, digest: randomBytes(32).toString('hex') },
  }
  return { id: newId(source), tenant, type: 'release.authorize', at: instantOf(Date.now()), actor: { kind: 'partner', id: newId(source) }, facts }
}

const act = operation({
  name: 'probe.act',
  summary: 'The least that an act can be: it only leaves an entry',
  input: z.strictObject({}),
  output: z.strictObject({}),
  access: { public: 'a benchmark' },
  audit: (): AuditEntry['facts'] => releaseEntry('' as Id<'tenant'>).facts,
  run: async () => ({}),
})

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Writes waiting entries past the door, as fast as may be. */
async function fill({ database, tenant }: TestNode, count: number): Promise<Uint8Array[]> {
  const all: Uint8Array[] = []
  for (let left = count; left > 0; left -= integrationMax) {
    const entries = Array.from({ length: Math.min(left, integrationMax) }, () => releaseEntry(tenant))
    const bodies = entries.map(entryBody)
    all.push(...bodies)
    const values = [entries.map(({ id }) => id), entries.map(({ facts }) => facts.subject?.id), entries.map(({ facts }) => facts.object?.id), bodies]
    await database.transaction(tenant, (tx) =>
      tx.query(
        `WITH new AS (SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::bytea[]) AS new(id, subject, object, body)), entry AS (
           INSERT INTO ledger.entry (tenant_id, id, type, at, actor_kind, actor_id, subject_id, object_kind, object_id, body)
           SELECT $1, id, 'release.authorize', now(), 'partner', 'bench', subject, 'release', object, body FROM new)
         INSERT INTO ledger.pending SELECT $1, id FROM new`,
        [tenant, ...values],
      ),
    )
  }
  return all
}

async function drain({ door }: TestNode): Promise<void> {
  while ((await sequence(door.node)).integrated > 0) {}
}

/** The same bodies into a table with nothing but a key, in batches of the same size. */
async function insertBare({ database, tenant }: TestNode, bodies: readonly Uint8Array[]): Promise<void> {
  for (let at = 0; at < bodies.length; at += integrationMax) {
    const batch = bodies.slice(at, at + integrationMax)
    const ids = batch.map(() => newId(source))
    await database.transaction(tenant, (tx) => tx.query({ name: 'bare', text: 'INSERT INTO bare SELECT * FROM unnest($1::uuid[], $2::bytea[])' }, [ids, batch]))
  }
}

/** Acts from several callers at once, each beginning its next when the last was answered. @returns acts per second */
async function actsPerSecond({ door, admin }: TestNode): Promise<number> {
  const end = performance.now() + actSeconds * 1000
  let count = 0
  const caller = async () => {
    while (performance.now() < end) {
      await door.enter(act, {}, admin)
      count++
    }
  }
  const ms = await timed(() => Promise.all(Array.from({ length: actCallers }, caller)))
  return (count / ms) * 1000
}

/** The age of the oldest entry that no checkpoint covers, looked at ten times a second until stopped. @returns the largest, in seconds */
function watchLag({ database }: TestNode): () => Promise<number> {
  let watching = true
  const watched = (async () => {
    let largest = 0
    while (watching) {
      const [row] = await database.transaction('node', (tx) =>
        tx.query<{ lag: number | null }>(
          `SELECT extract(epoch FROM clock_timestamp() - min(e.at))::float8 AS lag
           FROM (SELECT * FROM ledger.pending ORDER BY tenant_id, entry_id LIMIT 50) p JOIN ledger.entry e ON e.tenant_id = p.tenant_id AND e.id = p.entry_id`,
        ),
      )
      largest = Math.max(largest, row?.lag ?? 0)
      await pause(100)
    }
    return largest
  })()
  return () => {
    watching = false
    return watched
  }
}

/** From the beginning of an act to the signing of the checkpoint that covers it, of the slowest hundredth between two moments, in seconds. */
async function checkpointDelay({ database, tenant }: TestNode, from: number, to: number): Promise<number> {
  const [row] = await database.transaction(tenant, (tx) =>
    tx.query<{ delay: number | null }>(
      `SELECT percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM c.at - e.at))::float8 AS delay
         FROM ledger.entry e JOIN ledger.position p ON p.tenant_id = e.tenant_id AND p.entry_id = e.id
         CROSS JOIN LATERAL (SELECT at FROM ledger.checkpoint WHERE tenant_id = p.tenant_id AND size > p.index ORDER BY size LIMIT 1) c
        WHERE e.tenant_id = $1 AND e.at BETWEEN to_timestamp($2) AND to_timestamp($3)`,
      [tenant, from / 1_000, to / 1_000],
    ),
  )
  return row?.delay ?? 0
}

/** The same bytes into as many files, each flushed, with nothing to read: by one hand as a plain loop does, or by several. */
async function writeRaw(folder: string, files: readonly { path: string; bytes: Uint8Array }[], writers: number): Promise<void> {
  const waiting = files.values()
  const hand = async () => {
    for (const { path, bytes } of waiting) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      const file = await open(join(folder, path), 'w')
      await file.writeFile(bytes)
      await file.datasync()
      await file.close()
    }
  }
  await Promise.all(Array.from({ length: writers }, hand))
}

interface Exported {
  readonly files: number
  /** Files a second: the export, and the same files written by a plain loop and by as many hands as the export has. */
  readonly perSecond: number
  readonly loop: number
  readonly hands: number
}

async function exportAgainstRaw(t: TestNode, place: string): Promise<Exported[]> {
  const checkpoint = Buffer.from(await newestNote(t.door.node, t.tenant))
  const read = async (path: string) => {
    if (path === 'checkpoint') return checkpoint
    if (path === 'vkeys') return new Uint8Array(0)
    const bytes = await t.database.transaction(t.tenant, (tx) => tileBytes(tx, path))
    if (bytes === undefined) throw new Error(`no ${path}`)
    return bytes
  }
  const rounds: Exported[] = []
  for (let round = 0; round < exportRounds; round++) {
    const exported = join(place, `export-${round}`)
    const exportMs = await timed(() => exportLog(exported, read))
    const names = (await readdir(exported, { recursive: true, withFileTypes: true })).filter((file) => file.isFile())
    const files = await Promise.all(
      names.map(async ({ parentPath, name }) => ({ path: join(parentPath, name).slice(exported.length + 1), bytes: await readFile(join(parentPath, name)) })),
    )
    const raw = async (writers: number) => {
      const folder = join(place, `raw-${round}-${writers}`)
      const ms = await timed(() => writeRaw(folder, files, writers))
      await rm(folder, { recursive: true })
      return (files.length / ms) * 1_000
    }
    rounds.push({ files: files.length, perSecond: (files.length / exportMs) * 1_000, loop: await raw(1), hands: await raw(exportWriters) })
    await rm(exported, { recursive: true })
  }
  return rounds
}

async function measure(t: TestNode, place: string): Promise<void> {
  const rows: Record<string, string | number>[] = []
  const row = (figure: string, value: number, unit: string) => rows.push({ figure, value: Number(value.toPrecision(3)), unit })

  const slowest: number[] = []
  let size = 0
  for (const wanted of proofSizes) {
    await fill(t, wanted - size)
    await drain(t)
    size = wanted
    const ids = await t.database.transaction(t.tenant, (tx) =>
      tx.query<{ id: Id<'entry'> }>('SELECT entry_id AS id FROM ledger.position ORDER BY random() LIMIT $1', [proofs]),
    )
    const times: number[] = []
    for (const { id } of ids) times.push(await timed(() => entryEvidence(t.door.node, t.tenant, [id])))
    row(`inclusion proof at ${size} entries`, median(times), 'ms')
    slowest.push(median(times))
  }

  const exported = await exportAgainstRaw(t, place)
  row(`files of the log exported, of ${exported[0]?.files}`, median(exported.map((round) => round.perSecond)), '/s')
  row('the same files by a plain loop, each flushed', median(exported.map((round) => round.loop)), '/s')
  row(`the same files by ${exportWriters} hands, each flushed`, median(exported.map((round) => round.hands)), '/s')
  const million = proveFromAMillion()
  row('proof out of a million leaves, CPU', million.proveMs, 'ms')
  row('verification of it, CPU', million.verifyMs, 'ms')

  await t.database.transaction('node', (tx) => tx.query('CREATE TABLE bare (id uuid PRIMARY KEY, body bytea)'))
  const rates: { integrated: number; bare: number }[] = []
  for (let round = 0; round < rateRounds; round++) {
    const bodies = await fill(t, rateEntries)
    const integrated = rateEntries / (await timed(() => drain(t)))
    rates.push({ integrated: integrated * 1000, bare: (rateEntries / (await timed(() => insertBare(t, bodies)))) * 1000 })
  }
  row('entries integrated', median(rates.map((rate) => rate.integrated)), '/s')
  row('bare batched insert of the same bytes', median(rates.map((rate) => rate.bare)), '/s')
  const ratio = median(rates.map((rate) => rate.integrated / rate.bare))

  const lags: number[] = []
  const delays: number[] = []
  const acts: { without: number; beside: number }[] = []
  await actsPerSecond(t)
  await drain(t)
  for (let round = 0; round < actRounds; round++) {
    const pair = { without: 0, beside: 0 }
    // Short rounds, every other one the other way round: what else the machine does then falls on both alike.
    for (const side of round % 2 === 0 ? (['without', 'beside'] as const) : (['beside', 'without'] as const)) {
      const lag = watchLag(t)
      const began = Date.now()
      const loops = runLoops(t.door, side === 'beside' ? (ledgerModule.loops ?? []) : [])
      pair[side] = await actsPerSecond(t)
      await loops.stop()
      const largest = await lag()
      const ended = Date.now()
      await drain(t)
      if (side === 'without') continue
      lags.push(largest)
      delays.push(await checkpointDelay(t, began, ended))
    }
    acts.push(pair)
  }
  row('acts without sequencing', median(acts.map((pair) => pair.without)), '/s')
  row('acts beside sequencing', median(acts.map((pair) => pair.beside)), '/s')
  const slowed = 100 * (1 - median(acts.map((pair) => pair.beside / pair.without)))

  const checks: Check[] = [
    {
      name: '5: export of the log as tile files against a plain loop that writes them',
      value: Number(median(exported.map((round) => round.perSecond / round.loop)).toFixed(2)),
      unit: 'ratio',
      bound: { min: 0.6 },
    },
    { name: '6: integration against bare batched insert', value: Number(ratio.toFixed(2)), unit: 'ratio', bound: { min: 0.4 } },
    { name: '7: commit to checkpoint, p99', value: Number(median(delays).toFixed(3)), unit: 's', bound: { max: 1 } },
    { name: '7: lag of the checkpoint under load, largest', value: Number(Math.max(...lags).toFixed(3)), unit: 's', bound: { max: 1 } },
    { name: '7: acts slowed by sequencing', value: Number(slowed.toFixed(1)), unit: '%', bound: { max: 15 } },
    { name: '8: proof out of a million leaves, CPU', value: Number(million.proveMs.toFixed(3)), unit: 'ms', bound: { max: 5 } },
    { name: '8: its length', value: million.hashes, unit: 'hashes', bound: { max: 20 } },
    { name: '8: verification of it, CPU', value: Number(million.verifyMs.toFixed(3)), unit: 'ms', bound: { max: 0.2 } },
    { name: `8: proof out of the database at ${proofSizes.at(-1)} entries`, value: Number(Math.max(...slowest).toFixed(2)), unit: 'ms', bound: { max: 5 } },
  ]
  if (!process.argv.includes('--figures')) checks.push(...hold(rows))
  report('ledger', rows, checks)
}

/** One check for each criterion that is shown by tests: how many failed. */
function hold(rows: Record<string, string | number>[]): Check[] {
  return criteria.map((criterion) => {
    const { passed, failed, skipped } = runTests(criterion.files, 'named' in criterion ? criterion.named : undefined)
    rows.push({ figure: criterion.name, value: passed, unit: skipped === 0 ? 'tests passed' : `tests passed, ${skipped} skipped` })
    return { name: criterion.name, value: failed + (passed === 0 ? 1 : 0), unit: 'failed', bound: { max: 0 } }
  })
}

const instanceDir = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
const { connection, superuser, stop } = await openDatabase({ instanceDir, searchPath: process.env.PATH })
try {
  process.env.GATEHOUSE_TEST_PG = JSON.stringify({ connection, superuser })
  const t = await testNode({ modules: [ledgerModule], plugs: { append: appendEntry }, clock: { ...testClock(), ...source } })
  try {
    await measure(t, instanceDir)
  } finally {
    await t.close()
  }
} finally {
  await stop()
  await rm(instanceDir, { recursive: true, force: true })
}
