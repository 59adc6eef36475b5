import type { Id } from '@gatehouse/core/id'
import { systemPrincipal } from '@gatehouse/runtime/base/context'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import type { CloudEvent } from '@gatehouse/runtime/work/outbox'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { dispatcher } from '../../../runtime/edge/dispatcher.ts'
import { openBoss, runJobs } from '../../../runtime/edge/worker.ts'
import { permissionsOf } from '../../../runtime/work/permission.ts'
import { queueOn } from '../../../runtime/work/queue.ts'
import { allowed } from '../../governance/access/index.ts'
import { partnersModule } from '../../governance/partners/index.ts'
import { createWebhook } from './create.ts'
import { deleteWebhook } from './delete.ts'
import { deliver } from './deliver.ts'
import { listDeliveries } from './deliveries.ts'
import { fanOut } from './fan-out.ts'
import { webhooksModule } from './index.ts'
import { listWebhooks } from './list.ts'
import { testWebhook } from './ping.ts'
import { readWebhook } from './read.ts'
import { replayDelivery } from './replay.ts'
import { rotateSecret } from './rotate.ts'
import { answerBytesMax, attemptsPerJob, deliverOptions, deliverQueue, deliveryKeptDays, signingSecretsMax, webhooksPerOwnerMax } from './schema.ts'
import { type Receiver, startReceiver } from './testing/receiver.ts'
import { tidyLoop } from './tidy.ts'
import { updateWebhook } from './update.ts'

const partnersMade = ['01980000-0000-7000-8000-00000000b001', '01980000-0000-7000-8000-00000000b002'] as Id<'partner'>[]
const [harbour, quay] = partnersMade as [Id<'partner'>, Id<'partner'>]
const outsideTenant = '01980000-0000-7000-8000-000000000002' as Id<'tenant'>

let t: TestNode
let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver()
  t = await testNode({ modules: [partnersModule, webhooksModule], plugs: { allowed }, egressAllow: ['127.0.0.1', 'hooks.example.org', '*.inside.example'] })
  await t.database.transaction(t.tenant, (tx) =>
    Promise.all(
      partnersMade.map((id, at) =>
        tx.query(`INSERT INTO partners.partner (tenant_id, id, reference, name, status, created_at) VALUES ($1, $2, $3, 'A partner', 'active', now())`, [
          t.tenant,
          id,
          `partner-${at}`,
        ]),
      ),
    ),
  )
})
afterAll(async () => {
  await t.close()
  await receiver.close()
})
afterEach(async () => {
  vi.useRealTimers()
  receiver.answer({ status: 204 })
  receiver.received.length = 0
  t.enqueued.length = 0
  await t.database.transaction('node', (tx) => tx.query('DELETE FROM webhooks.webhook'))
  await setPartner(harbour, 'active')
})

const asPartner = (partner: Id<'partner'>) => t.principal({ kind: 'partner', id: partner, partner, roles: ['partner'] })
const setPartner = (id: Id<'partner'>, status: string) =>
  t.database.transaction(t.tenant, (tx) => tx.query('UPDATE partners.partner SET status = $3 WHERE tenant_id = $1 AND id = $2', [t.tenant, id, status]))

function done<T>(answer: { outcome: string; output?: T }): T {
  if (answer.outcome !== 'done') throw new Error(`not done but ${answer.outcome}`)
  return answer.output as T
}
const refusedAs = (slug: string) => ({ outcome: 'refused', problem: { kind: { type: `/problems/${slug}` } } })
const thrownAs = (slug: string) => ({ kind: { type: `/problems/${slug}` } })

const create = async (principal = t.admin, input: { url?: string; types?: 'all' | string[] } = {}) =>
  done(await t.door.enter(createWebhook, { url: receiver.url, ...input }, principal))

let events = 0
function event(more: Partial<CloudEvent> = {}): CloudEvent {
  events += 1
  return {
    specversion: '1.0',
    id: `01980000-0000-7000-8000-00000000${(0xe000 + events).toString(16)}` as Id<'event'>,
    source: `/tenants/${t.tenant}`,
    type: 'release.redeemed',
    subject: 'r-1',
    time: new Date(t.clock.nowMs()).toISOString(),
    datacontenttype: 'application/json',
    data: { release: 'r-1', partner: harbour },
    logindex: events,
    ...more,
  }
}

