import { instantMs, instantOf } from '@gatehouse/core/instant'
import { instantSchema } from '@gatehouse/core/schema'
import { operation, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { floorTo, grainMs, momentsIn, spanOf } from './grain.ts'
import { namesFor } from './names.ts'
import { type Outcome, outcomes, withReasons } from './outcome.ts'
import { countersOnly, flowsMax, partnerName, pattern, todayHoursMax, unfit } from './schema.ts'
import { flows, pointsBy, totalsBy } from './store.ts'

const counts = z.strictObject(Object.fromEntries(outcomes.map((name) => [name, z.number().int()])) as Record<Outcome, z.ZodNumber>)

const flow = z.strictObject({
  partner: partnerName,
  purpose: z.string(),
  purpose_label: z.string(),
  redeemed: z.number().int(),
  delivered: z.number().int(),
  undelivered: z.number().int(),
  bytes: z.number().int(),
  fields: z.array(z.string()),
})

export const today = operation({
  name: 'reports.today',
  summary: 'What left today, to whom and why, and what was denied',
  input: z.strictObject({
    since: instantSchema
      .optional()
      .describe(`When the day began where the reader is, at most ${todayHoursMax} hours ago; rounded down to the hour. Without it midnight in UTC.`),
  }),
  output: z.strictObject({
    since: instantSchema,
    until: instantSchema,
    totals: counts,
    bytes: z.number().int(),
    flows: z.array(flow).describe(`The ${flowsMax} largest.`),
    denials: z.array(z.strictObject({ outcome: z.enum(outcomes), reason: z.string(), count: z.number().int() })).describe('Empty for a partner.'),
    hours: z.array(z.strictObject({ at: instantSchema, requested: z.number().int(), denied: z.number().int(), delivered: z.number().int() })),
  }),
  access: { action: 'read', on: pattern },
  audit: { none: countersOnly },
  http: { method: 'GET', path: '/v1/insight/today' },
  example: { input: {} },
  run: (ctx, { since }) => run(ctx, since === undefined ? floorTo('day', ctx.nowMs) : instantMs(since)),
})

async function run({ tx, node, principal, now, nowMs }: TransactionContext, sinceMs: number) {
  if (sinceMs > nowMs || sinceMs < nowMs - todayHoursMax * grainMs.hour) throw unfit('/since', `a moment of the last ${todayHoursMax} hours`)
  const span = spanOf('hour', instantOf(sinceMs), instantOf(nowMs + 1))
  const filter = { grain: 'hour', from: instantOf(span.fromMs), to: instantOf(span.toMs), kind: 'act', partner: principal.partner } as const
  const [totals, points, left, ...reasons] = await Promise.all([
    totalsBy(tx, filter, 'outcome'),
    pointsBy(tx, filter, 'outcome', ['requested', 'denied', 'delivered']),
    flows(tx, { ...filter, outcomes: ['redeemed', 'delivered', 'undelivered'] }, flowsMax),
    ...(principal.partner === undefined ? withReasons.map((outcome) => totalsBy(tx, { ...filter, kind: 'reason', outcomes: [outcome] }, 'reason')) : []),
  ])
  const names = await namesFor(
    tx,
    node,
    left.map((row) => row.partner_id),
  )
  const at = (moment: string, key: string) => points.find((point) => point.at === moment && point.key === key)?.count ?? 0
  return {
    since: filter.from,
    until: now,
    totals: Object.fromEntries(outcomes.map((name) => [name, totals.find(({ key }) => key === name)?.count ?? 0])) as Record<Outcome, number>,
    bytes: totals.reduce((sum, { bytes }) => sum + bytes, 0),
    flows: left.map(({ partner_id, ...row }) => ({ partner: names.partner(partner_id), purpose_label: names.purpose(row.purpose), ...row })),
    denials: reasons.flatMap((rows, index) => rows.map(({ key, count }) => ({ outcome: withReasons[index] ?? 'denied', reason: key, count }))),
    hours: momentsIn(span).map((moment) => ({
      at: moment,
      requested: at(moment, 'requested'),
      denied: at(moment, 'denied'),
      delivered: at(moment, 'delivered'),
    })),
  }
}
