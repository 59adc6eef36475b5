/** Whether links of probability p are right in a share p of the cases. */
import { judgedByWeight, type Scored } from './measures.ts'
import type { Truth } from './truth.ts'

export interface CalibrationBin {
  readonly from: number
  readonly to: number
  readonly links: number
  /** Mean probability that the model gave. */
  readonly expected: number
  /** Share that is right. */
  readonly found: number
}

export interface Calibration {
  /** Bins that hold links. They are narrow near 1, where most links are and where a difference matters. */
  readonly bins: readonly CalibrationBin[]
  /** Mean distance between expected and found, by links. */
  readonly error: number
  /** Mean squared error of the probability (Brier 1950). */
  readonly brier: number
}

const edges = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1]

export function calibration(links: Scored, truth: Truth): Calibration {
  const judged = judgedByWeight(links, truth)
  const bins = edges.slice(1).flatMap((to, index): CalibrationBin[] => {
    const from = edges[index] ?? 0
    const inside = judged.filter(({ probability }) => probability >= from && (probability < to || to === 1))
    if (inside.length === 0) return []
    const mean = (of: (link: (typeof judged)[number]) => number): number => inside.reduce((sum, link) => sum + of(link), 0) / inside.length
    return [{ from, to, links: inside.length, expected: mean((link) => link.probability), found: mean((link) => Number(link.match)) }]
  })
  const all = Math.max(1, judged.length)
  return {
    bins,
    error: bins.reduce((sum, bin) => sum + bin.links * Math.abs(bin.expected - bin.found), 0) / all,
    brier: judged.reduce((sum, { probability, match }) => sum + (probability - Number(match)) ** 2, 0) / all,
  }
}