/** The jobs that the events caused, taken off the queue. */
async function announce(...news: CloudEvent[]) {
  await fanOut.handle(t.door.node, t.tenant, news)
  return t.enqueued.splice(0).map(({ data }) => ({ webhook: String(data.webhook), delivery: String(data.delivery) }))
}
const attempt = (job: { webhook: string; delivery: string }) => t.door.enter(deliver, job, systemPrincipal(t.tenant))
const deliveriesOf = async (webhook: string) => done(await t.door.enter(listDeliveries, { webhook }, t.admin)).data

/** As a receiver checks it with the published library, on the test's clock. */
function verify(secret: string, at = 0) {
  const { headers, body } = receiver.received.at(at)!
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(t.clock.nowMs())
  try {
    return new StandardWebhook(secret).verify(body, headers as Record<string, string>)
  } finally {
    vi.useRealTimers()
  }
}

describe('an address is refused', () => {
  it.each([
    ['a host that is not listed', 'https://elsewhere.example/hook', 'GATEHOUSE_EGRESS_ALLOW'],
    ['a private address that is not listed', 'https://10.0.0.8/hook', 'GATEHOUSE_EGRESS_ALLOW'],
    ['the metadata service of a cloud', 'http://169.254.169.254/latest', 'only https'],
    ['plain http to another machine, listed or not', 'http://hooks.example.org/', 'use https'],
    ['a password in it', 'https://user:secret@hooks.example.org/', 'must not hold a password'],
    ['no URL', 'hooks', 'not a URL'],
  ])('%s', async (_, url, words) => {
    const answer = await t.door.enter(createWebhook, { url }, t.admin)
    expect(answer).toMatchObject(refusedAs('webhooks/url-refused'))
    expect(answer.outcome === 'refused' && answer.problem.detail).toContain(words)
  })
})

describe('a webhook', () => {
  it('is refused beyond the limit of its owner, and not because of another', async () => {
    for (let made = 0; made < webhooksPerOwnerMax; made++) await create(asPartner(harbour))
    expect(await t.door.enter(createWebhook, { url: receiver.url }, asPartner(harbour))).toMatchObject(refusedAs('webhooks/too-many'))
    await create(asPartner(quay))
    await create()
  })

  it('takes no types that nothing could have', async () => {
    for (const types of [[], ['release'], ['Release.redeemed'], 'some'])
      await expect(t.door.enter(createWebhook, { url: receiver.url, types: types as string[] }, t.admin)).rejects.toMatchObject(thrownAs('door/input-invalid'))
  })

  it('shows its secret once, and keeps it under the key of its tenant', async () => {
    const made = await create()
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(JSON.stringify(done(await t.door.enter(readWebhook, { webhook: made.id }, t.admin)))).not.toContain('whsec_')
    const rows = await t.database.transaction(t.tenant, (tx) => tx.query<{ wrapped: Buffer }>('SELECT wrapped FROM webhooks.secret'))
    expect(rows).toHaveLength(1)
    expect(rows[0]!.wrapped.includes(Buffer.from(made.secret.slice(6), 'base64'))).toBe(false)
    expect(JSON.stringify(t.entries) + t.logLines.join('')).not.toContain('whsec_')
  })

  it('of a partner is unseen and untouched by another partner and by another institution', async () => {
    const { id } = await create(asPartner(harbour))
    const [job] = await announce(event())
    for (const principal of [asPartner(quay), t.principal({ tenant: outsideTenant })]) {
      await expect(t.door.enter(readWebhook, { webhook: id }, principal)).rejects.toMatchObject(thrownAs('door/not-found'))
      await expect(t.door.enter(updateWebhook, { webhook: id, state: 'paused' }, principal)).rejects.toMatchObject(thrownAs('door/not-found'))
      await expect(t.door.enter(rotateSecret, { webhook: id }, principal)).rejects.toMatchObject(thrownAs('door/not-found'))
      await expect(t.door.enter(listDeliveries, { webhook: id }, principal)).rejects.toMatchObject(thrownAs('door/not-found'))
      await expect(t.door.enter(replayDelivery, { webhook: id, delivery: job!.delivery }, principal)).rejects.toMatchObject(thrownAs('door/not-found'))
      await expect(t.door.enter(testWebhook, { webhook: id }, principal)).rejects.toMatchObject(thrownAs('door/not-found'))
      await expect(t.door.enter(deleteWebhook, { webhook: id }, principal)).rejects.toMatchObject(thrownAs('door/not-found'))
      expect(done(await t.door.enter(listWebhooks, { partner: harbour }, principal)).data).toEqual([])
    }
    expect(done(await t.door.enter(listWebhooks, {}, asPartner(harbour))).data.map((each) => each.id)).toEqual([id])
  })

  it('of a partner may be paused by staff, who learns no secret of it', async () => {
    const { id } = await create(asPartner(harbour))
    expect(await t.door.enter(rotateSecret, { webhook: id }, t.admin)).toMatchObject(refusedAs('webhooks/not-owner'))
    expect(done(await t.door.enter(updateWebhook, { webhook: id, state: 'paused' }, t.admin))).toMatchObject({ state: 'paused', owner: harbour })
  })

  it('cannot be made to deliver by a partner', async () => {
    await create(asPartner(harbour))
    const [job] = await announce(event())
    await expect(t.door.enter(deliver, job!, asPartner(harbour))).rejects.toMatchObject(thrownAs('door/not-allowed'))
    expect(receiver.received).toEqual([])
  })

  it('leaves nothing when it is deleted, and a job that still waits does nothing', async () => {
    const { id } = await create()
    const [job] = await announce(event())
    done(await t.door.enter(deleteWebhook, { webhook: id }, t.admin))
    expect(done(await attempt(job!))).toEqual({ delivered: false })
    expect(receiver.received).toEqual([])
    expect(t.entries.at(-1)).toMatchObject({ type: 'webhooks.delete', facts: { object: { kind: 'webhook', id } } })
  })

  it('pages through its list', async () => {
    const made = [await create(), await create(), await create()].map(({ id }) => id)
    const first = done(await t.door.enter(listWebhooks, { limit: 2 }, t.admin))
    const second = done(await t.door.enter(listWebhooks, { limit: 2, cursor: first.next! }, t.admin))
    expect([...first.data, ...second.data].map(({ id }) => id).sort()).toEqual(made.sort())
    expect(second.next).toBeNull()
  })
})

