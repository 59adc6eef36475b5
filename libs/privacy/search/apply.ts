/** The treated table: generalised labels where values were, and nothing at all in suppressed rows. */
import { type Column, type Dataset, type DictionaryColumn, missingCode } from '@gatehouse/tabular/dataset'
import type { Hierarchy } from '../hierarchy/hierarchy.ts'
import { encodeLeaves } from './encode.ts'
import type { Levels } from './lattice.ts'
import type { Role } from './options.ts'

export interface TreatedDataset extends Dataset {
  /** By row, 1 where the row was suppressed: it keeps its place and has no value in any column. */
  readonly suppressed: Uint8Array
}

export interface AppliedNode {
  readonly dataset: Dataset
  readonly roles: Readonly<Record<string, Role>>
  readonly hierarchies: readonly Hierarchy[]
  readonly levels: Levels
  readonly suppressed: Uint8Array
}

/** Columns stay in their order; identifying ones are left out. */
export function applyNode({ dataset, roles, hierarchies, levels, suppressed }: AppliedNode): TreatedDataset {
  const columns = dataset.columns
    .filter((column) => roles[column.field.name] !== 'identifying')
    .map((column) => {
      const at = hierarchies.findIndex(({ attribute }) => attribute === column.field.name)
      const hierarchy = hierarchies[at]
      const level = levels[at] ?? 0
      return hierarchy && level > 0 ? generalised(dataset, column, hierarchy, level, suppressed) : blanked(column, suppressed)
    })
  return { rowCount: dataset.rowCount, columns, suppressed }
}

function generalised(dataset: Dataset, column: Column, hierarchy: Hierarchy, level: number, suppressed: Uint8Array): DictionaryColumn {
  const { labels, map } = hierarchy.levels[level] ?? { labels: [], map: new Int32Array() }
  const released = Int32Array.from({ length: dataset.rowCount }, (_, row) => row).filter((row) => suppressed[row] === 0)
  const leaves = released.length > 0 ? encodeLeaves(dataset, hierarchy, released) : released
  const codes = new Int32Array(dataset.rowCount).fill(missingCode)
  for (let i = 0; i < released.length; i++) {
    const group = map[leaves[i] as number] as number
    if (labels[group] !== '') codes[released[i] as number] = group
  }
  return { kind: 'dictionary', field: { ...column.field, type: 'string', nullable: true }, codes, dictionary: labels }
}

/** The column with nothing in suppressed rows. */
export function blanked(column: Column, suppressed: Uint8Array): Column {
  const field = { ...column.field, nullable: true }
  if (column.kind === 'number') return { kind: 'number', field, values: column.values.map((value, row) => (suppressed[row] ? Number.NaN : value)) }
  return { kind: 'dictionary', field, codes: column.codes.map((code, row) => (suppressed[row] ? missingCode : code)), dictionary: column.dictionary }
}
