/** Numbers into intervals that grow from level to level. */
import { HierarchyError } from './error.ts'
import { type Hierarchy, tableHierarchy } from './hierarchy.ts'

export interface IntervalOptions {
  /** The numbers to cover, each once; '' covers missing values. */
  readonly values: Iterable<number | ''>
  /** Widths of the levels above the leaves, each a multiple of the one before. A level "*" follows the last. */
  readonly widths: readonly number[]
  /** Where an interval begins; 0 unless told. */
  readonly origin?: number
  /** Bottom coding: everything below it is one group from level 1 on. */
  readonly bottom?: number
  /** Top coding: this number and everything above is one group from level 1 on. */
  readonly top?: number
}

/**
 * Half-open intervals, written `[20, 30)`. A missing value stays '' up to the last width and becomes "*" with the others.
 *
 * @throws HierarchyError `bad_option` when widths do not nest, `bad_value` for a number that is not finite
 */
export function intervalHierarchy(attribute: string, options: IntervalOptions): Hierarchy {
  const { widths, origin = 0, bottom = Number.NEGATIVE_INFINITY, top = Number.POSITIVE_INFINITY } = options
  checkWidths(attribute, widths)
  if (!(bottom < top)) throw new HierarchyError('bad_option', attribute, 'the bottom has to lie below the top')
  const rows = Array.from(options.values, (value) => {
    if (value === '') return ['', ...widths.map(() => ''), '*']
    if (!Number.isFinite(value)) throw new HierarchyError('bad_value', attribute, 'intervals take finite numbers only')
    return [String(value), ...widths.map((width) => label(value, width, origin, bottom, top)), '*']
  })
  return tableHierarchy(attribute, rows)
}

function label(value: number, width: number, origin: number, bottom: number, top: number): string {
  if (value < bottom) return `< ${bottom}`
  if (value >= top) return `>= ${top}`
  const step = Math.floor((value - origin) / width)
  const [from, to] = [origin + step * width, origin + (step + 1) * width]
  return `[${shown(Math.max(from, bottom))}, ${shown(Math.min(to, top))})`
}

/** 15 digits hide what binary fractions add: 0.1 + 0.2 is shown as 0.3. */
function shown(bound: number): string {
  return String(Number(bound.toPrecision(15)))
}

function checkWidths(attribute: string, widths: readonly number[]): void {
  for (const [index, width] of widths.entries()) {
    const below = widths[index - 1]
    if (!(width > 0) || !Number.isFinite(width)) throw new HierarchyError('bad_option', attribute, `width ${index + 1} has to be a number above 0`)
    if (below === undefined) continue
    const ratio = width / below
    if (ratio > 1 && Math.abs(ratio - Math.round(ratio)) < 1e-9) continue
    throw new HierarchyError('bad_option', attribute, `width ${width} is no multiple of ${below}, so its intervals would cut through those below`)
  }
}
