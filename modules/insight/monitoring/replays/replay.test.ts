import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { systemPrincipal } from '@gatehouse/runtime/base/context'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ReplayView } from '../schema.ts'
import { done, type WatchedNode, watchedNode } from '../testing/watched-node.ts'
import { readReplay } from './read.ts'
import { runReplay } from './run.ts'
import { replay } from './start.ts'

const partners = ['01980000-0000-7000-8000-00000000b001', '01980000-0000-7000-8000-00000000b002'] as Id<'partner'>[]
const purposes = ['dpv:Care', 'dpv:Billing', 'dpv:Marketing']
const hour = 3_600_000

let t: WatchedNode
beforeEach(async () => {
  t = await watchedNode()
})
afterEach(() => t.close())

/** Two days of requests, the same in every run. */
async function past(): Promise<void> {
  for (let step = 0; step < 60; step++) {
    const partner = partners[step % 3 === 0 ? 0 : 1] as Id<'partner'>
    const digit = String(step % 7)
    const subject = { id: `01980000-0000-7000-8000-00000000000${digit}` as Id<'subject'>, commitment: digit.repeat(64) }
    await t.act({
      type: 'release.authorize',
      actor: { kind: 'partner', id: partner },
      facts: { partner, subject, purpose: purposes[Math.floor(step / 20)] ?? '', decision: step % 4 === 0 ? 'deny' : 'permit' },
    })
    t.clock.advance(step % 10 === 9 ? 8 * hour : 40_000)
    if (step % 13 === 0) await t.look()
  }
  await t.look()
}

async function run(input: object): Promise<ReplayView> {
  const asked = done(await t.door.enter(replay, input as never, t.admin))
  expect(asked).toMatchObject({ state: 'waiting', result: null })
  const job = t.enqueued.find(({ queue, data }) => queue === 'monitoring-replay' && data.replay === asked.id)
  expect(job).toBeDefined()
  done(await t.door.enter(runReplay, { replay: asked.id }, systemPrincipal(t.tenant)))
  return done(await t.door.enter(readReplay, { replay: asked.id }, t.admin))
}

describe('a replay is refused', () => {
  const condition = { kind: 'failed_verification' }
  it.each([
    ['without a rule or a condition', { since: '2026-11-01T00:00:00Z' }],
    ['with a condition that is none', { since: '2026-11-01T00:00:00Z', condition: { kind: 'mood' } }],
  ])('%s', async (_, input) => {
    await expect(t.door.enter(replay, input as never, t.admin)).rejects.toMatchObject({ kind: { status: 400 } })
  })
  it('of a period that ends before it begins, or is longer than a year', async () => {
    for (const since of ['2026-12-01T00:00:00Z', '2025-11-01T00:00:00Z'])
      expect(await t.door.enter(replay, { since, condition } as never, t.admin)).toMatchObject({ outcome: 'refused' })
  })
  it('of a rule of another institution', async () => {
    const rule = await t.rule(condition)
    const stranger = t.principal({ tenant: t.other, roles: ['officer'] })
    expect(await t.door.enter(replay, { rule: rule.id, since: '2026-11-01T00:00:00Z' }, stranger)).toMatchObject({ outcome: 'refused' })
  })
})

describe('a replay', () => {
  it.each<[string, object, number]>([
    ['a rate', { kind: 'rate', types: ['release.authorize'], per: 'partner', threshold: 4, window_seconds: 300 }, 600],
    ['refusals of the institution', { kind: 'rate', types: ['release.authorize'], decision: 'deny', per: 'institution', threshold: 2, window_seconds: 600 }, 0],
    ['a walk', { kind: 'subject_walk', per: 'partner', threshold: 4, window_seconds: 600, shape: 'sequential' }, 3_600],
    ['off hours', { kind: 'off_hours', types: ['release.authorize'] }, 1_800],
    ['new purposes', { kind: 'new_purpose', learning_days: 0 }, 0],
  ])('says of %s what the watch has said, and raises nothing', async (_, condition, cool_down_seconds) => {
    const since = instantOf(t.clock.nowMs())
    const rule = await t.rule(condition, { cool_down_seconds })
    await past()
    const live = await t.alerts(rule)
    expect(live.length).toBeGreaterThan(0)
    const all = (await t.alerts()).length
    const found = await run({ rule: rule.id, since, examples: 100 })
    expect(found).toMatchObject({ state: 'done', result: { alerts: live.length, capped: false } })
    expect(found.result?.examples.map(({ entry, about, observed }) => ({ entry, about, id: observed > 0 }))).toEqual(
      live.map(({ entry, about }) => ({ entry, about, id: true })),
    )
    expect(found.result?.repeats).toBe(live.reduce((sum, { count }) => sum + count - 1, 0))
    expect(found.result?.days.reduce((sum, day) => sum + day.alerts, 0)).toBe(live.length)
    expect(found.progress.read).toBe(found.progress.total)
    expect(await t.alerts()).toHaveLength(all)
  })

  it('of a later part remembers what was before it', async () => {
    const condition = { kind: 'new_purpose', learning_days: 0 }
    const since = instantOf(t.clock.nowMs())
    await past()
    const whole = await run({ condition, cool_down_seconds: 0, since, examples: 100 })
    const middle = whole.result?.examples[2]?.at ?? ''
    const part = await run({ condition, cool_down_seconds: 0, since: middle, examples: 100 })
    expect(part.result?.examples).toEqual(whole.result?.examples.slice(2))
  })

  it('gives the first examples only, and counts the rest', async () => {
    const since = instantOf(t.clock.nowMs())
    await past()
    const condition = { kind: 'rate', types: ['release.authorize'], per: 'partner', threshold: 1, window_seconds: 60 }
    const found = await run({ condition, cool_down_seconds: 0, since, until: instantOf(t.clock.nowMs() + 1), examples: 3 })
    expect(found.result).toMatchObject({ alerts: 60, examples: [{}, {}, {}] })
    expect(found.result?.per_week).toBeGreaterThan(60)
  })

  it('of a quiet period says nothing', async () => {
    const found = await run({ condition: { kind: 'failed_verification' }, since: '2026-11-01T00:00:00Z' })
    expect(found.result).toMatchObject({ alerts: 0, repeats: 0, days: [], examples: [], capped: false })
  })

  it('that was carried out is not carried out again', async () => {
    const found = await run({ condition: { kind: 'failed_verification' }, since: '2026-11-01T00:00:00Z' })
    t.clock.advance(1_000)
    done(await t.door.enter(runReplay, { replay: found.id }, systemPrincipal(t.tenant)))
    expect(done(await t.door.enter(readReplay, { replay: found.id }, t.admin))).toEqual(found)
  })
})
