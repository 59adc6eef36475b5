/** Which links a report shows: the surest, those about the threshold on both sides, and the forbidden. */
import type { Links } from '../model/link.ts'

export interface ChosenExample {
  readonly why: string
  readonly left: number
  readonly right: number
}

const eachMax = 2

/** @param scored all links at hand, also those under the threshold */
export function chooseExamples(scored: Pick<Links, 'length' | 'left' | 'right' | 'weight' | 'probability'>, atLeast: number): ChosenExample[] {
  const order = Array.from({ length: scored.length }, (_, index) => index)
    .filter((index) => Number.isFinite(scored.weight[index]))
    .sort((one, other) => (scored.weight[other] as number) - (scored.weight[one] as number) || one - other)
  const from = order.findIndex((index) => (scored.probability[index] as number) < atLeast)
  const border = from < 0 ? order.length : from
  const middle = Math.floor(border / 2)
  const spans: readonly (readonly [string, readonly number[]])[] = [
    ['Among the surest', order.slice(0, Math.min(eachMax, border))],
    ['In the middle', order.slice(middle, middle + 1)],
    ['Just linked', order.slice(Math.max(0, border - eachMax), border)],
    ['Just not linked', order.slice(border, border + eachMax)],
  ]
  const seen = new Set<number>()
  return spans.flatMap(([why, indexes]) =>
    indexes.flatMap((index) => {
      if (seen.has(index)) return []
      seen.add(index)
      return [{ why, left: scored.left[index] as number, right: scored.right[index] as number }]
    }),
  )
}
