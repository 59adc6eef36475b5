import type { Id } from '@gatehouse/core/id'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runLoops } from '../../../runtime/edge/worker.ts'
import { updateTenant } from '../../governance/tenancy/update.ts'
import { ledgerModule, sequence } from '../../ledger/index.ts'
import { verify } from '../../ledger/verify.ts'
import { defaultRules, settingTypes } from './defaults.ts'
import { monitoringModule } from './index.ts'
import { retireRule } from './retire-rule.ts'
import { rulesMax } from './schema.ts'
import { type Act, done, type WatchedNode, watchedNode } from './testing/watched-node.ts'
import { updateRule } from './update-rule.ts'
import { watchLoop } from './watch.ts'

const harbour = '01980000-0000-7000-8000-00000000b001' as Id<'partner'>
const person = (digit: string) => ({ id: `01980000-0000-7000-8000-0000000000${digit}${digit}` as Id<'subject'>, commitment: digit.repeat(64) })

let t: WatchedNode
beforeEach(async () => {
  t = await watchedNode()
})
afterEach(() => t.close())

const asks = (more: object = {}): Act => ({ type: 'release.authorize', actor: { kind: 'partner', id: harbour }, facts: { partner: harbour, ...more } })
const refusedRedemption = (reason: string): Act => ({
  type: 'release.redeem',
  actor: { kind: 'partner', id: harbour },
  facts: { partner: harbour, decision: 'deny', details: { reasons: [reason] } },
})

describe('an institution begins', () => {
  it('with rules of every kind that teach what they look for, and wake people for an emergency only', async () => {
    const rules = await t.rules()
    expect(rules.map(({ origin }) => origin).sort()).toEqual(defaultRules.map(({ origin }) => origin).sort())
    expect(rules.filter(({ channel }) => channel === 'page_now').map(({ origin }) => origin)).toEqual(['emergency'])
    expect(new Set(rules.map(({ condition }) => condition.kind)).size).toBe(10)
    for (const { description } of rules) expect(description.length).toBeGreaterThan(80)
  })

  it('once, however often it is looked at, and without a word about what was before', async () => {
    await t.look()
    expect(await t.rules()).toHaveLength(defaultRules.length)
    expect(await t.alerts()).toEqual([])
  })

  it('with settings whose changes exist as acts', () => {
    const known = new Set([...ledgerModule.operations, ...monitoringModule.operations].map(({ name }) => name))
    expect(settingTypes.filter((type) => type.startsWith('monitoring.') && !known.has(type))).toEqual([])
  })
})

