import type { Id } from '@gatehouse/core/id'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concernOf, type Hours } from './concern.ts'
import { type Condition, conditionSchema } from './condition.ts'
import { evaluate, expiresAt, type Firing, type RuleState, type Watched } from './evaluate.ts'
import type { Fact } from './fact.ts'

const hours: Hours = { timezone: 'UTC', working_hours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', until: '18:00' } }
const start = Date.UTC(2026, 10, 23, 9, 0)
const second = 1_000

let made = 0
function fact(more: Partial<Fact> & { atMs: number }): Fact {
  made += 1
  const entry = `01980000-0000-7000-8000-${String(made).padStart(12, '0')}` as Id<'entry'>
  return { entry, index: made, type: 'release.authorize', actor: { kind: 'partner', id: 'p' }, partner: 'p', details: {}, ...more }
}
const at = (seconds: number, more: Partial<Fact> = {}) => fact({ atMs: start + seconds * second, ...more })
const rule = (condition: unknown, cool_down_seconds = 0): Watched => ({ condition: conditionSchema.parse(condition), cool_down_seconds })

/** Folds facts as the shell does, one state per whom. With `lay`, the states go through JSON between any two facts. */
function fold(watched: Watched, facts: readonly Fact[], options: { lay?: (place: number) => boolean } = {}): (Firing & { about: string; at: Id<'entry'> })[] {
  let states = new Map<string, RuleState>()
  const concern = concernOf(watched.condition, hours)
  return facts.flatMap((each, place) => {
    if (options.lay?.(place)) states = new Map(JSON.parse(JSON.stringify([...states])) as [string, RuleState][])
    const found = concern(each)
    if (found === undefined) return []
    const key = `${found.about.kind}:${found.about.id}`
    const { state, alert } = evaluate(watched, states.get(key), each, found)
    states.set(key, state)
    return alert === undefined ? [] : [{ ...alert, about: key, at: each.entry }]
  })
}
const raised = (watched: Watched, facts: readonly Fact[]) => fold(watched, facts).filter(({ outcome }) => outcome === 'raise')

const rate = (more: object = {}) => ({ kind: 'rate', types: ['release.authorize'], per: 'partner', threshold: 3, window_seconds: 60, ...more })

describe('a condition is refused', () => {
  it.each([
    ['without a threshold', { kind: 'rate', types: ['release.authorize'], per: 'partner', window_seconds: 60 }],
    ['with a window that is no window', rate({ window_seconds: 1 })],
    ['that listens to its own alerts', rate({ types: ['monitoring.raise'] })],
    ['with no types', rate({ types: [] })],
    ['with a field nobody knows', rate({ colour: 'red' })],
    ['of a kind nobody knows', { kind: 'mood' }],
    ['with hours that end before they begin', { kind: 'off_hours', types: ['release.authorize'], hours: { days: ['mon'], from: '18:00', until: '08:00' } }],
    ['for a walk of one', { kind: 'subject_walk', per: 'partner', threshold: 1, window_seconds: 60 }],
  ])('%s', (_, condition) => {
    expect(conditionSchema.safeParse(condition).success).toBe(false)
  })
})

describe('a rate', () => {
  it('is silent below its threshold, beyond its window, for other types, decisions and partners', () => {
    expect(fold(rule(rate()), [at(0), at(1)])).toEqual([])
    expect(fold(rule(rate()), [at(0), at(62), at(124), at(186)])).toEqual([])
    expect(fold(rule(rate()), [at(0), at(1), at(2, { type: 'release.redeem' })])).toEqual([])
    expect(fold(rule(rate({ decision: 'deny' })), [at(0), at(1), at(2)])).toEqual([])
    expect(fold(rule(rate()), [at(0), at(1, { partner: 'q' }), at(2)])).toEqual([])
    expect(raised(rule(rate({ per: 'institution' })), [at(0), at(1, { partner: 'q' }), at(2)])).toHaveLength(1)
  })

  it('fires at its threshold with what it saw, at either edge of the window', () => {
    const facts = [at(0), at(30), at(59.999)]
    expect(fold(rule(rate()), facts)).toEqual([{ outcome: 'raise', entry: facts[2]?.entry, observed: 3, about: 'partner:p', at: facts[2]?.entry }])
    expect(fold(rule(rate()), [at(0), at(30), at(61)])).toEqual([])
  })

  it('never misses what lies within the window, and never counts what lies a slot before it', () => {
    const moments = fc.array(fc.integer({ min: 0, max: 400_000 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(moments, fc.integer({ min: 1, max: 8 }), fc.constantFrom(10, 60, 300), (times, threshold, window_seconds) => {
        const sorted = [...times].sort((left, right) => left - right)
        const facts = sorted.map((ms) => fact({ atMs: start + ms }))
        const fired = new Set(fold(rule(rate({ threshold, window_seconds })), facts).map((alert) => alert.at))
        const step = Math.max(1_000, (window_seconds * 1_000) / 60)
        const within = (now: number, span: number) => sorted.filter((ms) => ms <= now && ms > now - span).length
        facts.forEach(({ entry }, place) => {
          const now = sorted[place] ?? 0
          const upTo = sorted.slice(0, place + 1).filter((ms) => ms > now - window_seconds * 1_000).length
          if (upTo >= threshold) expect(fired.has(entry)).toBe(true)
          if (within(now, window_seconds * 1_000 + step) < threshold) expect(fired.has(entry)).toBe(false)
        })
      }),
    )
  })

  it('counts an entry that found its place late where it belongs', () => {
    expect(raised(rule(rate()), [at(50), at(10), at(55)])).toHaveLength(1)
    expect(raised(rule(rate()), [at(200), at(10), at(201)])).toEqual([])
  })

  it('keeps a bounded memory, whatever comes', () => {
    const facts = Array.from({ length: 5_000 }, (_, place) => at(place))
    let state: RuleState | undefined
    const watched = rule(rate({ threshold: 1_000_000, window_seconds: 3_600 }))
    for (const each of facts) state = evaluate(watched, state, each, { about: { kind: 'partner', id: 'p' }, amount: 1 }).state
    expect(JSON.stringify(state).length).toBeLessThan(2_000)
  })
})

describe('a cool-down', () => {
  it('counts on the alert that is there, and lets the next one through when it is over', () => {
    const facts = [at(0), at(1), at(2), at(3), at(70), at(71), at(72)]
    const found = fold(rule(rate(), 70), facts)
    expect(found.map(({ outcome, entry }) => [outcome, entry])).toEqual([
      ['raise', facts[2]?.entry],
      ['repeat', facts[2]?.entry],
      ['raise', facts[6]?.entry],
    ])
  })
})

describe('volume', () => {
  const bytes = { kind: 'volume', measure: 'bytes', per: 'partner', threshold: 1_000, window_seconds: 60 }
  const delivered = (seconds: number, count: number) => at(seconds, { type: 'release.deliver', actor: { kind: 'system', id: 's' }, details: { bytes: count } })
  it('adds bytes up', () => {
    expect(raised(rule(bytes), [delivered(0, 500), delivered(1, 499)])).toEqual([])
    expect(raised(rule(bytes), [delivered(0, 500), delivered(1, 700)])).toMatchObject([{ observed: 1_200, about: 'partner:p' }])
  })
  it('counts records that left, and not what was refused', () => {
    const records = rule({ kind: 'volume', measure: 'records', per: 'institution', threshold: 2, window_seconds: 60 })
    const redeemed = (seconds: number, decision: string) => at(seconds, { type: 'release.redeem', decision })
    expect(raised(records, [redeemed(0, 'permit'), redeemed(1, 'deny')])).toEqual([])
    expect(raised(records, [redeemed(0, 'permit'), at(1, { type: 'release.read_record', decision: 'permit' })])).toHaveLength(1)
  })
})

describe('a new purpose', () => {
  const day = 86_400
  const asks = (seconds: number, purpose: string, partner = 'p') => at(seconds, { purpose, partner })
  it('is learned in silence at first, then told once', () => {
    const found = raised(rule({ kind: 'new_purpose' }), [asks(0, 'care'), asks(day, 'billing'), asks(8 * day, 'care'), asks(9 * day, 'marketing')])
    expect(found).toMatchObject([{ observed: 3 }])
    expect(raised(rule({ kind: 'new_purpose', learning_days: 0 }), [asks(0, 'care'), asks(1, 'care'), asks(2, 'care', 'q')])).toHaveLength(2)
  })
})

describe('off hours', () => {
  const off = (more: object = {}) => rule({ kind: 'off_hours', types: ['release.authorize'], ...more })
  it('is by the institution’s days and hours, or the rule’s own', () => {
    expect(raised(off(), [at(0)])).toEqual([])
    expect(raised(off(), [at(10 * 3_600)])).toHaveLength(1)
    expect(raised(off(), [at(-86_400)])).toHaveLength(1)
    expect(raised(off({ hours: { days: ['mon'], from: '09:30', until: '10:00' } }), [at(0), at(1_800)])).toHaveLength(1)
    expect(raised(off({ timezone: 'Asia/Tokyo' }), [at(0)])).toHaveLength(1)
    expect(raised(off({ actors: 'user' }), [at(10 * 3_600)])).toEqual([])
  })
})

describe('a walk through persons', () => {
  const walk = (more: object = {}) => rule({ kind: 'subject_walk', per: 'partner', threshold: 3, window_seconds: 60, ...more })
  const sees = (seconds: number, person?: string) => at(seconds, { person })
  it('counts different persons and nobody twice', () => {
    expect(raised(walk(), [sees(0, 'a'), sees(1, 'b'), sees(2, 'a'), sees(3, 'b'), sees(4)])).toEqual([])
    expect(raised(walk(), [sees(0, 'a'), sees(30, 'b'), sees(61, 'c')])).toEqual([])
    expect(raised(walk(), [sees(0, 'a'), sees(1, 'b'), sees(2, 'a'), sees(3, 'c')])).toMatchObject([{ observed: 3 }])
  })
  it('in sequence begins anew when somebody is met again', () => {
    const sequential = walk({ shape: 'sequential' })
    expect(raised(sequential, [sees(0, 'a'), sees(1, 'b'), sees(2, 'b'), sees(3, 'a')])).toEqual([])
    expect(raised(sequential, [sees(0, 'a'), sees(1, 'b'), sees(2, 'a'), sees(3, 'c')])).toHaveLength(1)
  })
  it('in a burst ends with a pause', () => {
    const burst = walk({ shape: 'burst', pause_seconds: 5 })
    expect(raised(burst, [sees(0, 'a'), sees(1, 'b'), sees(10, 'c')])).toEqual([])
    expect(raised(burst, [sees(0, 'a'), sees(5, 'b'), sees(10, 'c')])).toHaveLength(1)
  })
  it('fires exactly when so many different persons lie within the window', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.constantFrom('a', 'b', 'c', 'd', 'e')), { maxLength: 40 })
    fc.assert(
      fc.property(steps, fc.integer({ min: 2, max: 4 }), (walked, threshold) => {
        let now = 0
        const facts = walked.map(([pause, person]) => {
          now += pause
          return sees(now, person)
        })
        const fired = new Set(fold(walk({ threshold }), facts).map((alert) => alert.at))
        facts.forEach(({ entry, atMs }, place) => {
          const persons = new Set(facts.slice(0, place + 1).flatMap((each) => (each.atMs > atMs - 60_000 ? [each.person] : [])))
          expect(fired.has(entry)).toBe(persons.size >= threshold)
        })
      }),
    )
  })
})

