/**
 * One link taken apart for a reader: from the prior, part by part, to the total. Data first; words and picture are made from it.
 * Values are hidden unless the caller, who knows the viewer's rights, shows them.
 */
import type { PairWeight } from '../model/link.ts'
import { partSentence, totalSentence } from './words.ts'

/** A value that the viewer may not see, or may; `null` is a missing one. */
export type ShownValue = { readonly hidden: true } | { readonly hidden: false; readonly value: string | null }

/** @returns the value, `null` where it is missing, `undefined` where this viewer may not see it */
export type ShowValue = (column: string, record: number) => string | null | undefined

export interface WaterfallStep {
  readonly comparison: string
  readonly columns: readonly string[]
  readonly level: string
  /** What the step adds, term frequency included. */
  readonly bits: number
  /** Of that, what the value's own frequency adds. */
  readonly termFrequencyBits: number
  /** The running total before and after. */
  readonly from: number
  readonly to: number
  readonly sentence: string
  /** By column. */
  readonly left: readonly ShownValue[]
  readonly right: readonly ShownValue[]
}

export interface Waterfall {
  readonly left: number
  readonly right: number
  readonly prior: number
  /** In the model's order; `prior` and all bits add up to `total`. */
  readonly steps: readonly WaterfallStep[]
  readonly total: number
  readonly probability: number
  readonly forbidden?: string
  readonly sentence: string
}

/** @param show says which values this viewer sees; none without it */
export function waterfall(weight: PairWeight, show: ShowValue = () => undefined): Waterfall {
  const shown = (columns: readonly string[], record: number): ShownValue[] =>
    columns.map((column) => {
      const value = show(column, record)
      return value === undefined ? { hidden: true } : { hidden: false, value }
    })
  let running = weight.prior
  const steps = weight.parts.map((part): WaterfallStep => {
    const from = running
    const bits = part.bits + part.termFrequencyBits
    running += bits
    return {
      comparison: part.comparison,
      columns: part.columns,
      level: part.label,
      bits,
      termFrequencyBits: part.termFrequencyBits,
      from,
      to: running,
      sentence: partSentence(part),
      left: shown(part.columns, weight.left),
      right: shown(part.columns, weight.right),
    }
  })
  const { left, right, prior, total, probability, forbidden } = weight
  return { left, right, prior, steps, total, probability, ...(forbidden === undefined ? {} : { forbidden }), sentence: totalSentence(weight) }
}
