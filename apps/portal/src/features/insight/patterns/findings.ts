/** What a row of numbers says, so that a chart's title can say it. Pure. */

export type Change =
  | { readonly kind: 'even' }
  | { readonly kind: 'rose' | 'fell' /** The place from which on it is another. */; readonly at: number; readonly factor: number }

/** Chance divides a row so well at a given place once in some two thousand times; anything likelier is not told. */
const gainMin = 6
const factorMin = 1.8

/**
 * The place that best divides the row in two, each with a rate of its own: the largest likelihood of two Poisson rates against one.
 *
 * @param counts one for each piece of time
 * @param exposure out of how many; without it every piece weighs the same
 */
export function changeIn(counts: readonly number[], exposure: readonly number[] = counts.map(() => 1)): Change {
  const all = { count: sum(counts), of: sum(exposure) }
  let best: { at: number; gain: number; factor: number } | undefined
  const before = { count: 0, of: 0 }
  for (let at = 1; at < counts.length; at++) {
    before.count += counts[at - 1] ?? 0
    before.of += exposure[at - 1] ?? 0
    const after = { count: all.count - before.count, of: all.of - before.of }
    if (before.of === 0 || after.of === 0) continue
    const gain = likelihood(before) + likelihood(after) - likelihood(all)
    if (gain > (best?.gain ?? 0)) best = { at, gain, factor: after.count / after.of / (before.count / before.of) }
  }
  if (best === undefined || best.gain < gainMin) return { kind: 'even' }
  const { at, factor } = best
  if (factor >= factorMin) return { kind: 'rose', at, factor }
  return factor <= 1 / factorMin ? { kind: 'fell', at, factor } : { kind: 'even' }
}

/** A change in words: twice, three times, so many times, or half. */
export function sizeOf({ factor }: { readonly factor: number }): 'new' | 'doubled' | 'tripled' | 'times' | 'halved' | 'less' {
  if (!Number.isFinite(factor)) return 'new'
  if (factor >= 1) return factor < 2.5 ? 'doubled' : factor < 3.5 ? 'tripled' : 'times'
  return factor > 0.4 ? 'halved' : 'less'
}

/** The place of the largest number; nothing where all are nought. */
export function peakOf(values: readonly number[]): { at: number; value: number } | undefined {
  const value = Math.max(0, ...values)
  return value === 0 ? undefined : { at: values.indexOf(value), value }
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const likelihood = ({ count, of }: { readonly count: number; readonly of: number }): number => (count === 0 ? 0 : count * Math.log(count / of))
