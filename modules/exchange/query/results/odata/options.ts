/** The system query options of OData, as they come and as they are meant. Pure. */
import type { Field } from '@gatehouse/tabular/field'
import type { Predicate } from '@gatehouse/tabular/predicate'
import { z } from 'zod'
import { rowKey } from './csdl.ts'
import { filterLengthMax, parseFilter } from './filter.ts'

/** Rows that one answer has at most; the rest is behind `@odata.nextLink`. */
export const feedPageMax = 5_000

/** Known, and refused by name: a client that asks to sort and gets unsorted rows would draw something false. */
const unspoken = ['$orderby', '$expand', '$search', '$apply', '$compute', '$levels', '$index', '$schemaversion', '$deltatoken'] as const

const count = z
  .string()
  .regex(/^\d{1,10}$/, 'a whole number')
  .optional()

export const feedOptions = z.strictObject({
  $top: count,
  $skip: count,
  $select: z.string().max(8_000).optional(),
  $filter: z
    .string()
    .max(filterLengthMax + 1)
    .optional()
    .describe('A column compared with a value (eq, ne, lt, le, gt, ge), startswith(column,’text’), and, or, not, null'),
  $count: z.enum(['true', 'false']).optional(),
  $skiptoken: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,12})?$/)
    .optional()
    .describe('Stands in @odata.nextLink'),
  $format: z.string().max(100).optional(),
  ...(Object.fromEntries(unspoken.map((name) => [name, z.string().max(8_000).optional()])) as Record<(typeof unspoken)[number], z.ZodOptional<z.ZodString>>),
})
export type FeedOptions = z.output<typeof feedOptions>

export interface FeedQuestion {
  readonly columns: readonly string[]
  /** Whether the place of the row is wanted. */
  readonly withKey: boolean
  readonly predicate: Predicate | undefined
  /** The row of the file to begin at. */
  readonly from: number
  /** Rows that hold and are passed over. */
  readonly skip: number
  /** Rows that are still wanted, over all pages. */
  readonly wanted: number
  readonly counted: boolean
}

export type ReadOptions =
  | { readonly ok: true; readonly question: FeedQuestion }
  | { readonly ok: false; readonly fault: 'unspoken' | 'wrong'; readonly detail: string }

export function readOptions(options: FeedOptions, fields: readonly Pick<Field, 'name' | 'type'>[]): ReadOptions {
  const named = unspoken.find((name) => options[name] !== undefined)
  if (named !== undefined) return { ok: false, fault: 'unspoken', detail: `${named} is not spoken here` }
  if (options.$format !== undefined && !/^(json|application\/json(;.*)?)$/.test(options.$format))
    return { ok: false, fault: 'unspoken', detail: 'rows come as JSON' }
  const typeOf = (column: string) => fields.find(({ name }) => name === column)?.type
  const all = fields.map(({ name }) => name)
  const selected = options.$select === undefined || options.$select.trim() === '*' ? [rowKey, ...all] : options.$select.split(',').map((name) => name.trim())
  const strange = selected.find((name) => name !== rowKey && typeOf(name) === undefined)
  if (strange !== undefined) return { ok: false, fault: 'wrong', detail: '$select names a column that the result does not have' }
  const filter = options.$filter === undefined ? undefined : parseFilter(options.$filter, typeOf)
  if (filter?.ok === false) return { ok: false, fault: 'wrong', detail: filter.detail }
  const [from = 0, left] = (options.$skiptoken ?? '').split('.').flatMap((part) => (part === '' ? [] : [Number(part)]))
  return {
    ok: true,
    question: {
      columns: all.filter((name) => selected.includes(name)),
      withKey: selected.includes(rowKey),
      predicate: filter?.predicate,
      from,
      // What the first page passed over is behind the others.
      skip: options.$skiptoken === undefined ? Number(options.$skip ?? 0) : 0,
      wanted: left ?? (options.$top === undefined ? Number.POSITIVE_INFINITY : Number(options.$top)),
      counted: options.$count === 'true',
    },
  }
}

/** The next page is asked for by the same options, from where this one ended. */
export function nextLink(at: string, options: FeedOptions, next: number, left: number): string {
  const kept = (['$select', '$filter', '$count', '$format'] as const).flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]))
  const token = Number.isFinite(left) ? `${next}.${left}` : String(next)
  const query = [...kept, ['$skiptoken', token]].map(([name, value]) => `${name}=${encodeURIComponent(value as string)}`).join('&')
  return `${at}?${query}`
}
