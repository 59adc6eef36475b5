/** A hierarchy as a plan writes it, `{ "kind": "interval", "widths": [5, 10] }`, built over the values that a column has. */
import type { Column } from '@gatehouse/tabular/dataset'
import { z } from 'zod'
import { dateHierarchy, dateSpans } from './date.ts'
import { HierarchyError } from './error.ts'
import { type Hierarchy, suppressionHierarchy, tableHierarchy } from './hierarchy.ts'
import { intervalHierarchy } from './interval.ts'
import { maskHierarchy } from './mask.ts'
import { orderHierarchy } from './order.ts'

export const leafCountMax = 1_000_000

const growing = z.array(z.number().positive()).min(1).max(32)

export const hierarchySchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('interval'),
      widths: growing.meta({ description: 'Widths of the levels above the values, each a multiple of the one before.' }),
      origin: z.number().optional(),
      bottom: z.number().optional(),
      top: z.number().optional(),
      domain: z
        .strictObject({ from: z.number(), to: z.number(), step: z.number().positive().default(1) })
        .optional()
        .meta({ description: 'All values there can be, where the loss of information is to count those that do not occur as well.' }),
    })
    .meta({ description: 'Numbers into intervals.' }),
  z
    .strictObject({
      kind: z.literal('order'),
      values: z.array(z.string()).min(1).max(leafCountMax).optional().meta({ description: 'The values in their order; without it in ascending order.' }),
      fanouts: z.array(z.int().min(2)).min(1).max(32).meta({ description: 'How many groups of one level make a group of the next.' }),
    })
    .meta({ description: 'Ordered values into runs of neighbours.' }),
  z.strictObject({ kind: z.literal('date'), spans: z.array(z.enum(dateSpans)).min(1) }).meta({ description: 'Days into longer spans.' }),
  z
    .strictObject({ kind: z.literal('mask'), from: z.enum(['right', 'left']).optional(), steps: z.array(z.int().min(1)).min(1).max(64).optional() })
    .meta({ description: 'Texts masked character by character.' }),
  z
    .strictObject({ kind: z.literal('table'), rows: z.array(z.array(z.string()).min(1).max(64)).min(1).max(leafCountMax) })
    .meta({ description: 'One row for each value, from the value to its most general group.' }),
  z.strictObject({ kind: z.literal('suppression') }).meta({ description: 'The value, or nothing of it.' }),
])

export type HierarchySpec = z.infer<typeof hierarchySchema>

/**
 * @param more the same column of other tables whose values have to be covered too, such as the population's
 * @throws HierarchyError when the values do not fit the specification
 */
export function hierarchyFor(column: Column, spec: HierarchySpec, more: readonly Column[] = []): Hierarchy {
  const attribute = column.field.name
  const leaves = leavesOf([column, ...more])
  switch (spec.kind) {
    case 'interval': {
      const { domain, widths, origin, bottom, top } = spec
      const given = { widths, ...(origin === undefined ? {} : { origin }), ...(bottom === undefined ? {} : { bottom }), ...(top === undefined ? {} : { top }) }
      const numbers = leaves.map((leaf) => (leaf === '' ? ('' as const) : Number(leaf)))
      return intervalHierarchy(attribute, { values: domain === undefined ? numbers : new Set([...steps(attribute, domain), ...numbers]), ...given })
    }
    case 'order':
      return orderHierarchy(attribute, { values: spec.values ?? leaves, fanouts: spec.fanouts })
    case 'date':
      return dateHierarchy(attribute, { values: leaves, spans: spec.spans })
    case 'mask':
      return maskHierarchy(attribute, {
        values: leaves,
        ...(spec.from === undefined ? {} : { from: spec.from }),
        ...(spec.steps === undefined ? {} : { steps: spec.steps }),
      })
    case 'table':
      return tableHierarchy(attribute, spec.rows)
    case 'suppression':
      return suppressionHierarchy(attribute, leaves)
  }
}

/** The values that occur, in ascending order; '' for a missing one at the end. */
function leavesOf(columns: readonly Column[]): string[] {
  const found = new Set(columns.flatMap((column) => [...labelsOf(column)]))
  const missing = found.delete('')
  const sorted = columns[0]?.kind === 'number' ? [...found].sort((a, b) => Number(a) - Number(b)) : [...found].sort()
  return missing ? [...sorted, ''] : sorted
}

function labelsOf(column: Column): Set<string> {
  const labels = new Set<string>()
  if (column.kind === 'number') for (const value of new Set(column.values)) labels.add(Number.isNaN(value) ? '' : String(value))
  else for (const code of new Set(column.codes)) labels.add(column.dictionary[code] ?? '')
  return labels
}

function steps(attribute: string, { from, to, step }: { from: number; to: number; step: number }): number[] {
  const count = Math.floor((to - from) / step + 1e-9) + 1
  if (!(count >= 1) || count > leafCountMax) throw new HierarchyError('bad_option', attribute, `the domain has to hold 1 to ${leafCountMax} values`)
  return Array.from({ length: count }, (_, index) => Number((from + index * step).toPrecision(15)))
}
