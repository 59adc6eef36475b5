import { instantOf } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import type { Principal } from '@gatehouse/runtime/base/context'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { heatMap } from './heat-map.ts'
import { series } from './series.ts'
import { care, marketing, openReports, type ReportsNode } from './testing/reports.ts'
import { today } from './today.ts'

const hourMs = 3_600_000
const day = { from: '2026-11-22T00:00:00Z', to: '2026-11-23T00:00:00Z' }

let t: ReportsNode
beforeAll(async () => {
  t = await openReports()
  // 09:30: three that arrive, one that does not, one that is replayed, one that is cancelled, and denials.
  for (const end of ['deliver', 'lose', 'replay', 'cancel', 'permit'] as const) await t.flow({ partner: t.harbour, end })
  await t.flow({ partner: t.harbour, purpose: marketing })
  await t.flow({ partner: t.harbour, user: 'nobody' })
  await t.staffRead('C-2')
  t.clock.advance(hourMs)
  // 10:30
  await t.flow({ partner: t.harbour, fields: ['email'] })
  await t.flow({ partner: t.quay, purpose: marketing })
  await t.flow({ partner: t.quay, purpose: marketing, user: 'C-2' })
  await t.count()
})
afterAll(() => t.close())

const problemOf = async (act: Promise<unknown>) => {
  const thrown = await act.catch((error: unknown) => error)
  if (!(thrown instanceof Problem)) throw new Error(`no problem but ${JSON.stringify(thrown)}`)
  return thrown.document()
}
interface Line {
  key: string | null
  label: string
  quantile: string | null
  total: number
  values: (number | null)[]
}
const linesOf = async (input: object, principal: Principal = t.officer): Promise<Line[]> =>
  (await t.done(series, { ...day, grain: 'hour', ...input }, principal)).lines
const totalsOf = async (input: object, principal?: Principal) => Object.fromEntries((await linesOf(input, principal)).map(({ key, total }) => [key, total]))

describe('a series is refused', () => {
  it.each([
    ['ends before it begins', { from: day.to, to: day.from, measure: 'acts' }, '/problems/door/input-invalid'],
    ['splits denials by field', { measure: 'denied', by: 'field' }, '/problems/door/input-invalid'],
    ['splits what is permitted by reason', { measure: 'permitted', by: 'reason' }, '/problems/door/input-invalid'],
    ['splits times', { measure: 'latency', by: 'purpose' }, '/problems/door/input-invalid'],
    ['asks for fields by the minute', { measure: 'redeemed', by: 'field', grain: 'minute' }, '/problems/reports/grain-not-kept'],
    [
      'asks for minutes that are forgotten',
      { from: '2026-11-01T00:00:00Z', to: '2026-11-01T01:00:00Z', measure: 'acts', grain: 'minute' },
      '/problems/reports/grain-not-kept',
    ],
    ['has too many points', { from: '2026-01-01T00:00:00Z', measure: 'acts', grain: 'hour' }, '/problems/reports/too-many-points'],
  ])('that %s', async (_, input, type) => {
    expect(await problemOf(t.done(series, { ...day, grain: 'hour', ...input }))).toMatchObject({ type })
  })

  it('to a partner, by reason; and it sees its own rows only, whichever it asks for', async () => {
    expect(await problemOf(linesOf({ measure: 'denied', by: 'reason' }, t.harbour))).toMatchObject({ type: '/problems/reports/reasons-not-shown' })
    const own = await totalsOf({ measure: 'requested', by: 'partner', partner: t.harbour.partner }, t.quay)
    expect(own).toEqual({ [String(t.quay.partner)]: 2 })
    // A person of the staff is nobody's partner.
    expect(await totalsOf({ measure: 'acts' }, t.quay)).toEqual({ requested: 2, permitted: 1, denied: 1, redeemed: 1, delivered: 1 })
  })

  it('to another institution: there is nothing to see', async () => {
    const stranger = t.principal({ roles: ['officer'], tenant: '01980000-0000-7000-8000-000000000002' as never })
    expect(await linesOf({ measure: 'acts' }, stranger)).toEqual([])
  })
})

