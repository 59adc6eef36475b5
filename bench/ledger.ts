/**
 * The ledger on an embedded PostgreSQL that really syncs: how fast entries find their place, how far the checkpoint stays behind
 * under load, what sequencing costs the acts beside it, and how long a proof takes.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Id, newId } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { entryBody } from '@gatehouse/modules/ledger/body'
import { appendEntry, entryEvidence, ledgerModule, sequence } from '@gatehouse/modules/ledger/index'
import { integrationMax } from '@gatehouse/modules/ledger/schema'
import { openDatabase } from '@gatehouse/runtime/data/postgres/open'
import type { AuditEntry } from '@gatehouse/runtime/door/audit'
import { operation } from '@gatehouse/runtime/door/operation'
import { type TestNode, testClock, testNode } from '@gatehouse/runtime/door/testing/node'
import { runLoops } from '@gatehouse/runtime/edge/worker'
import { z } from 'zod'
import { median, report } from './report.ts'

const rateRounds = 5
const rateEntries = 10_000
const actRounds = 16
const actSeconds = 1
const actCallers = 8
const proofSizes = [1_000, 60_000, 200_000]
const proofs = 200

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

async function measure(t: TestNode): Promise<void> {
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
  const acts: { without: number; beside: number }[] = []
  await actsPerSecond(t)
  await drain(t)
  for (let round = 0; round < actRounds; round++) {
    const pair = { without: 0, beside: 0 }
    // Short rounds, every other one the other way round: what else the machine does then falls on both alike.
    for (const side of round % 2 === 0 ? (['without', 'beside'] as const) : (['beside', 'without'] as const)) {
      const lag = watchLag(t)
      const loops = runLoops(t.door, side === 'beside' ? (ledgerModule.loops ?? []) : [])
      pair[side] = await actsPerSecond(t)
      await loops.stop()
      const largest = await lag()
      if (side === 'beside') lags.push(largest)
      await drain(t)
    }
    acts.push(pair)
  }
  row('acts without sequencing', median(acts.map((pair) => pair.without)), '/s')
  row('acts beside sequencing', median(acts.map((pair) => pair.beside)), '/s')
  const slowed = 100 * (1 - median(acts.map((pair) => pair.beside / pair.without)))

  report('ledger', rows, [
    { name: 'integration against bare batched insert', value: Number(ratio.toFixed(2)), unit: 'ratio', bound: { min: 0.4 } },
    { name: 'lag of the checkpoint under load', value: Number(Math.max(...lags).toFixed(3)), unit: 's', bound: { max: 1 } },
    { name: 'acts slowed by sequencing', value: Number(slowed.toFixed(1)), unit: '%', bound: { max: 15 } },
    { name: 'inclusion proof', value: Number(Math.max(...slowest).toFixed(2)), unit: 'ms', bound: { max: 5 } },
  ])
}

const instanceDir = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
const { connection, superuser, stop } = await openDatabase({ instanceDir, searchPath: process.env.PATH })
try {
  process.env.GATEHOUSE_TEST_PG = JSON.stringify({ connection, superuser })
  const t = await testNode({ modules: [ledgerModule], plugs: { append: appendEntry }, clock: { ...testClock(), ...source } })
  try {
    await measure(t)
  } finally {
    await t.close()
  }
} finally {
  await stop()
  await rm(instanceDir, { recursive: true, force: true })
}