describe('what the ledger says of tokens, proofs, checks, settings and sign-ins', () => {
  const redeem = (seconds: number, reason: string) => at(seconds, { type: 'release.redeem', decision: 'deny', details: { reasons: [reason] } })
  it.each<[string, unknown, Fact[], Fact[]]>([
    ['a token that was spent before', { kind: 'replayed_token' }, [redeem(0, 'expired'), redeem(1, 'key_not_proven')], [redeem(0, 'delivered')]],
    [
      'a key that was not proven',
      { kind: 'failed_proof', threshold: 2 },
      [redeem(0, 'key_not_proven'), redeem(1, 'delivered')],
      [redeem(0, 'key_not_proven'), redeem(1, 'key_not_proven')],
    ],
    [
      'a log that is broken',
      { kind: 'failed_verification' },
      [at(0, { type: 'ledger.verify', details: { outcome: 'sound' } })],
      [at(0, { type: 'ledger.verify', details: { outcome: 'broken' } })],
    ],
    [
      'a vault with a fault',
      { kind: 'failed_verification' },
      [at(0, { type: 'vault.verify', details: { fault_count: 0 } })],
      [at(0, { type: 'vault.verify', details: { fault_count: 2 } })],
    ],
    ['a record that fails its check', { kind: 'failed_verification' }, [redeem(0, 'expired')], [redeem(0, 'record_tampered')]],
    [
      'a setting',
      { kind: 'settings_changed', types: ['tenancy.update'] },
      [at(0, { type: 'tenancy.update', decision: 'pending' }), at(1, { type: 'tenancy.update', decision: 'deny' })],
      [at(0, { type: 'tenancy.update' })],
    ],
    [
      'a sign-in',
      { kind: 'failed_sign_in', per: 'account', threshold: 2, window_seconds: 60 },
      ['u', 'v'].map((id) => at(0, { type: 'identity.sign_in', decision: 'deny', object: { kind: 'user', id } })),
      ['u', 'u'].map((id) => at(0, { type: 'identity.sign_in', decision: 'deny', object: { kind: 'user', id } })),
    ],
    [
      'a source',
      { kind: 'failed_sign_in', per: 'source', threshold: 20, window_seconds: 600 },
      [at(0, { type: 'identity.failures', details: { source: 's', count: 19 } }), at(0, { type: 'identity.failures', details: { source: 'r', count: 5 } })],
      [at(0, { type: 'identity.failures', details: { source: 's', count: 12 } }), at(60, { type: 'identity.failures', details: { source: 's', count: 9 } })],
    ],
  ])('%s', (_, condition, silent, telling) => {
    expect(raised(rule(condition), silent)).toEqual([])
    expect(raised(rule(condition), telling)).toHaveLength(1)
  })
})

