/**
 * Permissions on an embedded PostgreSQL: checks from memory and from the database over growing numbers of relationships, conditions,
 * depth, large groups, the door with a session, and how long another process goes on granting what was taken away.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Id } from '@gatehouse/core/id'
import { accessModule, authorize, standingOf, writeRelations } from '@gatehouse/modules/governance/access/index'
import { authenticate, firstRunToken, identityModule } from '@gatehouse/modules/governance/identity/index'
import { partnersModule } from '@gatehouse/modules/governance/partners/index'
import { tenancyModule } from '@gatehouse/modules/governance/tenancy/index'
import { ledgerModule } from '@gatehouse/modules/ledger/index'
import { subjectsModule } from '@gatehouse/modules/subjects/index'
import { check } from '@gatehouse/policy/relations/check'
import { compileSchema } from '@gatehouse/policy/relations/compile-schema'
import { answerOf } from '@gatehouse/policy/relations/proof'
import { type Edge, edgeOf, type Relationship } from '@gatehouse/policy/relations/relationship'
import { MemoryTuples } from '@gatehouse/policy/relations/tuples'
import type { Principal } from '@gatehouse/runtime/base/context'
import { openDatabase } from '@gatehouse/runtime/data/postgres/open'
import { defineModule } from '@gatehouse/runtime/door/module'
import { operation } from '@gatehouse/runtime/door/operation'
import { type TestNode, testClock, testNode } from '@gatehouse/runtime/door/testing/node'
import { z } from 'zod'
import { median, report } from './report.ts'

const sizes = [10_000, 100_000, 1_000_000]
const clients = 8
const tenant = '01980000-0000-7000-8000-000000000001' as Id<'tenant'>
const seconds = 2

/** Stands still where a loop that never waits would otherwise outlive what is remembered. */
let frozen: number | undefined
const clock = { ...testClock(), nowMs: () => frozen ?? Date.now(), randomBytes: (length: number) => new Uint8Array(randomBytes(length)) }
const instanceDir = await mkdtemp(join(tmpdir(), 'gatehouse-bench-access-'))
const { connection: socket, superuser, stop } = await openDatabase({ instanceDir, searchPath: process.env.PATH })
process.env.GATEHOUSE_TEST_PG = JSON.stringify({ connection: socket, superuser })

