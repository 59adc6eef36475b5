/**
 * Live pages on an embedded PostgreSQL: a thousand entries a second are written and find their place, and every open page is
 * told of each. What is measured is the node alone; the pages read in another process.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Id, newId } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { appendEntry, ledgerModule } from '@gatehouse/modules/ledger/index'
import { systemPrincipal } from '@gatehouse/runtime/base/context'
import { openDatabase } from '@gatehouse/runtime/data/postgres/open'
import { type TestNode, testClock, testNode } from '@gatehouse/runtime/door/testing/node'
import { followUps } from '@gatehouse/runtime/edge/follow-up'
import { openHttp } from '@gatehouse/runtime/edge/http'
import { runLoops } from '@gatehouse/runtime/edge/worker'
import type { Tally } from './live/readers.ts'
import { median, report } from './report.ts'

const pages = [10, 25, 50]
const perSecond = 1_000
/** Long enough to fill what the node keeps at hand of the log. */
const warmSeconds = 9
const seconds = 12
const batchMs = 50

const tenant = '01980000-0000-7000-8000-000000000001' as Id<'tenant'>
const source = { nowMs: () => Date.now(), randomBytes: (length: number) => new Uint8Array(randomBytes(length)) }

/** Writes entries past the door at an even pace. @returns how many */
async function write({ database, tenant, door }: TestNode, forSeconds: number): Promise<number> {
  const began = performance.now()
  let written = 0
  while (written < forSeconds * perSecond) {
    const due = Math.min(forSeconds * perSecond, Math.floor(((performance.now() - began) / 1000) * perSecond))
    await database.transaction(tenant, async (tx) => {
      await Promise.all(
        Array.from({ length: due - written }, () => {
          const facts = { decision: 'permit' as const, partner: newId<'partner'>(source), purpose: 'credit_assessment', details: { fields: 7 } }
          const actor = { kind: 'partner' as const, id: newId(source) }
          return appendEntry(tx, { id: newId(source), tenant, type: 'release.authorize', at: instantOf(Date.now()), actor, facts }, door.node)
        }),
      )
    })
    written = due
    await pause(batchMs)
  }
  return written
}

async function tally(readers: ChildProcess): Promise<Tally> {
  readers.send('tally')
  const [answer] = await once(readers, 'message')
  return answer as Tally
}

/** Until every page has every entry, or nothing more has come for three seconds. */
async function settled(readers: ChildProcess, expected: number): Promise<Tally & { delays: number[] }> {
  const delays: number[] = []
  let last = -1
  for (let still = 0; still < 15; ) {
    const now = await tally(readers)
    delays.push(...now.delays)
    if (now.received === expected) return { ...now, delays }
    still = now.received === last ? still + 1 : 0
    last = now.received
    await pause(200)
  }
  return { ...(await tally(readers)), delays }
}

/** What is really held: pages that the allocator has not given back yet would drown it. */
function heldMiB(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 2 ** 20
}

async function measure(t: TestNode, url: string, count: number) {
  const readers = fork(join(import.meta.dirname, 'live', 'readers.ts'), [url, String(count)])
  try {
    await once(readers, 'message')
    const warm = (await write(t, warmSeconds)) * count
    await settled(readers, warm)
    const [memory, cpu] = [heldMiB(), process.cpuUsage()]
    const written = await write(t, seconds)
    const { received, broken, delays } = await settled(readers, warm + written * count)
    const used = process.cpuUsage(cpu)
    delays.sort((left, right) => left - right)
    return {
      pages: count,
      events: written * count,
      lost: warm + written * count - received,
      broken,
      'median delay ms': median(delays),
      'p99 delay ms': delays[Math.floor(delays.length * 0.99)] ?? 0,
      'growth MiB': Number((heldMiB() - memory).toFixed(1)),
      'CPU share of a core': Number(((used.user + used.system) / 1e6 / seconds).toFixed(2)),
    }
  } finally {
    readers.kill()
  }
}

async function run(t: TestNode): Promise<void> {
  const operations = ledgerModule.operations.filter(({ name }) => name === 'ledger.watch')
  const app = await openHttp({ door: t.door, operations, rateLimits: false, ready: async () => true, followUps: followUps(t.door) })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const loops = runLoops(t.door, ledgerModule.loops ?? [])
  try {
    const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/v1/logs/stream`
    const rows = []
    for (const count of pages) rows.push(await measure(t, url, count))
    const most = rows.at(-1)
    if (most === undefined) return
    report('live', rows, [
      { name: 'events lost with 50 pages', value: most.lost, unit: 'events', bound: { max: 0 } },
      { name: 'events twice or out of order', value: rows.reduce((sum, row) => sum + row.broken, 0), unit: 'events', bound: { max: 0 } },
      { name: 'p99 from writing to page', value: most['p99 delay ms'], unit: 'ms', bound: { max: 2_000 } },
      { name: 'growth with 50 pages', value: most['growth MiB'], unit: 'MiB', bound: { max: 10 } },
    ])
  } finally {
    await loops.stop()
    await app.close()
  }
}

const instanceDir = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
const { connection, superuser, stop } = await openDatabase({ instanceDir, searchPath: process.env.PATH })
try {
  process.env.GATEHOUSE_TEST_PG = JSON.stringify({ connection, superuser })
  const t = await testNode({
    modules: [ledgerModule],
    plugs: { append: appendEntry, authenticate: async () => systemPrincipal(tenant) },
    clock: { ...testClock(), ...source },
  })
  try {
    await run(t)
  } finally {
    await t.close()
  }
} finally {
  await stop()
  await rm(instanceDir, { recursive: true, force: true })
}