const anyCondition = fc.constantFrom<unknown>(
  rate(),
  rate({ per: 'institution', threshold: 5 }),
  { kind: 'new_purpose', learning_days: 0 },
  { kind: 'off_hours', types: ['release.authorize'], threshold: 2 },
  { kind: 'subject_walk', per: 'partner', threshold: 3, window_seconds: 120 },
  { kind: 'subject_walk', per: 'actor', threshold: 3, window_seconds: 120, shape: 'sequential' },
  { kind: 'subject_walk', per: 'actor', threshold: 3, window_seconds: 120, shape: 'burst' },
  { kind: 'replayed_token', threshold: 2, window_seconds: 300 },
)
const anyFacts = fc
  .array(
    fc.record({
      pause: fc.integer({ min: -2, max: 90 }),
      partner: fc.constantFrom('p', 'q'),
      person: fc.constantFrom('a', 'b', 'c', 'd', undefined),
      purpose: fc.constantFrom('care', 'billing', 'marketing', undefined),
      type: fc.constantFrom('release.authorize', 'release.authorize', 'release.redeem'),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let now = 8.9 * 3_600
    return steps.map(({ pause, type, ...more }) => {
      now += pause
      return at(now, { ...more, type, ...(type === 'release.redeem' ? { decision: 'deny', details: { reasons: ['delivered'] } } : {}) })
    })
  })

describe('every rule', () => {
  it('gives the same alerts however often it is laid down and taken up again', () => {
    fc.assert(
      fc.property(anyCondition, anyFacts, fc.integer({ min: 0, max: 600 }), fc.integer({ min: 1, max: 7 }), (condition, facts, coolDown, every) => {
        const watched = rule(condition, coolDown)
        expect(fold(watched, facts, { lay: (place) => place % every === 0 })).toEqual(fold(watched, facts))
      }),
    )
  })

  it('says of one partner the same, whoever else is about', () => {
    fc.assert(
      fc.property(anyCondition, anyFacts, (condition, facts) => {
        const parsed = conditionSchema.parse(condition) as Condition & { per?: string }
        fc.pre(parsed.per !== 'institution')
        const alone = facts.filter(({ partner }) => partner === 'p')
        const of = (found: ReturnType<typeof fold>) => found.filter(({ about }) => about === 'partner:p')
        expect(of(fold(rule(condition), facts))).toEqual(of(fold(rule(condition), alone)))
      }),
    )
  })

  it('raises at most once per cool-down, and repeats only what it raised', () => {
    fc.assert(
      fc.property(anyCondition, anyFacts, fc.integer({ min: 60, max: 3_000 }), (condition, facts, coolDown) => {
        const moments = new Map(facts.map(({ entry, atMs }) => [entry, atMs]))
        const last = new Map<string, Firing>()
        for (const alert of fold(rule(condition, coolDown), facts)) {
          const before = last.get(alert.about)
          if (alert.outcome === 'repeat') expect(alert.entry).toBe(before?.entry)
          else if (before !== undefined) expect((moments.get(alert.entry) ?? 0) - (moments.get(before.entry) ?? 0)).toBeGreaterThanOrEqual(coolDown * second)
          if (alert.outcome === 'raise') last.set(alert.about, alert)
        }
      }),
    )
  })

  it('loses nothing when a state that has expired is thrown away', () => {
    fc.assert(
      fc.property(anyCondition, anyFacts, fc.integer({ min: 0, max: 100 }), (condition, facts, coolDown) => {
        const watched = rule(condition, coolDown)
        const ordered = [...facts].sort((left, right) => left.atMs - right.atMs)
        const concern = concernOf(watched.condition, hours)
        const run = (tidy: boolean) => {
          const states = new Map<string, RuleState>()
          return ordered.flatMap((each) => {
            const found = concern(each)
            if (found === undefined) return []
            const key = `${found.about.kind}:${found.about.id}`
            const known = states.get(key)
            const until = known === undefined ? null : expiresAt(watched, known)
            const { state, alert } = evaluate(watched, tidy && until !== null && until <= each.atMs ? undefined : known, each, found)
            states.set(key, state)
            return alert === undefined ? [] : [alert]
          })
        }
        expect(run(true)).toEqual(run(false))
      }),
    )
  })
})
