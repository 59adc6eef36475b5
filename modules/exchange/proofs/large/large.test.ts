/** The job around a proof over a large set. What computes is a process of its own; here a package stands in for o1js that never ends. */
import { createHash } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { systemPrincipal } from '@gatehouse/runtime/base/context'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { vaultModule } from '../../../custody/vault/index.ts'
import { consentsModule } from '../../../governance/consents/index.ts'
import { partnersModule } from '../../../governance/partners/index.ts'
import { policiesModule } from '../../../governance/policies/index.ts'
import { requestsModule } from '../../../governance/requests/index.ts'
import { tenancyModule } from '../../../governance/tenancy/index.ts'
import { appendEntry, ledgerModule, logVkey, sequence } from '../../../ledger/index.ts'
import { findSubject, subjectsModule } from '../../../subjects/index.ts'
import { releaseModule } from '../../release/index.ts'
import { accept } from '../accept.ts'
import { proofsModule } from '../index.ts'
import { read } from '../read.ts'
import { endlessO1js } from '../testing/endless-o1js.ts'
import { proveLarge } from './ask.ts'
import { proveQueued } from './prove-queued.ts'
import { cancelRequest, readRequest, requests } from './requests.ts'
import { forgetLeaves } from './store.ts'

const modules = [
  ledgerModule,
  subjectsModule,
  tenancyModule,
  partnersModule,
  policiesModule,
  consentsModule,
  requestsModule,
  vaultModule,
  releaseModule,
  proofsModule,
]
const request_hash = createHash('sha256').update('large').digest('hex')
const terms = { purposes: ['dpv:DirectMarketing'], recipients: ['harbour-bank'], data_classes: ['employee'], method: 'paper' }
const claim = { user_id: 'P3', grantee: 'harbour-bank', purpose: 'dpv:DirectMarketing', data_class: 'employee', request_hash, verifier: 'harbour-bank' }

/** A node with 40 persons who consented until different months, and one of whom is asked for. */
async function arranged(o1jsFolder: string) {
  const t = await testNode({ modules, plugs: { append: appendEntry }, o1jsFolder })
  // biome-ignore lint/suspicious/noExplicitAny: answers of every operation
  const done = async (operation: AnyOperation, input: unknown, principal = t.admin): Promise<any> => {
    const answer = await t.door.enter(operation, input, principal)
    if (answer.outcome !== 'done') throw new Error(`${operation.name}: ${JSON.stringify(answer)}`)
    return answer.output
  }
  const refused = async (operation: AnyOperation, input: unknown) => {
    const answer = await t.door.enter(operation, input, t.admin)
    return answer.outcome === 'refused' ? answer.problem.document() : answer
  }
  const named = (module: { operations: readonly AnyOperation[] }, name: string) => module.operations.find((each) => each.name === name) as AnyOperation
  await done(named(partnersModule, 'partners.create'), { reference: 'harbour-bank', name: 'Harbour Bank' })
  const consents = Array.from({ length: 40 }, (_, at) => ({
    user_id: `P${at}`,
    ...terms,
    until: `2027-${String((at % 12) + 1).padStart(2, '0')}-20T00:00:00Z`,
  }))
  await done(named(consentsModule, 'consents.import'), { consents })
  return { t, done, refused, job: (input: object, tenant = t.tenant) => done(proveQueued, input, systemPrincipal(tenant)) }
}

