import type { QualityModel } from './quality.ts'

/**
 * Kullback-Leibler divergence, in bits, of the original distribution of rows from the one a reader would rebuild by spreading each
 * released class evenly over the leaves under its values. Suppressed rows are one class spread over everything. Weights do not
 * matter: a joint distribution has no attributes to weigh.
 * Source: D. Kifer, J. Gehrke, "Injecting utility into anonymized datasets", SIGMOD 2006.
 *
 * Without the constant part it is the mean over rows of log2(area of the class) - log2(share of the class), and the area's
 * logarithm is a sum over attributes, so cells carry the first and class scores the second.
 */
export const klDivergence: QualityModel = {
  name: 'KL divergence',
  description: 'How many bits a row the distribution rebuilt from the release is away from the original one.',
  attributes: [],
  monotone: 'withoutSuppression',
  bind({ rowCount, attributes, rowEntropy }) {
    const cells = attributes.map(({ levels }) => ({
      byGroup: levels.map(({ leaves }) => Float64Array.from(leaves, Math.log2)),
      suppressed: Math.log2(levels[0]?.leaves.length ?? 1),
    }))
    const shareBits = (size: number) => (size > 0 ? size * Math.log2(size / rowCount) : 0)
    const area = (costs: Float64Array) => costs.reduce((sum, cost) => sum + cost, 0)
    return {
      cells,
      scoreOf: ({ size }) => shareBits(size),
      valueOf: (view) => Math.max(0, (area(view.cells) - view.releasedScore - shareBits(view.suppressedRows)) / rowCount - rowEntropy),
      // A class has at most all rows, and then its share has no bits.
      lowerBound: (bound) => Math.max(0, area(bound.cells) / rowCount - rowEntropy),
    }
  },
}