describe('an event', () => {
  it('reaches only the partner it names, the institution, and nobody paused or suspended', async () => {
    const theirs = await create(asPartner(harbour))
    await create(asPartner(quay))
    const own = await create()
    const paused = await create()
    await t.door.enter(updateWebhook, { webhook: paused.id, state: 'paused' }, t.admin)
    expect((await announce(event())).map(({ webhook }) => webhook).sort()).toEqual([theirs.id, own.id].sort())
    expect((await announce(event({ data: {} }))).map(({ webhook }) => webhook)).toEqual([own.id])
    await setPartner(harbour, 'suspended')
    expect((await announce(event())).map(({ webhook }) => webhook)).toEqual([own.id])
  })

  it('that is handed on twice is delivered once', async () => {
    const { id } = await create()
    const news = event()
    expect(await announce(news)).toHaveLength(1)
    expect(await announce(news)).toEqual([])
    expect(await deliveriesOf(id)).toHaveLength(1)
  })

  it('arrives signed, as the event and nothing else', async () => {
    const { id, secret } = await create()
    const news = event()
    const [job] = await announce(news)
    expect(done(await attempt(job!))).toEqual({ delivered: true })
    expect(verify(secret)).toEqual(news)
    expect(() => verify(`whsec_${Buffer.alloc(32, 9).toString('base64')}`)).toThrow('No matching signature found')
    expect(receiver.received[0]!.headers).toMatchObject({
      'webhook-id': news.id,
      'webhook-timestamp': String(t.clock.nowMs() / 1000),
      'content-type': 'application/cloudevents+json; charset=utf-8',
    })
    expect(JSON.stringify(receiver.received[0])).not.toContain(secret.slice(6))
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'delivered', attempts: 1, last_status: 204, last_error: null }])
    expect(done(await attempt(job!))).toEqual({ delivered: false })
    expect(receiver.received).toHaveLength(1)
  })

  it('is not sent to a partner suspended meanwhile', async () => {
    const { id } = await create(asPartner(harbour))
    const [job] = await announce(event())
    await setPartner(harbour, 'suspended')
    expect(done(await attempt(job!))).toEqual({ delivered: false })
    expect(receiver.received).toEqual([])
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'dead', last_error: 'not sent: the partner is not active' }])
  })
})

