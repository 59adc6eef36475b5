/** Runs over a live PostgreSQL that is down, changed, locked or no longer theirs to read: each ends in a named state, and nothing comes of it. */
import type { Id } from '@gatehouse/core/id'
import type { QueryPlanInput } from '@gatehouse/query/plan/schema'
import { type TestDatabase, testDatabase } from '@gatehouse/runtime/data/testing/database'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { lookAt } from '../../../custody/catalog/looks/testing/look-at.ts'
import { addSource } from '../../../custody/catalog/sources/add.ts'
import { changeSource } from '../../../custody/catalog/sources/change.ts'
import { putSourceSecret } from '../../../custody/catalog/sources/put-secret.ts'
import { createPartner } from '../../../governance/partners/create.ts'
import { updatePartner } from '../../../governance/partners/update.ts'
import { removeMember } from '../../../governance/projects/members.ts'
import { type QueryNode, queryNode } from '../testing/query.ts'
import { cancelRun } from './cancel.ts'
import { retrySeconds } from './queue.ts'

let other: TestDatabase
let n: QueryNode
let source: Id<'data_source'>

const plan: QueryPlanInput = {
  version: 1,
  form: 'anonymised',
  sources: [{ as: 'patients', table: 'live.patients' }],
  elements: [
    { name: 'born', source: 'patients', column: 'born', role: 'quasi', type: 'integer', hierarchy: { kind: 'interval', widths: [10, 40] } },
    { name: 'town', source: 'patients', column: 'town', role: 'quasi' },
  ],
  treatment: { models: [{ model: 'k_anonymity', k: 5 }], suppression_limit: 0.1 },
  output: { title: 'Towns', formats: ['json'] },
}

async function there(sql: string): Promise<void> {
  const client = new pg.Client(other.connection)
  await client.connect()
  await client.query(sql).finally(() => client.end())
}
const settings = (more: object = {}) => ({ host: other.connection.host, port: other.connection.port, database: other.connection.database, tls: 'off', ...more })
const secret = (user = other.connection.user) => ({ user, password: '' })

beforeAll(async () => {
  other = await testDatabase()
  n = await queryNode({ egressAllow: [other.connection.host] })
  await there('CREATE TABLE patients (id text PRIMARY KEY, born integer, town text)')
  const asked = { slug: 'live', kind: 'postgresql', title: 'Live', settings: settings(), secret: secret() }
  source = (await n.done<{ id: Id<'data_source'> }>(addSource, asked, n.officer)).id
  await lookAt(n.t, source, n.officer)
})
afterAll(async () => {
  await n?.t.close()
  await other?.drop()
})
beforeEach(async () => {
  await there(`DROP TABLE patients; CREATE TABLE patients (id text PRIMARY KEY, born integer, town text);
    INSERT INTO patients SELECT 'P' || n, 1950 + n % 20, (ARRAY['York', 'Leeds'])[1 + n % 2] FROM generate_series(1, 300) n`)
  await n.done(changeSource, { source, settings: settings() }, n.officer)
  await n.done(putSourceSecret, { source, secret: secret() }, n.officer)
})

async function begun(more: object = {}) {
  const of = await n.project(['live.patients'], more)
  return { of, run: await n.start(of, await n.plan(of, plan)) }
}

it('a live source is read and comes to a result', async () => {
  const { of, run } = await begun()
  await n.conduct(run.id)
  expect(await n.look(of, run.id)).toMatchObject({ state: 'held_for_review' })
})

it('a source that is down is waited for, and given up', async () => {
  const { of, run } = await begun()
  await n.done(changeSource, { source, settings: settings({ port: 1 }) }, n.officer)
  for (const seconds of retrySeconds) {
    await n.conduct(run.id)
    expect(await n.look(of, run.id)).toMatchObject({ state: 'waiting', reason: 'source_unreachable' })
    // Not before its time.
    expect(await n.conduct(run.id)).toMatchObject({ output: { outcome: 'not_open' } })
    n.t.clock.advance((seconds + 1) * 1_000)
  }
  await n.conduct(run.id)
  expect(await n.look(of, run.id)).toMatchObject({ state: 'failed', reason: 'source_unreachable', result: null })
})

