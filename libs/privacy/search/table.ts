/** A table as the search sees it: each distinct combination of quasi-identifying leaves once, with how often it occurs. */
import type { Dataset } from '@gatehouse/tabular/dataset'
import type { Hierarchy } from '../hierarchy/hierarchy.ts'
import type { Distribution, SensitiveAttribute, TableFacts } from '../model/model.ts'
import { type Block, type BlockPlan, BlockTables, planBlocks } from './blocks.ts'
import type { ClassList } from './class-list.ts'
import type { Distributions } from './distributions.ts'
import { type EncodedColumn, encodeLeaves, encodeValues } from './encode.ts'
import { Grouper } from './group.ts'

export interface EncodedTable {
  /** Rows of the table, those left out not counted. */
  readonly rowCount: number
  readonly populationCount?: number
  readonly hierarchies: readonly Hierarchy[]
  readonly blocks: readonly Block[]
  readonly tables: BlockTables
  /** The classes of the bottom node: the distinct rows. */
  readonly base: ClassList
  /** By row of the dataset, its distinct row; -1 for rows left out. */
  readonly distinctOf: Int32Array
  readonly sensitive: readonly SensitiveAttribute[]
  /** By attribute and leaf, the rows that have it. */
  readonly leafRows: readonly Float64Array[]
}

export interface TableInput {
  readonly dataset: Dataset
  /** Of the quasi-identifiers, in the order of the node's levels. */
  readonly hierarchies: readonly Hierarchy[]
  /** Attributes whose distributions a model or measure asks for, with the hierarchy where there is one. */
  readonly sensitive: readonly { readonly name: string; readonly hierarchy?: Hierarchy }[]
  readonly population?: Dataset
  /** By row, whether it takes part; all do without it. */
  readonly include?: (row: number) => boolean
}

/** @throws HierarchyError `uncovered_value`, TreatmentError `all_missing`, RangeError for a column that is not there */
export function encodeTable(input: TableInput): EncodedTable {
  const { dataset, hierarchies, population, include } = input
  const taken = rowsTaken(dataset.rowCount, include)
  const rowCount = taken.length
  const entryCount = rowCount + (population?.rowCount ?? 0)
  const plans = planBlocks(hierarchies)
  const tables = new BlockTables(hierarchies, plans)
  const leafRows = hierarchies.map((hierarchy) => new Float64Array(hierarchy.values.length))
  const entryCodes = plans.map((plan) => entryBlockCodes(plan, input, taken, entryCount, leafRows))

  const entries = sequence(entryCount)
  const bottom = hierarchies.map(() => 0)
  const grouper = new Grouper(
    plans.map((plan, index) => ({ ...plan, codes: entryCodes[index] as Int32Array })),
    tables,
    entryCount,
  )
  const { classCount, classOf, firstOf } = grouper.group(entries, bottom)

  const blocks = plans.map((plan, index) => ({ ...plan, codes: gather(entryCodes[index] as Int32Array, firstOf, classCount) }))
  const distinctOf = new Int32Array(dataset.rowCount).fill(-1)
  for (let i = 0; i < rowCount; i++) distinctOf[taken[i] as number] = classOf[i] as number
  const values = input.sensitive.map(({ name, hierarchy }) => encodeValues(dataset, name, hierarchy, taken))
  const base: ClassList = {
    count: classCount,
    rows: sequence(classCount),
    sizes: tally(classOf, 0, rowCount, classCount),
    ...(population ? { populationSizes: tally(classOf, rowCount, entryCount, classCount) } : {}),
    sensitive: values.map((column) => distributionsOf(column, classOf, classCount)),
  }
  return {
    rowCount,
    ...(population ? { populationCount: population.rowCount } : {}),
    hierarchies,
    blocks,
    tables,
    base,
    distinctOf,
    sensitive: values.map((column) => sensitiveAttribute(column, rowCount)),
    leafRows,
  }
}

export function tableFacts(table: EncodedTable): TableFacts {
  const { rowCount, populationCount, sensitive } = table
  return {
    rowCount,
    ...(populationCount === undefined ? {} : { populationCount }),
    sensitive(attribute) {
      const found = sensitive.find(({ name }) => name === attribute)
      if (!found) throw new RangeError(`${attribute} is no sensitive attribute of this table`)
      return found
    },
  }
}

