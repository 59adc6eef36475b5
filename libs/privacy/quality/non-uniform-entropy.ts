import type { QualityModel } from './quality.ts'

/**
 * Non-uniform entropy, in bits: how surprising each original value is to someone who sees its generalisation, summed over rows and
 * attributes: -log2(rows with the original value / rows with the generalised one). A suppressed cell is generalised to all rows.
 * Weights multiply an attribute's bits; bits add up, so the aggregate does not matter.
 * Sources: A. Gionis, T. Tassa, "k-Anonymization with minimal loss of information", TKDE 2009; T. de Waal, L. Willenborg,
 * "Information loss through global recoding and local suppression", 1999.
 */
export const nonUniformEntropy: QualityModel = {
  name: 'non-uniform entropy',
  description: 'How many bits it would take to tell the original values from the released ones.',
  attributes: [],
  monotone: 'withoutSuppression',
  bind({ rowCount, attributes }) {
    const bits = (rows: number) => (rows > 0 ? Math.log2(rows) : 0)
    const cells = attributes.map(({ levels }) => ({ byGroup: levels.map(({ rows }) => Float64Array.from(rows, bits)), suppressed: bits(rowCount) }))
    const original = attributes.map(({ levels }) => Array.from(levels[0]?.rows ?? []).reduce((sum, rows) => sum + rows * bits(rows), 0))
    const combined = ({ cells: costs }: { readonly cells: Float64Array }) => {
      let sum = 0
      for (let a = 0; a < attributes.length; a++) sum += (attributes[a]?.weight ?? 0) * Math.max(0, (costs[a] as number) - (original[a] as number))
      return sum
    }
    return { cells, valueOf: combined, lowerBound: combined }
  },
}
