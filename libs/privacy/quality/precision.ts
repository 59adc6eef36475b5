import { cellMeasure } from './cells.ts'
import type { QualityModel } from './quality.ts'

/**
 * Precision, told as what is lost of it: the height to which a cell was generalised divided by the height of its hierarchy, on
 * average; a suppressed cell counts as the full height. 1 minus it is Sweeney's Prec when the aggregate is arithmetic.
 * Source: L. Sweeney, "Achieving k-anonymity privacy protection using generalization and suppression", 2002.
 */
export const precision: QualityModel = {
  name: 'precision',
  description: 'How far up its hierarchy each cell was taken, from 0 (nothing changed) to 1 (nothing left).',
  attributes: [],
  monotone: 'withoutSuppression',
  bind(table) {
    const heights = table.attributes.map(({ levels }) => Math.max(1, levels.length - 1))
    const cells = table.attributes.map(({ levels }, a) => ({
      byGroup: levels.map(({ leaves }, level) => new Float64Array(leaves.length).fill(level)),
      suppressed: heights[a] as number,
    }))
    return cellMeasure(table, cells, (a, cost) => cost / (table.rowCount * (heights[a] as number)))
  },
}
