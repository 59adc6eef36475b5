import { cellMeasure } from './cells.ts'
import type { CellCosts, QualityModel, QualityTable } from './quality.ts'

/**
 * Loss: how much of an attribute's domain each cell covers, on average over the rows. A cell's share is the leaves under its value
 * divided by all leaves of the hierarchy, those that do not occur included; a suppressed cell's share is 1. An attribute's loss is
 * scaled so that untouched cells give 0 and suppressed ones 1. The default of `treat`.
 * Source: V. Iyengar, "Transforming data to satisfy privacy constraints", KDD 2002 (the metric LM).
 */
export const loss: QualityModel = {
  name: 'loss',
  description: 'How much of the domain of each attribute the released values leave open, from 0 (nothing changed) to 1 (nothing left).',
  attributes: [],
  monotone: 'withoutSuppression',
  bind(table) {
    const cells = lossCells(table)
    return cellMeasure(table, cells, (attribute, leaves) => lossOf(leaves, table.rowCount, (cells[attribute] as CellCosts).suppressed))
  },
}

/** Shares are held as whole numbers of leaves, so that their sums are exact whatever the order of rows. */
export function lossCells(table: QualityTable): CellCosts[] {
  return table.attributes.map(({ levels }) => ({ byGroup: levels.map(({ leaves }) => leaves), suppressed: levels[0]?.leaves.length ?? 0 }))
}

/** Of one attribute, 0 to 1, from the leaves under all of its cells. A domain of one leaf has nothing to lose. */
export function lossOf(leaves: number, rowCount: number, domain: number): number {
  return domain <= 1 ? 0 : Math.max(0, (leaves - rowCount) / (rowCount * (domain - 1)))
}