describe('each kind of rule, provoked in the ledger', () => {
  const redeemed: Act = { type: 'release.redeem', facts: { partner: harbour, decision: 'permit' } }
  it.each<[string, object, Act[], { kind: string; id?: string }]>([
    ['rate', { types: ['release.authorize'], per: 'partner', threshold: 3, window_seconds: 60 }, [asks(), asks(), asks()], { kind: 'partner', id: harbour }],
    [
      'volume',
      { measure: 'bytes', per: 'partner', threshold: 900, window_seconds: 60 },
      [{ type: 'release.deliver', facts: { partner: harbour, details: { delivered: true, bytes: 1_000 } } }],
      { kind: 'partner', id: harbour },
    ],
    ['volume', { measure: 'records', per: 'institution', threshold: 2, window_seconds: 60 }, [redeemed, redeemed], { kind: 'institution' }],
    ['new_purpose', { learning_days: 0 }, [asks({ purpose: 'dpv:Marketing' })], { kind: 'partner', id: harbour }],
    // The clock of the test stands on a Sunday.
    [
      'off_hours',
      { types: ['release.read_record'], actors: 'user' },
      [{ type: 'release.read_record', actor: { kind: 'user', id: 'u1' } }],
      { kind: 'user', id: 'u1' },
    ],
    [
      'subject_walk',
      { per: 'partner', shape: 'sequential', threshold: 3, window_seconds: 60 },
      ['a', 'b', 'c'].map((digit) => asks({ subject: person(digit) })),
      { kind: 'partner', id: harbour },
    ],
    ['replayed_token', {}, [refusedRedemption('delivered')], { kind: 'partner', id: harbour }],
    ['failed_proof', { threshold: 2 }, [refusedRedemption('key_not_proven'), refusedRedemption('key_not_proven')], { kind: 'partner', id: harbour }],
    ['failed_verification', {}, [{ type: 'vault.verify', facts: { details: { fault_count: 1 } } }], { kind: 'institution' }],
    ['settings_changed', { types: ['identity.invite'] }, [{ type: 'identity.invite' }], { kind: 'type', id: 'identity.invite' }],
    [
      'failed_sign_in',
      { per: 'account', threshold: 2, window_seconds: 60 },
      [1, 2].map((): Act => ({ type: 'identity.sign_in', facts: { decision: 'deny', object: { kind: 'user', id: 'u1' } } })),
      { kind: 'user', id: 'u1' },
    ],
    [
      'failed_sign_in',
      { per: 'source', threshold: 50, window_seconds: 600 },
      [{ type: 'identity.failures', tenant: nodeTenant, facts: { decision: 'deny', details: { source: 'd1', minute: 'm', count: 60 } } }],
      { kind: 'source', id: 'd1' },
    ],
  ])('%s', async (kind, more, acts, about) => {
    const rule = await t.rule({ kind, ...more })
    await t.look()
    expect(await t.alerts(rule)).toEqual([])
    const ids = await t.act(...acts)
    await t.look()
    const [alert, ...others] = await t.alerts(rule)
    expect(others).toEqual([])
    expect(alert).toMatchObject({ kind, about, state: 'raised', channel: 'on_trial', entry: ids.at(-1), count: 1 })
  })

  it('settings_changed, by a real change of the institution', async () => {
    done(await t.door.enter(updateTenant, { name: 'Another name' }, t.principal({ tenant: t.tenant })))
    await t.look()
    expect(await t.alerts()).toMatchObject([{ kind: 'settings_changed', about: { kind: 'type', id: 'tenancy.update' } }])
  })

  it('failed_verification, by a real verification of a log that is broken', async () => {
    await t.act({ type: 'probe.act' })
    await t.look()
    // What anybody with the database's keys could do, with the triggers off.
    await t.database.connection(async (client) => {
      await client.query("SET gatehouse.tenant TO 'node'")
      await client.query('ALTER TABLE ledger.entry DISABLE TRIGGER refuse')
      await client.query("UPDATE ledger.entry SET actor_id = 'nobody' WHERE type = 'probe.act'")
      await client.query('ALTER TABLE ledger.entry ENABLE TRIGGER refuse')
      await client.query('RESET gatehouse.tenant')
    })
    expect(done(await t.door.enter(verify, {}, t.principal({ tenant: t.tenant, roles: ['auditor'] })))).toMatchObject({ outcome: 'broken' })
    await t.look()
    expect(await t.alerts()).toMatchObject([{ kind: 'failed_verification', channel: 'next_working_day' }])
  })
})

describe('an alert', () => {
  const rate = { kind: 'rate', types: ['release.authorize'], per: 'partner', threshold: 1, window_seconds: 60 }

  it('is of its institution only', async () => {
    const rule = await t.rule(rate)
    await t.act({ ...asks(), tenant: t.other })
    await t.look()
    expect(await t.alerts(rule)).toEqual([])
    await t.act(asks())
    await t.look()
    expect(await t.alerts(rule)).toHaveLength(1)
    expect(await t.alerts(undefined, t.other)).toEqual([])
  })

  it('is counted on while the cool-down lasts, within one look and over several', async () => {
    const rule = await t.rule(rate, { cool_down_seconds: 600 })
    await t.act(asks(), asks())
    await t.look()
    await t.act(asks())
    await t.look()
    expect(await t.alerts(rule)).toMatchObject([{ count: 3 }])
    t.clock.advance(600_000)
    const [last] = await t.act(asks())
    await t.look()
    expect(await t.alerts(rule)).toMatchObject([{ count: 3 }, { count: 1, entry: last }])
  })

  it('leaves an entry that names no partner and no person', async () => {
    const rule = await t.rule(rate)
    await t.act(asks({ subject: person('a') }))
    await t.look()
    await t.look()
    const rows = await t.database.transaction(t.tenant, (tx) =>
      tx.query<{ body: Buffer; partner_id: string | null }>(
        "SELECT body, partner_id FROM ledger.entry WHERE type = 'monitoring.raise' AND position($1::bytea IN body) > 0",
        [Buffer.from(rule.id)],
      ),
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]?.partner_id).toBeNull()
    expect(JSON.parse(String(rows[0]?.body))).toMatchObject({ object: { kind: 'alert' }, details: { rule: rule.id, about_kind: 'partner' } })
    expect(String(rows[0]?.body)).not.toContain(harbour)
  })

  it('is not raised by a rule that was retired, and anew by one whose condition changed', async () => {
    const retired = await t.rule(rate)
    const changed = await t.rule({ ...rate, threshold: 2 })
    await t.act(asks())
    await t.look()
    expect(await t.alerts(retired)).toHaveLength(1)
    done(await t.door.enter(retireRule, { rule: retired.id, if_revision: 1 }, t.admin))
    done(await t.door.enter(updateRule, { rule: changed.id, condition: { ...rate, threshold: 3 } as never }, t.admin))
    await t.act(asks(), asks())
    await t.look()
    expect(await t.alerts(retired)).toHaveLength(1)
    expect(await t.alerts(changed)).toEqual([])
  })

  it('keeps what a rule has counted when only its name or channel changes', async () => {
    const rule = await t.rule({ ...rate, threshold: 2 })
    await t.act(asks())
    await t.look()
    done(await t.door.enter(updateRule, { rule: rule.id, name: 'Renamed', channel: 'demoted' }, t.admin))
    await t.act(asks())
    await t.look()
    expect(await t.alerts(rule)).toMatchObject([{ rule_name: 'Renamed', channel: 'demoted' }])
  })
})