it('a source that comes back is read then', async () => {
  const { of, run } = await begun()
  await n.done(changeSource, { source, settings: settings({ port: 1 }) }, n.officer)
  await n.conduct(run.id)
  await n.done(changeSource, { source, settings: settings() }, n.officer)
  n.t.clock.advance((retrySeconds[0] + 1) * 1_000)
  await n.conduct(run.id)
  expect(await n.look(of, run.id)).toMatchObject({ state: 'held_for_review' })
})

it('credentials that were changed at the source', async () => {
  const { of, run } = await begun()
  await n.done(putSourceSecret, { source, secret: secret('nobody_here') }, n.officer)
  await n.conduct(run.id)
  const ended = await n.look(of, run.id)
  expect(ended).toMatchObject({ state: 'failed', reason: 'source_refused', result: null })
  expect(ended.detail).not.toContain('nobody_here')
})

it('a column that is gone, and one of another type', async () => {
  for (const change of ['DROP COLUMN town', 'ALTER COLUMN born TYPE text']) {
    const { of, run } = await begun()
    await there(`ALTER TABLE patients ${change}`)
    await n.conduct(run.id)
    expect(await n.look(of, run.id)).toMatchObject({ state: 'failed', reason: 'source_drifted', result: null })
  }
})

/** Somebody at the source holds the table, so reading waits. */
async function held<T>(act: () => Promise<T>): Promise<T> {
  const client = new pg.Client(other.connection)
  await client.connect()
  await client.query('BEGIN; LOCK TABLE patients IN ACCESS EXCLUSIVE MODE')
  return act().finally(() => client.end())
}
const reading = async (of: Awaited<ReturnType<typeof begun>>['of'], run: string) => {
  for (;;) {
    const { steps } = await n.look(of, run)
    if (steps.some(({ state }) => state === 'running')) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

it('a source that gives a reading up because it took too long', async () => {
  const { of, run } = await begun()
  await held(async () => {
    const conducted = n.conduct(run.id)
    await reading(of, run.id)
    // What a server's own cap does, too.
    const admin = new pg.Client(other.superuser)
    await admin.connect()
    const cancelled = `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
    for (let found = 0; found === 0; ) found = (await admin.query(cancelled)).rowCount ?? 0
    await admin.end()
    expect(await conducted).toMatchObject({ output: { outcome: 'source_slow' } })
  })
  const ended = await n.look(of, run.id)
  expect(ended).toMatchObject({ state: 'failed', reason: 'source_slow', result: null })
  expect(ended.detail).toContain('did not answer in the time')
})

it('stops within a second when its member is removed', async () => {
  const { of, run } = await begun()
  await held(async () => {
    const conducted = n.conduct(run.id)
    await reading(of, run.id)
    await n.done(removeMember, { project: of.project, member: of.members[1] }, n.officer)
    const at = performance.now()
    n.t.clock.advance(600)
    expect(await conducted).toMatchObject({ output: { outcome: 'not_member' } })
    expect(performance.now() - at).toBeLessThan(1_000)
  })
  expect(await n.look(of, run.id)).toMatchObject({ state: 'refused', reason: 'not_member', result: null })
})

it('stops when the standing of the partner that it works for comes to its date', async () => {
  await n.done(createPartner, { reference: 'a-company', name: 'A company' }, n.officer)
  const { of, run } = await begun({ partner: 'a-company' })
  await held(async () => {
    const conducted = n.conduct(run.id)
    await reading(of, run.id)
    await n.done(updatePartner, { partner: 'a-company', expires_at: new Date(n.t.clock.nowMs() + 1).toISOString() }, n.officer)
    n.t.clock.advance(600)
    expect(await conducted).toMatchObject({ output: { outcome: 'project_closed' } })
  })
  expect(await n.look(of, run.id)).toMatchObject({ state: 'refused', reason: 'project_closed', result: null })
})

it('stops within a second when it is cancelled', async () => {
  const { of, run } = await begun()
  await held(async () => {
    const conducted = n.conduct(run.id)
    await reading(of, run.id)
    await n.done(cancelRun, { project: of.project, run: run.id }, of.analyst)
    const at = performance.now()
    expect(await conducted).toMatchObject({ output: { outcome: 'taken' } })
    expect(performance.now() - at).toBeLessThan(1_000)
  })
  expect(await n.look(of, run.id)).toMatchObject({ state: 'cancelled', reason: 'cancelled', result: null })
})
