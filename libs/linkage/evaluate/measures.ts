/** Precision, recall and F1 of links, with the counts that they come from. */
import type { Links } from '../model/link.ts'
import type { Truth } from './truth.ts'

export interface Measures {
  readonly truePositives: number
  readonly falsePositives: number
  readonly falseNegatives: number
  /** Of the links, the share that is right; 1 where there are none. */
  readonly precision: number
  /** Of the true pairs, the share that is linked; 1 where there are none. */
  readonly recall: number
  readonly f1: number
}

export type Scored = Pick<Links, 'length' | 'left' | 'right' | 'weight' | 'probability'>

export function measures(truePositives: number, falsePositives: number, falseNegatives: number): Measures {
  const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole)
  const precision = share(truePositives, truePositives + falsePositives)
  const recall = share(truePositives, truePositives + falseNegatives)
  return { truePositives, falsePositives, falseNegatives, precision, recall, f1: share(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives) }
}

export interface LinkMeasures extends Measures {
  /** Links between records of which nobody knows whether they are one person; they count neither way. */
  readonly unknown: number
}

/** @param atLeast the least probability of a link that counts */
export function measureLinks(links: Scored, truth: Truth, atLeast = 0): LinkMeasures {
  let [right, wrong, unknown] = [0, 0, 0]
  for (let index = 0; index < links.length; index++) {
    if ((links.probability[index] as number) < atLeast) continue
    const match = truth.isMatch(links.left[index] as number, links.right[index] as number)
    if (match === undefined) unknown++
    else if (match) right++
    else wrong++
  }
  return { ...measures(right, wrong, truth.matches - right), unknown }
}

export interface Judged {
  readonly weight: number
  readonly probability: number
  readonly match: boolean
}

/** Heaviest first; links nobody can judge left out. */
export function judgedByWeight(links: Scored, truth: Truth): Judged[] {
  const judged: Judged[] = []
  for (let index = 0; index < links.length; index++) {
    const match = truth.isMatch(links.left[index] as number, links.right[index] as number)
    if (match !== undefined) judged.push({ weight: links.weight[index] as number, probability: links.probability[index] as number, match })
  }
  return judged.sort((one, other) => (one.weight === other.weight ? 0 : one.weight > other.weight ? -1 : 1))
}