describe('a restart in the middle', () => {
  const walk = { kind: 'subject_walk', per: 'partner', threshold: 3, window_seconds: 3_600 }

  it('loses nothing and raises nothing twice: what was remembered is taken up again', async () => {
    const rule = await t.rule(walk, { cool_down_seconds: 3_600 })
    await t.act(asks({ subject: person('a') }), asks({ subject: person('b') }))
    await t.look()
    // Another process goes on: nothing is kept in memory between two looks.
    await t.act(asks({ subject: person('c') }))
    await t.look()
    await t.look()
    expect(await t.alerts(rule)).toMatchObject([{ count: 1 }])
  })

  it('undoes a look that did not come to its end', async () => {
    const rule = await t.rule(walk, { channel: 'page_now' })
    await t.act(...['a', 'b', 'c'].map((digit) => asks({ subject: person(digit) })))
    const { node } = t.door
    const broken = new Proxy(node, { get: (of, name) => (name === 'addresses' ? undefined : Reflect.get(of, name)) })
    await t.look().catch(() => {})
    const before = (await t.alerts(rule)).length
    expect(before).toBe(1)
    await t.act(...['d', 'e', 'f'].map((digit) => asks({ subject: person(digit) })))
    await sequence(node)
    await watchLoop.run(broken)
    expect(t.logLines.join('\n')).toContain('keep their place')
    expect(await t.alerts(rule)).toHaveLength(before)
    await t.look()
    expect(await t.alerts(rule)).toHaveLength(before + 3)
  })

  it('by two processes at once gives each alert once', async () => {
    const rule = await t.rule({ kind: 'rate', types: ['release.authorize'], per: 'partner', threshold: 1, window_seconds: 60 })
    for (let round = 0; round < 5; round++) {
      await t.act(asks(), asks(), asks())
      await sequence(t.door.node)
      await Promise.all([watchLoop.run(t.door.node), watchLoop.run(t.door.node), watchLoop.run(t.door.node)])
    }
    const alerts = await t.alerts(rule)
    expect(alerts).toHaveLength(15)
    expect(new Set(alerts.map(({ entry }) => entry)).size).toBe(15)
  })
})

it('an alert is raised within two seconds of its act, by the loops as they run', async () => {
  const rule = await t.rule({ kind: 'rate', types: ['release.authorize'], per: 'partner', threshold: 1, window_seconds: 60 })
  const started = performance.now()
  const base = t.clock.nowMs()
  // The sequencer paces itself by the node's clock, so here it goes with the real time.
  const ticking = setInterval(() => t.clock.set(base + Math.round(performance.now() - started)), 5)
  const worker = runLoops(t.door, [...(ledgerModule.loops ?? []), watchLoop])
  try {
    const took: number[] = []
    for (let round = 1; round <= 4; round++) {
      const began = performance.now()
      await t.act(asks())
      while ((await t.alerts(rule)).length < round && performance.now() - began < 5_000) await new Promise((resolve) => setTimeout(resolve, 10))
      took.push(performance.now() - began)
      await new Promise((resolve) => setTimeout(resolve, 70 * round))
    }
    expect(Math.max(...took)).toBeLessThan(2_000)
  } finally {
    await worker.stop()
    clearInterval(ticking)
  }
})

it('there are at most so many rules', async () => {
  const condition = { kind: 'failed_verification' }
  for (let made = defaultRules.length; made < rulesMax; made++) await t.rule(condition)
  await expect(t.rule(condition)).rejects.toThrow('refused')
})