describe('a series', () => {
  it('counts each step of each release', async () => {
    expect(await totalsOf({ measure: 'acts' })).toEqual({
      requested: 10,
      permitted: 7,
      denied: 3,
      redeemed: 5,
      refused: 1,
      delivered: 4,
      undelivered: 1,
      cancelled: 1,
      staff_read: 1,
    })
  })

  it('lies in its hours, and is zero where nothing happened', async () => {
    const answer = await t.done(series, { ...day, grain: 'hour', measure: 'requested' })
    expect(answer.at).toHaveLength(24)
    expect(answer.lines).toMatchObject([{ key: '', total: 10 }])
    expect(answer.lines[0].values.slice(8, 12)).toEqual([0, 7, 3, 0])
    expect(answer.log_index).toBeGreaterThan(0)
  })

  it('is split by partner with its name, by purpose, field and reason', async () => {
    expect((await linesOf({ measure: 'redeemed', by: 'partner' })).map(({ label, total }) => [label, total])).toEqual([
      ['=Harbour Bank', 4],
      ['Quay Clinić', 1],
    ])
    expect(await totalsOf({ measure: 'redeemed', by: 'purpose' })).toEqual({ [care]: 4, [marketing]: 1 })
    expect(await totalsOf({ measure: 'redeemed', by: 'field' })).toEqual({ email: 4, given_name: 4 })
    expect(await totalsOf({ measure: 'redeemed', by: 'partner', field: 'given_name' })).toEqual({ [String(t.harbour.partner)]: 3, [String(t.quay.partner)]: 1 })
    expect(await totalsOf({ measure: 'denied', by: 'reason' })).toEqual({ not_available: 1, purpose_not_permitted: 1, no_consent: 1 })
    expect(await totalsOf({ measure: 'refused', by: 'reason' })).toEqual({ spent: 1 })
    expect(await totalsOf({ measure: 'bytes', by: 'purpose' })).toEqual({ [care]: 300, [marketing]: 100 })
  })

  it('chooses a grain that is kept', async () => {
    const grainOf = async (from: string, to: string, more = {}) => (await t.done(series, { from, to, measure: 'redeemed', ...more })).grain
    expect(await grainOf('2026-11-22T08:00:00Z', '2026-11-22T11:00:00Z')).toBe('minute')
    expect(await grainOf('2026-11-22T08:00:00Z', '2026-11-22T11:00:00Z', { by: 'field' })).toBe('hour')
    expect(await grainOf('2026-11-15T00:00:00Z', '2026-11-22T00:00:00Z')).toBe('hour')
    expect(await grainOf('2020-01-01T00:00:00Z', '2026-11-23T00:00:00Z')).toBe('day')
  })

  it('tells times of what was carried out, to staff also of what was denied', async () => {
    const lines = await linesOf({ measure: 'latency' })
    expect(lines.map(({ key, quantile, total }) => [key, quantile, total])).toEqual([
      ...['p50', 'p95', 'p99', 'mean'].map((name) => ['authorize', name, 10]),
      ...['p50', 'p95', 'p99', 'mean'].map((name) => ['redeem', name, 6]),
    ])
    // The clock of the test stands still within an act.
    expect(lines[0]!.values.slice(8, 11)).toEqual([null, 0, 0])
    expect((await linesOf({ measure: 'latency' }, t.quay)).map(({ total }) => total)).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
  })
})

