import { type Instant, instantMs, instantOf } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { operation, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { fittingGrain, grainMs, grains, keptFrom, momentsIn, pointsIn, type Span, spanOf } from './grain.ts'
import { type Line, latencyLines } from './latency-lines.ts'
import { namesFor } from './names.ts'
import { type Outcome, outcomes, withFields, withReasons } from './outcome.ts'
import { problems } from './problems.ts'
import { checkPeriod, countersOnly, linesMax, pattern, period, pointsMax, seenPartner, text, unfit } from './schema.ts'
import { type CounterFilter, type Dimension, latencyPoints, pointsBy, readCursor, totalsBy } from './store.ts'

const input = z.strictObject({
  ...period,
  grain: z.enum(grains).optional().describe('Without it the finest that is kept and gives a readable chart.'),
  measure: z
    .enum(['acts', 'bytes', 'latency', ...outcomes])
    .describe('`acts`: every outcome as a line. An outcome: its number. `bytes`: what was delivered. `latency`: milliseconds of authorize and redeem.'),
  by: z.enum(['outcome', 'partner', 'purpose', 'field', 'reason']).optional().describe('One line for each; without it one line in all.'),
  partner: idSchema('partner').optional(),
  purpose: text.optional(),
  field: text.optional(),
})
type Request = z.output<typeof input>

const line = z.strictObject({
  key: z.string().nullable().describe('Null: all that have no line of their own.'),
  label: z.string(),
  quantile: z.enum(['p50', 'p95', 'p99', 'mean']).nullable().describe('Only for `latency`.'),
  total: z.number().describe('Of the whole span; of a latency, the number of acts.'),
  values: z.array(z.number().nullable()).describe('One for each moment of `at`. Null: nothing to measure.'),
})

export const series = operation({
  name: 'reports.series',
  summary: 'Counts and times over a span, as lines of a chart',
  description: 'From counters that are at most a second or two behind the log. Pieces of time are those of UTC.',
  input,
  output: z.strictObject({
    grain: z.enum(grains),
    from: instantSchema,
    to: instantSchema,
    at: z.array(instantSchema).describe('The beginning of each piece of time.'),
    lines: z.array(line),
    log_index: z.number().int().describe('The place of the log up to which everything is counted.'),
  }),
  access: { action: 'read', on: pattern },
  audit: { none: countersOnly },
  http: { method: 'GET', path: '/v1/insight/series' },
  problems: [problems.grain_not_kept, problems.too_many_points, problems.reasons_not_shown],
  example: { input: { from: '2026-11-22T00:00:00Z', to: '2026-11-22T06:00:00Z', measure: 'acts', by: 'outcome' } },
  run: (ctx, request) => run(ctx, request),
})

async function run(ctx: TransactionContext, request: Request) {
  const { tx, nowMs, principal } = ctx
  checkPeriod(request)
  const by = request.measure === 'acts' ? 'outcome' : request.by
  checkSplit(request, by)
  // The reason of a refusal tells a known person from an unknown one, and a partner could ask one by one and look at the sums.
  if (by === 'reason' && principal.partner !== undefined) throw new Problem(problems.reasons_not_shown)
  const span = chosenSpan(request, by, nowMs)
  const filter = { grain: span.grain, from: instantOf(span.fromMs), to: instantOf(span.toMs), partner: seenPartner(principal, request.partner) }
  // Likewise the time that a denial took.
  const decision = principal.partner === undefined ? undefined : ('permit' as const)
  const [lines, index] = await Promise.all([
    request.measure === 'latency'
      ? latencyPoints(tx, { ...filter, decision }).then((rows) => latencyLines(rows, span))
      : countLines(ctx, span, { ...filter, ...countsOf(request, by) }, by, request.measure === 'bytes' ? 'bytes' : 'count'),
    readCursor(tx),
  ])
  return { grain: span.grain, from: filter.from, to: filter.to, at: momentsIn(span), lines: [...lines], log_index: index }
}

/** What is counted, and in rows of which kind. */
function countsOf({ measure, purpose, field }: Request, by: Dimension | undefined): Pick<CounterFilter, 'kind' | 'outcomes' | 'purpose' | 'field'> {
  const kind = by === 'reason' ? 'reason' : by === 'field' || field !== undefined ? 'field' : 'act'
  const counted: readonly Outcome[] | undefined = measure === 'acts' ? undefined : measure === 'bytes' ? ['delivered', 'undelivered'] : [measure as Outcome]
  return { kind, outcomes: counted, purpose, field }
}

function checkSplit({ measure, purpose, field }: Request, by: Dimension | undefined): void {
  const fields = (withFields as readonly string[]).includes(measure)
  if (measure === 'latency' && (by !== undefined || purpose !== undefined)) throw unfit('/by', 'times are told by the operation, for all or for one partner')
  if (by === 'outcome' && measure !== 'acts') throw unfit('/by', '"outcome" splits the measure "acts" only')
  if (by === 'field' && !fields) throw unfit('/by', `fields are counted for ${withFields.join(', ')}`)
  if (field !== undefined && !fields) throw unfit('/field', `fields are counted for ${withFields.join(', ')}`)
  if (by === 'reason' && !(withReasons as readonly string[]).includes(measure)) throw unfit('/by', `reasons are counted for ${withReasons.join(', ')}`)
}

function chosenSpan({ from, to, grain, field }: Request, by: Dimension | undefined, nowMs: number): Span {
  const inParts = by === 'field' || by === 'reason' || field !== undefined
  const fitting = fittingGrain(from, to, nowMs)
  const chosen = grain ?? (inParts && fitting === 'minute' ? 'hour' : fitting)
  if (inParts && chosen === 'minute') throw new Problem(problems.grain_not_kept, 'by the minute acts are counted, and not their fields and reasons')
  if (instantMs(from) < keptFrom(chosen, nowMs) - grainMs[chosen])
    throw new Problem(problems.grain_not_kept, `by the ${chosen} counts begin at ${instantOf(keptFrom(chosen, nowMs))}`)
  const span = spanOf(chosen, from, to)
  if (pointsIn(span) > pointsMax) throw new Problem(problems.too_many_points, `${pointsIn(span)} points by the ${chosen}; the most is ${pointsMax}`)
  return span
}

async function countLines(
  { tx, node }: TransactionContext,
  span: Span,
  filter: CounterFilter,
  by: Dimension | undefined,
  measured: 'count' | 'bytes',
): Promise<Line[]> {
  const totals = by === undefined ? [] : await totalsBy(tx, filter, by, measured)
  const shown = totals.slice(0, linesMax).map(({ key }) => key)
  const rows = await pointsBy(tx, filter, by, shown)
  const names = await namesFor(tx, node, by === 'partner' ? shown : [])
  const labelOf = (key: string) => (by === 'partner' ? names.partner(key).name : by === 'purpose' ? names.purpose(key) : key)
  const keys = by === undefined ? [''] : [...shown, ...(totals.length > shown.length ? [null] : [])]
  const lines = new Map(
    keys.map((key) => [key, { key, label: key === null ? '' : labelOf(key), quantile: null, total: 0, values: new Array<number>(pointsIn(span)).fill(0) }]),
  )
  for (const { at, key, ...row } of rows) {
    const found = lines.get(key)
    if (found === undefined) continue
    const place = placeOf(at, span)
    found.values[place] = row[measured]
    found.total += row[measured]
  }
  return [...lines.values()]
}

const placeOf = (at: Instant, { fromMs, grain }: Span): number => (instantMs(at) - fromMs) / grainMs[grain]
