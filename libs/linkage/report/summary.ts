/** Figures of a report from links and clusters. */
import type { Clusters } from '../cluster/cluster.ts'
import { membersOf } from '../cluster/cluster.ts'
import type { Links } from '../model/link.ts'
import type { ClusterFigures, LinkFigures } from './data.ts'

/** Weights beyond this are told together: nobody needs to tell 40 bits from 50. */
const bitsMax = 40

/** @param scored all links at hand, also those under the threshold */
export function linkFigures(scored: Pick<Links, 'length' | 'weight' | 'probability'>, atLeast: number): LinkFigures {
  const steps = new Map<number, { bits: number; count: number; linked: boolean }>()
  let [count, expectedFalse] = [0, 0]
  for (let index = 0; index < scored.length; index++) {
    const [weight, probability] = [scored.weight[index] as number, scored.probability[index] as number]
    const linked = probability >= atLeast
    if (linked) {
      count++
      expectedFalse += 1 - probability
    }
    const bits = Math.min(bitsMax, Math.max(-bitsMax, Math.floor(weight)))
    const step = steps.get(bits)
    if (step === undefined) steps.set(bits, { bits, count: 1, linked })
    else {
      step.count++
      step.linked ||= linked
    }
  }
  const known = [...steps.keys()]
  const byWeight = known.length === 0 ? [] : Array.from({ length: Math.max(...known) - Math.min(...known) + 1 }, (_, index) => Math.min(...known) + index)
  return { atLeast, count, expectedFalse, byWeight: byWeight.map((bits) => steps.get(bits) ?? { bits, count: 0, linked: false }) }
}

export function clusterFigures(clusters: Clusters, method: string): ClusterFigures {
  const { starts } = membersOf(clusters)
  const sizes = new Map<number, number>()
  for (let index = 0; index < clusters.count; index++) {
    const size = (starts[index + 1] as number) - (starts[index] as number)
    sizes.set(size, (sizes.get(size) ?? 0) + 1)
  }
  return {
    method,
    count: clusters.count,
    sizes: [...sizes].map(([size, count]) => ({ size, count })).sort((one, other) => one.size - other.size),
    refused: clusters.refused,
  }
}