describe('a new secret', () => {
  it('signs beside the old one for 24 hours, then alone', async () => {
    const { id, secret } = await create()
    const fresh = done(await t.door.enter(rotateSecret, { webhook: id }, t.admin)).secret
    expect(fresh).not.toBe(secret)
    const [during] = await announce(event())
    await attempt(during!)
    expect(verify(secret)).toEqual(verify(fresh))
    t.clock.advance(24 * 60 * 60_000)
    const [after] = await announce(event())
    await attempt(after!)
    expect(verify(fresh, 1)).toMatchObject({ specversion: '1.0' })
    expect(() => verify(secret, 1)).toThrow('No matching signature found')
  })

  it('is refused when too many sign, and the newest stays the newest', async () => {
    const { id } = await create()
    let newest = ''
    for (let signing = 1; signing < signingSecretsMax; signing++) newest = done(await t.door.enter(rotateSecret, { webhook: id }, t.admin)).secret
    expect(await t.door.enter(rotateSecret, { webhook: id }, t.admin)).toMatchObject(refusedAs('webhooks/rotated-too-often'))
    t.clock.advance(24 * 60 * 60_000)
    const [job] = await announce(event())
    await attempt(job!)
    expect(verify(newest)).toMatchObject({ specversion: '1.0' })
    expect(receiver.received[0]!.headers['webhook-signature']).not.toContain(' ')
    done(await t.door.enter(rotateSecret, { webhook: id }, t.admin))
  })
})

describe('an attempt fails', () => {
  it.each([
    [
      'at a redirect, which is not followed',
      { status: 307, headers: { location: '/elsewhere' } },
      { last_status: 307, last_error: 'the receiver answered 307; a redirect is not followed' },
    ],
    ['at an error', { status: 500 }, { last_status: 500, last_error: 'the receiver answered 500' }],
    [
      'at an answer that is too large, which is cut',
      { status: 200, body: 'x'.repeat(answerBytesMax + 1) },
      { last_status: null, last_error: `127.0.0.1 answered with more than ${answerBytesMax} bytes` },
    ],
  ])('%s', async (_, answer, kept) => {
    const { id } = await create()
    receiver.answer(answer)
    const [job] = await announce(event())
    await expect(attempt(job!)).rejects.toMatchObject(thrownAs('webhooks/delivery-failed'))
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'pending', attempts: 1, ...kept }])
    expect(receiver.received).toHaveLength(1)
  })

  it('at a name of the list that leads to nobody, and no attempt is audited', async () => {
    const before = t.entries.length
    const { id } = await create(t.admin, { url: 'https://nobody.inside.example/' })
    const [job] = await announce(event())
    await expect(attempt(job!)).rejects.toMatchObject(thrownAs('webhooks/delivery-failed'))
    expect((await deliveriesOf(id))[0]?.last_error).toContain('nobody.inside.example')
    expect(t.entries.slice(before).map(({ type }) => type)).toEqual(['webhooks.create'])
  })

  it('without a connection while a receiver that gave no answer rests', async () => {
    const dead = await startReceiver()
    await dead.close()
    const { id } = await create(t.admin, { url: dead.url })
    const [first, second] = await announce(event(), event())
    await expect(attempt(first!)).rejects.toMatchObject({ detail: expect.stringContaining('could not be reached') })
    await expect(attempt(second!)).rejects.toMatchObject({ detail: expect.stringContaining('not tried') })
    t.clock.advance(31_000)
    await expect(attempt(second!)).rejects.toMatchObject({ detail: expect.stringContaining('could not be reached') })
    expect((await deliveriesOf(id)).map(({ attempts }) => attempts).sort()).toEqual([1, 2])
  })
})