describe('a proof over a large set', () => {
  let folder: string
  let t: TestNode
  let world: Awaited<ReturnType<typeof arranged>>
  beforeAll(async () => {
    folder = await endlessO1js()
    world = await arranged(folder)
    t = world.t
  })
  afterAll(async () => {
    await t.close()
    await rm(folder, { recursive: true, force: true })
  })
  const state = async (request: string) => world.done(readRequest, { request })
  const until = async (request: string, wanted: string) => {
    for (let tries = 0; tries < 100; tries++) {
      if ((await state(request)).state === wanted) return
      await wait(50)
    }
    throw new Error(`the request did not become ${wanted}`)
  }
  const processes = async () =>
    (await import('node:child_process'))
      .execFileSync('ps', ['-eo', 'args'])
      .toString()
      .split('\n')
      .filter((line) => line.includes(folder)).length

  it('is refused for an unknown person, and waits for the job with a place in the list', async () => {
    expect(await world.refused(proveLarge, { ...claim, user_id: 'nobody' })).toMatchObject({ type: '/problems/proofs/not-in-set' })
    const asked = await world.done(proveLarge, claim)
    expect(asked).toMatchObject({ state: 'queued', proof: null })
    expect(t.enqueued.at(-1)).toMatchObject({ queue: 'proofs-large', data: { request: asked.id } })
    expect(JSON.stringify((await world.done(requests, { limit: 10 })).data)).not.toContain('P3')
    await world.done(cancelRequest, { request: asked.id })
    expect(await world.job({ request: asked.id })).toEqual({ outcome: 'not_open' })
    expect(await world.refused(cancelRequest, { request: asked.id })).toMatchObject({ type: '/problems/proofs/request-ended' })
  })

  it('ends its process when it is cancelled under way, and keeps nothing', async () => {
    const { id } = await world.done(proveLarge, claim)
    const running = world.job({ request: id })
    await until(id, 'proving')
    expect(await state(id)).toMatchObject({ stage: 'gathering', stages: 4 })
    expect(await processes()).toBe(1)
    await world.done(cancelRequest, { request: id })
    expect(await running).toEqual({ outcome: 'cancelled' })
    expect(await processes()).toBe(0)
    const rows = await t.database.transaction(t.tenant, (tx) => tx.query('SELECT FROM proofs.request_subject'))
    expect(rows).toHaveLength(0)
  })

  it('is made by one job at a time, and taken over only from one that has been silent for a minute', async () => {
    const { id } = await world.done(proveLarge, claim)
    const running = world.job({ request: id })
    await until(id, 'proving')
    expect(await world.job({ request: id })).toEqual({ outcome: 'not_open' })
    await world.done(cancelRequest, { request: id })
    await running

    // As after kill -9: the row says that it is proving, and nobody says that it lives.
    const left = await world.done(proveLarge, claim)
    await t.database.transaction(t.tenant, (tx) =>
      tx.query(`UPDATE proofs.request SET state = 'proving', alive_at = $2 WHERE id = $1`, [left.id, new Date(t.clock.nowMs())]),
    )
    t.clock.advance(61_000)
    const again = world.job({ request: left.id })
    await wait(500)
    expect((await state(left.id)).state).toBe('proving')
    await world.done(cancelRequest, { request: left.id })
    expect(await again).toEqual({ outcome: 'cancelled' })
  })

  it('fails with its reason where the process dies, and for a person who was erased while it waited', async () => {
    const { id } = await world.done(proveLarge, claim)
    const running = world.job({ request: id })
    await until(id, 'proving')
    const { execFileSync } = await import('node:child_process')
    for (const line of execFileSync('ps', ['-eo', 'pid,args'])
      .toString()
      .split('\n')
      .filter((each) => each.includes(folder)))
      process.kill(Number(line.trim().split(' ')[0]), 'SIGKILL')
    expect(await running).toEqual({ outcome: 'ended' })
    expect(await state(id)).toMatchObject({ state: 'failed', reason: 'ended', proof: null })

    const erased = await world.done(proveLarge, claim)
    const subject = await t.database.transaction(t.tenant, (tx) => findSubject(tx, t.door.node, 'P3'))
    expect(await t.database.transaction(t.tenant, (tx) => forgetLeaves(tx, subject?.id as never))).toEqual({ leaves: 0, requests: 1 })
    expect(await world.job({ request: erased.id })).toEqual({ outcome: 'not_in_set' })
  })
})

it('without o1js it is said how to add it', async () => {
  const world = await arranged('/nowhere')
  expect(await world.refused(proveLarge, claim)).toMatchObject({ type: '/problems/proofs/o1js-missing', detail: expect.stringContaining('npm install') })
  await world.t.close()
})

describe.skipIf(process.env.GATEHOUSE_O1JS === undefined)('with o1js (skipped unless GATEHOUSE_O1JS names its folder)', () => {
  it('is made, verifies, and is accepted once', { timeout: 30 * 60_000 }, async () => {
    const world = await arranged(process.env.GATEHOUSE_O1JS ?? '')
    const { t, done } = world
    let stop = false
    const sequencer = (async () => {
      while (!stop) {
        await sequence(t.door.node)
        await wait(50)
      }
    })()
    const { id } = await done(proveLarge, claim)
    expect(await world.job({ request: id })).toEqual({ outcome: 'made' })
    const made = await done(readRequest, { request: id })
    expect(made).toMatchObject({ state: 'made', members: 40 })
    const document = await done(read, { proof: made.proof })
    expect(document).toMatchObject({ system: 'gh-kimchi-v1', statement: { expiry: 'any' }, set: { size: 40 } })
    expect(JSON.stringify(document)).not.toContain('P3')
    const input = { document, request_hash, verifier: 'harbour-bank', vkey: await logVkey(t.door.node, t.tenant) }
    expect(await done(accept, input)).toMatchObject({ accepted: true })
    expect(await world.refused(accept, input)).toMatchObject({ type: '/problems/proofs/nullifier-replayed' })
    expect(await world.refused(accept, { ...input, document: { ...document, set: { ...document.set, size: 39 } } })).toMatchObject({
      reason: 'set_not_published',
    })
    if (process.env.GATEHOUSE_KEEP_PROOF !== undefined) await writeFile(process.env.GATEHOUSE_KEEP_PROOF, JSON.stringify({ document, vkey: input.vkey }))
    stop = true
    await sequencer
    await t.close()
  })
})