function rowsTaken(rowCount: number, include: ((row: number) => boolean) | undefined): Int32Array {
  const all = sequence(rowCount)
  return include ? all.filter(include) : all
}

/** One block's codes of all rows taken, then of the population. */
function entryBlockCodes(plan: BlockPlan, input: TableInput, taken: Int32Array, entryCount: number, leafRows: readonly Float64Array[]): Int32Array {
  const codes = new Int32Array(entryCount)
  for (const attribute of plan.attributes) {
    const hierarchy = input.hierarchies[attribute] as Hierarchy
    const rowsOfLeaf = leafRows[attribute] as Float64Array
    const size = hierarchy.values.length
    const leaves = encodeLeaves(input.dataset, hierarchy, taken)
    for (let i = 0; i < leaves.length; i++) {
      const leaf = leaves[i] as number
      codes[i] = (codes[i] as number) * size + leaf
      rowsOfLeaf[leaf] = (rowsOfLeaf[leaf] as number) + 1
    }
    if (!input.population) continue
    const others = encodeLeaves(input.population, hierarchy, sequence(input.population.rowCount))
    for (let i = 0; i < others.length; i++) codes[taken.length + i] = (codes[taken.length + i] as number) * size + (others[i] as number)
  }
  return codes
}

function distributionsOf(column: EncodedColumn, classOf: Int32Array, classCount: number): Distributions {
  const starts = new Int32Array(classCount + 1)
  const { codes } = column
  for (let i = 0; i < codes.length; i++) starts[(classOf[i] as number) + 1] = (starts[(classOf[i] as number) + 1] as number) + 1
  for (let c = 0; c < classCount; c++) starts[c + 1] = (starts[c + 1] as number) + (starts[c] as number)
  const next = starts.slice(0, classCount)
  const sorted = new Int32Array(codes.length)
  for (let i = 0; i < codes.length; i++) {
    const c = classOf[i] as number
    const at = next[c] as number
    sorted[at] = codes[i] as number
    next[c] = at + 1
  }
  return countEqual(starts, sorted, column.values.length)
}

/** Rows of a class that share a value become one entry with a count. */
function countEqual(starts: Int32Array, codes: Int32Array, valueCount: number): Distributions {
  const places = new Int32Array(valueCount)
  const packed = new Int32Array(codes.length)
  const counts = new Int32Array(codes.length)
  const packedStarts = new Int32Array(starts.length)
  let end = 0
  for (let c = 0; c + 1 < starts.length; c++) {
    const start = end
    for (let i = starts[c] as number; i < (starts[c + 1] as number); i++) {
      const code = codes[i] as number
      let place = places[code] as number
      if (place < start || place >= end || packed[place] !== code) {
        place = end++
        places[code] = place
        packed[place] = code
      }
      counts[place] = (counts[place] as number) + 1
    }
    packedStarts[c + 1] = end
  }
  return { starts: packedStarts, codes: packed.slice(0, end), counts: counts.slice(0, end) }
}

function sensitiveAttribute(column: EncodedColumn, rowCount: number): SensitiveAttribute {
  const counts = tally(column.codes, 0, column.codes.length, column.values.length)
  const codes = sequence(column.values.length).filter((code) => (counts[code] as number) > 0)
  const overall: Distribution = { codes, counts: codes.map((code) => counts[code] as number), start: 0, end: codes.length, total: rowCount }
  const levels = column.hierarchy?.levels.slice(1).map(({ map }) => map)
  return { name: column.name, values: column.values, overall, ...(levels ? { levels } : {}) }
}

function sequence(length: number): Int32Array {
  const numbers = new Int32Array(length)
  for (let i = 0; i < length; i++) numbers[i] = i
  return numbers
}

function gather(values: Int32Array, places: Int32Array, count: number): Int32Array {
  const out = new Int32Array(count)
  for (let i = 0; i < count; i++) out[i] = values[places[i] as number] as number
  return out
}

function tally(numbers: Int32Array, from: number, to: number, size: number): Int32Array {
  const counts = new Int32Array(size)
  for (let i = from; i < to; i++) counts[numbers[i] as number] = (counts[numbers[i] as number] as number) + 1
  return counts
}