describe('a receiver that', () => {
  it('fails every time leaves the delivery dead and the webhook parked; a replay delivers the same event', async () => {
    const { id, secret } = await create(asPartner(harbour))
    const news = event()
    const [job] = await announce(news)
    receiver.answer({ status: 503 })
    for (let tried = 0; tried < attemptsPerJob; tried++) await expect(attempt(job!)).rejects.toMatchObject(thrownAs('webhooks/delivery-failed'))
    expect(done(await attempt(job!))).toEqual({ delivered: false })
    const read = done(await t.door.enter(readWebhook, { webhook: id }, asPartner(harbour)))
    expect(read).toMatchObject({ state: 'parked', last_deliveries: [{ state: 'dead', attempts: attemptsPerJob, last_status: 503 }] })
    expect(t.entries.at(-1)).toMatchObject({ type: 'webhooks.parked', facts: { object: { id }, partner: harbour } })

    const again = { webhook: id, delivery: job!.delivery }
    expect(await t.door.enter(replayDelivery, again, asPartner(harbour))).toMatchObject(refusedAs('webhooks/not-active'))
    expect(await t.door.enter(testWebhook, { webhook: id }, asPartner(harbour))).toMatchObject(refusedAs('webhooks/not-active'))
    await t.door.enter(updateWebhook, { webhook: id, state: 'active' }, asPartner(harbour))
    done(await t.door.enter(replayDelivery, again, asPartner(harbour)))
    expect(t.enqueued.splice(0)).toEqual([{ queue: deliverQueue, data: { tenant: t.tenant, ...again } }])
    expect(await t.door.enter(replayDelivery, again, asPartner(harbour))).toMatchObject(refusedAs('webhooks/still-pending'))

    receiver.answer({ status: 200 })
    t.clock.advance(4 * 86_400_000)
    expect(done(await attempt(job!))).toEqual({ delivered: true })
    expect(verify(secret, -1)).toEqual(news)
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'delivered', attempts: attemptsPerJob + 1 }])
  })

  it('took another event meanwhile is not parked', async () => {
    const { id } = await create()
    const [bad, good] = await announce(event(), event())
    receiver.answer({ status: 500 })
    for (let tried = 1; tried < attemptsPerJob; tried++) await attempt(bad!).catch(() => {})
    receiver.answer({ status: 200 })
    await attempt(good!)
    receiver.answer({ status: 500 })
    await attempt(bad!).catch(() => {})
    expect(done(await t.door.enter(readWebhook, { webhook: id }, t.admin))).toMatchObject({ state: 'active' })
    expect((await deliveriesOf(id)).map(({ state }) => state).sort()).toEqual(['dead', 'delivered'])
  })

  it('says 410 is paused at once, and what was on its way is dead', async () => {
    const { id } = await create()
    const [first, second] = await announce(event(), event())
    receiver.answer({ status: 410 })
    expect(done(await attempt(first!))).toEqual({ delivered: false })
    expect(done(await attempt(second!))).toEqual({ delivered: false })
    expect(receiver.received).toHaveLength(1)
    expect(done(await t.door.enter(readWebhook, { webhook: id }, t.admin))).toMatchObject({ state: 'paused' })
    expect((await deliveriesOf(id)).map(({ state }) => state)).toEqual(['dead', 'dead'])
    expect(t.entries.at(-1)).toMatchObject({ type: 'webhooks.paused' })
  })
})

describe('the whole way', () => {
  const sequenced = async (_tx: unknown, _tenant: string, from: number, limit: number) =>
    t.entries.map(({ id }, index) => ({ id, index })).slice(from, from + limit)

  it('from a test, through outbox, dispatcher and queue, to a receiver that fails once', async () => {
    t.clock.advance(1)
    const { id, secret } = await create(asPartner(harbour), { types: ['release.redeemed'] })
    await create()
    done(await t.door.enter(testWebhook, { webhook: id }, asPartner(harbour)))
    const sizes = async () => [{ tenant: t.tenant, size: t.entries.length }]
    await dispatcher({ sizes, sequenced }, webhooksModule.subscriptions ?? []).run(t.door.node)
    expect(t.enqueued).toHaveLength(1)

    receiver.answer({ status: 500 }, { status: 204 })
    const faults: Error[] = []
    const boss = openBoss(t.database, (error) => faults.push(error))
    await boss.start()
    const jobs = (webhooksModule.jobs ?? []).map((job) => ({ ...job, options: { ...job.options, retryDelaySeconds: 0 } }))
    const worker = await runJobs(t.door, boss, jobs)
    try {
      await t.database.transaction(t.tenant, (tx) => queueOn(boss, permissionsOf(t.door.node)).enqueue(tx, deliverQueue, t.enqueued[0]!.data))
      await expect.poll(async () => (await deliveriesOf(id))[0]?.state, { timeout: 15_000, interval: 100 }).toBe('delivered')
    } finally {
      await worker.stop()
    }
    expect(receiver.received).toHaveLength(2)
    expect(receiver.received[0]!.headers['webhook-id']).toBe(receiver.received[1]!.headers['webhook-id'])
    expect(verify(secret, 1)).toMatchObject({ type: 'webhooks.ping', subject: id, data: { webhook: id, partner: harbour } })
    expect(faults).toEqual([])
  })

  it('takes about three days of retries before a delivery is dead', () => {
    const { retries, retryDelaySeconds } = deliverOptions
    const longest = Array.from({ length: retries }, (_, n) => retryDelaySeconds * 2 ** (n + 1)).reduce((sum, each) => sum + each)
    expect(longest / 2 / 3_600).toBeGreaterThan(45)
    expect(longest / 3_600).toBeLessThan(92)
  })
})

describe('tidying', () => {
  it('removes old deliveries and keeps what is still being tried', async () => {
    const { id } = await create()
    const [taken] = await announce(event(), event())
    await attempt(taken!)
    t.clock.advance((deliveryKeptDays + 1) * 86_400_000)
    const [young] = await announce(event())
    await attempt(young!)
    await tidyLoop.run(t.door.node)
    expect((await deliveriesOf(id)).map(({ state }) => state)).toEqual(['delivered', 'pending'])
  })
})