describe('a matrix', () => {
  const matrix = (input: object = {}, principal: Principal = t.officer) => t.done(heatMap, { ...day, ...input }, principal)

  it('is refused where fields are not counted, or too wide', async () => {
    expect(await problemOf(matrix({ outcome: 'denied' }))).toMatchObject({ type: '/problems/door/input-invalid' })
    expect(await problemOf(matrix({ from: '2026-10-01T00:00:00Z', columns: 'hour' }))).toMatchObject({ type: '/problems/reports/too-many-points' })
    expect(await problemOf(matrix({ from: '2020-10-01T00:00:00Z' }))).toMatchObject({ type: '/problems/reports/grain-not-kept' })
  })

  it('has a row for each field of each purpose of each partner, and a column for each hour', async () => {
    const found = await matrix()
    expect(found.columns).toHaveLength(24)
    expect(
      found.rows.map((row: { partner: { reference: string }; purpose: string; field: string; total: number }) => [
        row.partner.reference,
        row.purpose,
        row.field,
        row.total,
      ]),
    ).toEqual([
      ['harbour-bank', care, 'email', 4],
      ['harbour-bank', care, 'given_name', 3],
      ['quay-clinic', marketing, 'given_name', 1],
    ])
    expect(found.rows[0].values.slice(8, 12)).toEqual([0, 3, 1, 0])
    expect(found.columns_total.slice(8, 12)).toEqual([0, 6, 2, 0])
    expect([found.total, found.rows_left_out]).toEqual([8, 0])
  })

  it('opens from a partner to its purposes and fields', async () => {
    expect((await matrix({ rows: 'partner', outcome: 'requested' })).rows).toMatchObject([
      { partner: { name: '=Harbour Bank' }, purpose: null, field: null, total: 8 },
      { partner: { name: 'Quay Clinić' }, purpose: null, field: null, total: 2 },
    ])
    expect((await matrix({ rows: 'purpose', outcome: 'denied', partner: t.harbour.partner })).rows).toMatchObject([
      { purpose: marketing, total: 1 },
      { purpose: care, total: 1 },
    ])
    expect((await matrix({ partner: t.quay.partner, purpose: marketing })).rows).toMatchObject([{ field: 'given_name', total: 1 }])
  })

  it.each([
    ['hour_of_week', 168, 6 * 24 + 9],
    ['hour', 24, 9],
    ['day', 1, 0],
  ])('has columns by %s', async (columns, width, place) => {
    const found = await matrix({ columns })
    expect(found.columns).toHaveLength(width)
    expect(found.columns_total[place]).toBe(columns === 'day' ? 8 : 6)
  })

  it('shows a partner its own rows only', async () => {
    const found = await matrix({ partner: t.harbour.partner }, t.quay)
    expect(found.rows).toMatchObject([{ partner: { reference: 'quay-clinic' } }])
    expect(found.total).toBe(1)
  })
})

describe('today', () => {
  it('is refused for a beginning long ago or to come', async () => {
    for (const since of ['2026-11-20T00:00:00Z', '2026-11-23T00:00:00Z']) expect(await problemOf(t.done(today, { since }))).toMatchObject({ status: 400 })
  })

  it('says what left, to whom and why, and why not', async () => {
    const found = await t.done(today, {})
    expect(found).toMatchObject({
      since: instantOf(Date.UTC(2026, 10, 22)),
      totals: { requested: 10, permitted: 7, denied: 3, redeemed: 5, delivered: 4, undelivered: 1, failed: 0 },
      bytes: 400,
      flows: [
        { partner: { reference: 'harbour-bank' }, purpose: care, redeemed: 4, delivered: 3, undelivered: 1, bytes: 300, fields: ['email', 'given_name'] },
        { partner: { reference: 'quay-clinic' }, purpose: marketing, redeemed: 1, delivered: 1, fields: ['given_name'] },
      ],
    })
    expect(found.denials).toContainEqual({ outcome: 'denied', reason: 'no_consent', count: 1 })
    expect(found.hours).toHaveLength(11)
    expect(found.hours.at(-1)).toMatchObject({ requested: 3, denied: 1, delivered: 2 })
  })

  it('shows a partner its own, without reasons', async () => {
    expect(await t.done(today, {}, t.quay)).toMatchObject({ totals: { requested: 2, denied: 1 }, denials: [], flows: [{ purpose: marketing }] })
  })
})
