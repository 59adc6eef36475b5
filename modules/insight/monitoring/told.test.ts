/** From real acts of other modules to a real receiver: a sign-in that fails again and again is told by webhook and mail. */
import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { systemPrincipal } from '@gatehouse/runtime/base/context'
import type { CloudEvent } from '@gatehouse/runtime/work/outbox'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { dispatcher } from '../../../runtime/edge/dispatcher.ts'
import { createWebhook } from '../../exchange/webhooks/create.ts'
import { deliver } from '../../exchange/webhooks/deliver.ts'
import { fanOut } from '../../exchange/webhooks/fan-out.ts'
import { webhooksModule } from '../../exchange/webhooks/index.ts'
import { type Receiver, startReceiver } from '../../exchange/webhooks/testing/receiver.ts'
import { accessModule } from '../../governance/access/index.ts'
import { firstRun } from '../../governance/identity/first-run.ts'
import { authenticate, countFailure, firstRunToken, identityModule, writeFailures } from '../../governance/identity/index.ts'
import { signIn } from '../../governance/identity/sign-in.ts'
import { ada, browser, password } from '../../governance/identity/testing/identity.ts'
import { createPartner } from '../../governance/partners/create.ts'
import { partnersModule } from '../../governance/partners/index.ts'
import { appendEntry, logSizes, sequence, sequencedEntries } from '../../ledger/index.ts'
import { subjectsModule } from '../../subjects/index.ts'
import { sendLetter } from './letters/send.ts'
import { letterQueue } from './schema.ts'
import { done, type WatchedNode, watchedNode } from './testing/watched-node.ts'
import { updateSettings } from './update-settings.ts'

let t: WatchedNode
let receiver: Receiver
beforeEach(async () => {
  receiver = await startReceiver()
  t = await watchedNode({
    modules: [subjectsModule, accessModule, partnersModule, identityModule, webhooksModule],
    plugs: { authenticate, countUnknown: countFailure },
    egressAllow: ['127.0.0.1'],
  })
  done(await t.door.knock(firstRun, { token: await firstRunToken(t.door.node), ...ada, password }, browser()))
})
afterEach(async () => {
  vi.useRealTimers()
  await t.close()
  await receiver.close()
})

const administrator = () => t.principal({ tenant: t.tenant, roles: ['administrator'] })
const wrongPassword = () => t.door.knock(signIn, { email: ada.email, password: 'not that one, and long' }, browser())

async function dispatch(): Promise<void> {
  await t.look()
  await t.look()
  const loop = dispatcher({ sizes: logSizes, sequenced: sequencedEntries }, [fanOut])
  while (await loop.run(t.door.node));
}

describe('sign-ins that fail', () => {
  it('are told to the institution’s webhook and by mail, and to no partner', async () => {
    const partner = done(await t.door.enter(createPartner, { reference: 'harbour-clinic', name: 'Harbour' }, administrator()))
    const asPartner = t.principal({ kind: 'partner', tenant: t.tenant, id: partner.id, partner: partner.id, roles: ['partner'] })
    const own = done(await t.door.enter(createWebhook, { url: receiver.url, types: ['alert.raised'] }, administrator()))
    done(await t.door.enter(createWebhook, { url: `${receiver.url}/partner`, types: 'all' }, asPartner))
    done(await t.door.enter(updateSettings, { mail_to: ['privacy@example.org'] }, administrator()))
    const rule = await t.rule(
      { kind: 'failed_sign_in', per: 'account', threshold: 3, window_seconds: 600 },
      { channel: 'page_now', name: 'Guessing', cool_down_seconds: 600 },
    )
    for (let attempt = 0; attempt < 4; attempt++) {
      expect(await wrongPassword()).toMatchObject({ outcome: 'refused' })
      t.clock.advance(1_000)
    }
    await dispatch()
    expect(await t.alerts(rule)).toMatchObject([{ kind: 'failed_sign_in', about: { kind: 'user' }, observed: 4, count: 2 }])

    const jobs = t.enqueued.splice(0)
    for (const { queue, data } of jobs) {
      if (queue === letterQueue) done(await t.door.enter(sendLetter, { letter: String(data.letter) }, systemPrincipal(t.tenant)))
      else done(await t.door.enter(deliver, { webhook: String(data.webhook), delivery: String(data.delivery) }, systemPrincipal(t.tenant)))
    }
    const typesAt = (path: string) => receiver.received.filter((each) => each.path === path).map(({ body }) => (JSON.parse(body) as CloudEvent).type)
    expect(typesAt('/hook')).toEqual(['alert.raised'])
    expect(typesAt('/hook/partner')).toEqual(['partners.changed'])
    const told = receiver.received.find(({ path }) => path === '/hook')
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(t.clock.nowMs())
    const event = new StandardWebhook(own.secret).verify(told?.body ?? '', told?.headers as Record<string, string>)
    expect(event).toMatchObject({ type: 'alert.raised', data: { rule: rule.id, rule_name: 'Guessing', about_kind: 'user' } })
    expect(JSON.stringify(event)).not.toContain(ada.email)
    expect(t.letters).toMatchObject([{ to: 'privacy@example.org', subject: 'Alert: Guessing' }])
    expect(t.letters[0]?.text).not.toContain('ada')
  })

  it('to no account are counted by the node, and told by their source without its address', async () => {
    const rule = await t.rule({ kind: 'failed_sign_in', per: 'source', threshold: 5, window_seconds: 600 })
    for (let attempt = 0; attempt < 6; attempt++) await t.door.knock(createPartner, {}, browser({ authorization: 'Bearer ghk_wrong' })).catch(() => {})
    t.clock.advance(61_000)
    await writeFailures(t.door.node)
    await t.look()
    const [alert] = await t.alerts(rule)
    expect(alert).toMatchObject({ about: { kind: 'source' }, observed: 6 })
    expect(alert?.about.id).toMatch(/^[0-9a-f]{32}$/)
    expect(JSON.stringify(await t.alerts(undefined, t.other as Id<'tenant'>))).not.toContain('192.0.2.7')
  })
})

it('ten thousand requests are worked out far faster than they can come', async () => {
  const partner = '01980000-0000-7000-8000-00000000b001' as Id<'partner'>
  await t.database.transaction(t.tenant, async (tx) => {
    for (let count = 0; count < 10_000; count++) {
      const entry = {
        id: `01a20297-${(count + 0x1000).toString(16).padStart(4, '0')}-7000-8000-${String(count).padStart(12, '0')}` as Id<'entry'>,
        tenant: t.tenant,
        type: 'release.authorize',
        at: instantOf(t.clock.nowMs() + count),
        actor: { kind: 'partner' as const, id: partner },
        facts: { partner, purpose: 'dpv:Care', subject: { id: partner as never, commitment: (count % 400).toString(16).padStart(16, '0').padEnd(64, '0') } },
      }
      await appendEntry(tx, entry, t.door.node)
    }
  })
  while ((await sequence(t.door.node)).more);
  const began = performance.now()
  await t.look()
  expect(10_000 / ((performance.now() - began) / 1_000)).toBeGreaterThan(1_000)
  expect((await t.alerts()).map(({ kind }) => kind)).toContain('subject_walk')
})
