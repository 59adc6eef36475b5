import { instantMs, instantOf } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { operation, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { keptFrom, momentsIn, pointsIn, type Span, spanOf } from './grain.ts'
import { namesFor } from './names.ts'
import { type Outcome, outcomes, withFields } from './outcome.ts'
import { problems } from './problems.ts'
import { checkPeriod, countersOnly, matrixColumnsMax, matrixRowsMax, partnerName, pattern, period, seenPartner, text, unfit } from './schema.ts'
import { type CounterFilter, type MatrixRow, matrixCells, matrixColumns, matrixRows } from './store.ts'

const input = z.strictObject({
  ...period,
  outcome: z.enum(outcomes).default('redeemed').describe('What is counted; down to fields only what names fields.'),
  rows: z
    .enum(['partner', 'purpose', 'field'])
    .default('field')
    .describe('How deep: a row for each partner, for each purpose of a partner, or for each field under these.'),
  columns: z.enum(['hour_of_day', 'hour_of_week', 'hour', 'day']).default('hour_of_day').describe('All in UTC. A week begins on Monday.'),
  partner: idSchema('partner').optional(),
  purpose: text.optional(),
  field: text.optional(),
})
type Request = z.output<typeof input>

const row = z.strictObject({
  partner: partnerName,
  purpose: z.string().nullable(),
  purpose_label: z.string().nullable(),
  field: z.string().nullable(),
  total: z.number().int(),
  values: z.array(z.number().int()).describe('One for each column.'),
})

export const heatMap = operation({
  name: 'reports.heat_map',
  summary: 'Who gets what, for which purpose and when, as a matrix',
  description: 'The largest rows first. `columns_total` and `total` count every row, those left out too. Filters lead from a row to what is under it.',
  input,
  output: z.strictObject({
    from: instantSchema,
    to: instantSchema,
    columns: z.array(z.string()).describe('A moment each, or the number of the hour from 0.'),
    rows: z.array(row),
    rows_left_out: z.number().int(),
    columns_total: z.array(z.number().int()),
    total: z.number().int(),
  }),
  access: { action: 'read', on: pattern },
  audit: { none: countersOnly },
  http: { method: 'GET', path: '/v1/insight/heat-map' },
  problems: [problems.grain_not_kept, problems.too_many_points],
  example: { input: { from: '2026-11-15T00:00:00Z', to: '2026-11-22T00:00:00Z' } },
  run: (ctx, request) => run(ctx, request),
})

async function run({ tx, node, principal, nowMs }: TransactionContext, request: Request) {
  checkPeriod(request)
  const { rows: depth, columns, outcome } = request
  if ((depth === 'field' || request.field !== undefined) && !(withFields as readonly Outcome[]).includes(outcome))
    throw unfit('/outcome', `fields are counted for ${withFields.join(', ')}`)
  const span = chosenSpan(request, nowMs)
  const names = columnsOf(request.columns, span)
  const filter: CounterFilter = {
    grain: span.grain,
    from: instantOf(span.fromMs),
    to: instantOf(span.toMs),
    kind: depth === 'field' || request.field !== undefined ? 'field' : 'act',
    outcomes: [outcome],
    partner: seenPartner(principal, request.partner),
    purpose: request.purpose,
    field: request.field,
  }
  const [{ rows, all, count }, sums] = await Promise.all([matrixRows(tx, filter, depth, matrixRowsMax), matrixColumns(tx, filter, columns)])
  const cells = rows.length === 0 ? [] : await matrixCells(tx, filter, depth, columns, rows)
  const found = await namesFor(
    tx,
    node,
    rows.map((row) => row.partner_id),
  )
  const zeros = () => new Array<number>(names.length).fill(0)
  const values = new Map(rows.map((row) => [keyOf(row), zeros()]))
  for (const cell of cells) put(values.get(keyOf(cell)), cell)
  const totals = zeros()
  for (const sum of sums) put(totals, sum)
  return {
    from: filter.from,
    to: filter.to,
    columns: names,
    rows: rows.map((row) => ({
      partner: found.partner(row.partner_id),
      purpose: depth === 'partner' ? null : row.purpose,
      purpose_label: depth === 'partner' ? null : found.purpose(row.purpose),
      field: depth === 'field' ? row.field : null,
      total: row.count,
      values: values.get(keyOf(row)) ?? [],
    })),
    rows_left_out: all - rows.length,
    columns_total: totals,
    total: count,
  }
}

const keyOf = ({ partner_id, purpose, field }: MatrixRow): string => JSON.stringify([partner_id, purpose, field])

function put(values: number[] | undefined, { column, count }: { readonly column: number; readonly count: number }): void {
  if (values !== undefined && column < values.length) values[column] = count
}

function chosenSpan({ from, to, columns }: Request, nowMs: number): Span {
  const grain = columns === 'day' ? 'day' : 'hour'
  if (instantMs(from) < keptFrom(grain, nowMs)) throw new Problem(problems.grain_not_kept, `hours begin at ${instantOf(keptFrom(grain, nowMs))}`)
  const span = spanOf(grain, from, to)
  const folded = columns === 'hour_of_day' || columns === 'hour_of_week'
  if (!folded && pointsIn(span) > matrixColumnsMax)
    throw new Problem(problems.too_many_points, `${pointsIn(span)} columns by the ${grain}; the most is ${matrixColumnsMax}`)
  return span
}

function columnsOf(columns: Request['columns'], span: Span): string[] {
  if (columns === 'hour' || columns === 'day') return momentsIn(span)
  return Array.from({ length: columns === 'hour_of_day' ? 24 : 168 }, (_, hour) => String(hour))
}