const person = (n: number): string => `02000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
const role = (n: number): string => `04000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`

/** One look at a webhook, as any operation asks; nothing else happens in it. */
const look = operation({
  name: 'look.at',
  summary: 'Look',
  input: z.strictObject({}),
  output: z.strictObject({}),
  access: { action: 'read', on: () => ({ type: 'webhook' }) },
  audit: { none: 'a measurement that looks at nothing' },
  run: async () => ({}),
})

/** How often a second `act` can be done, in this many turns at once. */
async function rate(act: (n: number) => Promise<unknown>, turns: number, forSeconds = seconds): Promise<number> {
  let count = 0
  const until = performance.now() + forSeconds * 1000
  const began = performance.now()
  await Promise.all(
    Array.from({ length: turns }, async () => {
      while (performance.now() < until) await act(count++)
    }),
  )
  return count / ((performance.now() - began) / 1000)
}

/** The median of five measurements of a loop, in operations a second. */
function loop(times: number, act: (n: number) => void): number {
  const rates = Array.from({ length: 5 }, () => {
    const began = performance.now()
    for (let n = 0; n < times; n++) act(n)
    return times / ((performance.now() - began) / 1000)
  })
  return median(rates)
}

/** Fills the table past the door: people in teams, teams in roles, roles over areas. */
async function grow(t: TestNode, from: number, to: number): Promise<void> {
  await t.database.transaction(tenant, async (tx) => {
    // One in twenty rows leads on; the others are members.
    await tx.change(
      `INSERT INTO access.tuple (tenant_id, object_type, object_id, relation, subject_type, subject_id, subject_relation, leads_on, revision)
       SELECT $1, 'team', '03000000-0000-7000-8000-' || lpad(to_hex(n / 20), 12, '0'), 'member', 'staff', '02000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'), '', false, 1
       FROM generate_series($2::int, $3::int - 1) n ON CONFLICT DO NOTHING`,
      [tenant, from, to],
    )
    await tx.change(
      `INSERT INTO access.tuple (tenant_id, object_type, object_id, relation, subject_type, subject_id, subject_relation, leads_on, revision)
       SELECT $1, 'role', '04000000-0000-7000-8000-' || lpad(to_hex(n % 50), 12, '0'), 'holder', 'team', '03000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'), 'member', true, 1
       FROM generate_series($2::int / 20, least($3::int / 20, 500) - 1) n ON CONFLICT DO NOTHING`,
      [tenant, from, to],
    )
  })
  await t.database.pool.query('ANALYZE access.tuple')
}

async function signedIn(node: TestNode): Promise<{ session_token: string; user: { id: string } }> {
  const token = await firstRunToken(node.door.node)
  const firstRun = identityModule.operations.find(({ name }) => name === 'identity.first_run')
  if (firstRun === undefined) throw new Error('identity has no first run')
  const input = { token, name: 'Ada', email: 'ada@example.org', password: 'four quiet otters read' }
  const answer = await node.door.knock(firstRun, input, { channel: 'http', origin: 'http://127.0.0.1:5000', safe: false, source: '192.0.2.7' })
  if (answer.outcome !== 'done') throw new Error(answer.outcome)
  return answer.output as { session_token: string; user: { id: string } }
}

/** Until the process says so. @returns when it saw it */
async function seen(child: ChildProcess, granted: boolean): Promise<number> {
  for (;;) {
    const [news] = (await once(child, 'message')) as [{ granted: boolean; at: number }]
    if (news.granted === granted) return news.at
  }
}

const checks: Parameters<typeof report>[2][number][] = []
const rows: Record<string, string | number>[] = []

// In memory, without a database: the engine alone, depth, a large group, a condition.
const small = compileSchema(`
  definition user {}
  definition group { relation member: user | group#member }
  definition doc {
    relation reader: user | group#member | user with in_hours
    permission read = reader
  }
  caveat in_hours(hour int, from int, until int) { hour >= from && hour < until }
`)
const edge = (relationship: Relationship): Edge => {
  const made = edgeOf(small, relationship)
  if (typeof made === 'string') throw new Error(made)
  return made
}
const user = (id: string) => ({ type: 'user', id })
const group = (id: string) => ({ type: 'group', id, relation: 'member' })
const tuples = new MemoryTuples(small, [
  ...Array.from({ length: 100_000 }, (_, n) => edge({ object: { type: 'group', id: 'crowd' }, relation: 'member', subject: user(`u${n}`) })),
  ...Array.from({ length: 7 }, (_, n) => edge({ object: { type: 'group', id: `d${n}` }, relation: 'member', subject: group(`d${n + 1}`) })),
  edge({ object: { type: 'group', id: 'd7' }, relation: 'member', subject: user('deep') }),
  edge({ object: { type: 'doc', id: 'crowd' }, relation: 'reader', subject: group('crowd') }),
  edge({ object: { type: 'doc', id: 'deep' }, relation: 'reader', subject: group('d0') }),
  edge({ object: { type: 'doc', id: 'plain' }, relation: 'reader', subject: user('ada') }),
  edge({ object: { type: 'doc', id: 'hours' }, relation: 'reader', subject: user('ada'), caveat: { name: 'in_hours', context: { from: 8, until: 18 } } }),
])
const ask = (doc: string, id: string, expected: string) => () => {
  const answer = answerOf(small, check(small, tuples, { type: 'doc', id: doc }, 'read', user(id)), { context: { hour: 12 }, nowMs: 0 })
  if (answer !== expected) throw new Error(`${doc} ${id}: ${answer}`)
}
const plain = ask('plain', 'ada', 'yes')
const conditional = ask('hours', 'ada', 'yes')
loop(10_000, plain)
loop(10_000, conditional)
const ratios = Array.from({ length: 5 }, () => loop(10_000, plain) / loop(10_000, conditional))
const engine = {
  plain: loop(20_000, plain),
  conditional: loop(20_000, conditional),
  'depth 8': loop(5_000, ask('deep', 'deep', 'yes')),
  'group of 100,000, a member': loop(10_000, ask('crowd', 'u99999', 'yes')),
  'group of 100,000, a stranger': loop(10_000, ask('crowd', 'nobody', 'no')),
}
for (const [what, perSecond] of Object.entries(engine)) rows.push({ what: `engine: ${what}`, relationships: 100_012, 'per second': Math.round(perSecond) })
checks.push({ name: 'a condition makes a check dearer by the factor', value: Number(median(ratios).toFixed(2)), unit: '', bound: { max: 2 } })
checks.push({ name: 'depth 8', value: Math.round(engine['depth 8']), unit: 'checks/s', bound: { min: 50_000 } })
checks.push({ name: 'a group of 100,000', value: Math.round(engine['group of 100,000, a member']), unit: 'checks/s', bound: { min: 200_000 } })

/** How long the door waited for each answer. */
const tookMs: number[] = []

const t = await testNode({
  modules: [
    ledgerModule,
    subjectsModule,
    tenancyModule,
    accessModule,
    partnersModule,
    identityModule,
    defineModule({ name: 'look', operations: [look], problems: {} }),
  ],
  clock,
  plugs: {
    authenticate,
    allowed: async (...asked) => {
      const began = performance.now()
      const permit = await authorize(...asked)
      tookMs.push(performance.now() - began)
      return permit
    },
  },
})
try {
  for (let n = 0; n < 50; n++) {
    await t.database.transaction(tenant, (tx) =>
      writeRelations(tx, tenant, {
        touch: [{ object: { type: 'area', id: 'webhook' }, relation: 'can_read', subject: { type: 'role', id: role(n), relation: 'bearer' } }],
      }),
    )
  }
  const standing = standingOf(t.door.node)
  const area = [{ type: 'area', id: 'webhook' }]
  const prove = (n: number) => standing.prove(tenant, area, 'may_read', { type: 'staff', id: person(n) })
  let before = 0
  for (const size of sizes) {
    await grow(t, before, size)
    before = size
    standing.forget(tenant)
    // Each person is asked about once, so that every check goes to the database; half of them are members.
    let next = Math.floor(Math.random() * 1000)
    const step = 7_919
    const cold = await rate(() => {
      next = (next + step) % (size * 2)
      return t.database.transaction(tenant, (tx) => standing.proveIn(tx, tenant, area, 'may_read', { type: 'staff', id: person(next % size) }))
    }, clients)
    rows.push({ what: `PostgreSQL, ${clients} clients`, relationships: size, 'per second': Math.round(cold) })
    for (let n = 0; n < 1000; n++) await prove(n)
    const principals = Array.from({ length: 1000 }, (_, n): Principal => ({ kind: 'user', id: person(n), tenant, roles: [] }))
    await prove(0)
    frozen = Date.now()
    const warm = loop(40_000, (n) => {
      if (authorize(principals[n % 1000] as Principal, 'read', { type: 'webhook' }, t.door.node) !== true) throw new Error('a check left memory')
    })
    frozen = undefined
    rows.push({ what: 'from memory, as the door asks', relationships: size, 'per second': Math.round(warm) })
    if (size === sizes.at(-1)) {
      checks.push({ name: 'checks from memory', value: Math.round(warm), unit: '/s', bound: { min: 200_000 } })
      checks.push({
        name: `checks against PostgreSQL, ${clients} clients, ${size.toLocaleString('en')} relationships`,
        value: Math.round(cold),
        unit: '/s',
        bound: { min: 4_000 },
      })
    }
  }
  // Through the door, with a session, as requests come: half by a role that the session vouches for, half by one of one's own.
  const { session_token: sessionToken, user: account } = await signedIn(t)
  const knock = { channel: 'http' as const, origin: 'http://127.0.0.1:5000', safe: true, sessionToken, source: '192.0.2.7' }
  const sessions = await rate(() => authenticate(t.door.node, knock), clients)
  checks.push({ name: 'sessions verified', value: Math.round(sessions), unit: '/s', bound: { min: 5_000 } })
  tookMs.length = 0
  const staff = Array.from(
    { length: 1000 },
    (_, n): Principal => ({ kind: 'user', id: n % 2 === 0 ? person(n) : account.id, tenant, roles: n % 2 === 0 ? [] : ['auditor'] }),
  )
  for (const principal of staff) await t.door.enter(look, {}, principal)
  tookMs.length = 0
  const requests = await rate((n) => t.door.enter(look, {}, staff[n % 1000] as Principal), clients)
  const sorted = tookMs.toSorted((left, right) => left - right)
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? 0
  rows.push({ what: 'requests through the door', relationships: before, 'per second': Math.round(requests) })
  checks.push({ name: `a check inside a request, p99 of ${sorted.length}`, value: Number(p99.toFixed(3)), unit: 'ms', bound: { max: 1 } })

  // Two further processes hold the right in memory while it is taken away, ten times over.
  const watched = person(7_777_777)
  const holding = { object: { type: 'role', id: role(1) }, relation: 'holder', subject: { type: 'staff', id: watched } }
  const write = (change: Parameters<typeof writeRelations>[2]) => t.database.transaction(tenant, (tx) => writeRelations(tx, tenant, change))
  const { host, port, user: name, database } = t.database.pool.options
  const connection = { host, port, user: name, database }
  const argument = JSON.stringify({ connection, tenant, user: watched })
  const processes = [0, 1].map(() => fork(join(import.meta.dirname, 'access/watcher.ts'), [argument]))
  const next = (granted: boolean) => Promise.all(processes.map((child) => seen(child, granted)))
  let worst = 0
  try {
    await next(false)
    for (let round = 0; round < 10; round++) {
      const given = next(true)
      await write({ touch: [holding] })
      await given
      // Each round begins at another age of what is remembered.
      await new Promise((resolve) => setTimeout(resolve, 60 * round))
      const taken = next(false)
      await write({ delete: [holding] })
      const committed = Date.now()
      worst = Math.max(worst, ...(await taken).map((at) => at - committed))
    }
  } finally {
    for (const child of processes) child.kill()
  }
  checks.push({ name: 'a right taken away is refused in two other processes, worst of 10', value: worst, unit: 'ms', bound: { max: 1_000 } })
} finally {
  await t.close()
  await stop()
  await rm(instanceDir, { recursive: true, force: true })
}
report('access', rows, checks)
