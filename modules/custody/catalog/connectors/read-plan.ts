/** What a driver reads for a request: what it pushes down, which columns it needs for the rest, and how the rows that come become those that were asked for. */
import { type Dataset, select, valueAt } from '@gatehouse/tabular/dataset'
import type { Predicate } from '@gatehouse/tabular/predicate'
import { maskOf } from '@gatehouse/tabular/predicate-evaluate'
import { columnsIn, splitPredicate } from '@gatehouse/tabular/predicate-parse'
import { keepRows } from '@gatehouse/tabular/rows'
import { ConnectorError, type DiscoveredColumn, type ReadChunk, type ReadRequest } from './connector.ts'
import { say } from './words.ts'

export type Leaf = Extract<Predicate, { readonly column: string }>

export interface ReadPlan {
  /** Asked for, or needed here; each once. */
  readonly columns: readonly DiscoveredColumn[]
  readonly pushed: Predicate | undefined
  /** Whether the source leaves out all that is to be left out. */
  readonly exact: boolean
  /** Columns of the key where rows come in its order, else none. */
  readonly order: readonly DiscoveredColumn[]
  /** @throws ConnectorError where the table has none of that name */
  columnOf(name: string): DiscoveredColumn
  /** Of a chunk of `columns`. */
  finish(chunk: Dataset): ReadChunk
}

/** @param takes whether the source means by a comparison exactly what we mean */
export function readPlan(request: ReadRequest, takes: (leaf: Leaf, column: DiscoveredColumn) => boolean): ReadPlan {
  const { table, where } = request
  const columnOf = (name: string): DiscoveredColumn => {
    const found = table.columns.find(({ field }) => field.name === name)
    if (found === undefined) throw new ConnectorError('drifted', say('no_column', { table: table.name, column: name }))
    return found
  }
  const { pushed, rest } = splitPredicate(where, (leaf) => takes(leaf, columnOf(leaf.column)))
  const order = request.inKeyOrder ? table.key.map(columnOf) : []
  if (request.inKeyOrder && order.length === 0) throw new ConnectorError('unsupported', say('key_unordered', { table: table.name }))
  const names = [...new Set([...request.columns, ...(rest === undefined ? [] : columnsIn(rest)), ...order.map(({ field }) => field.name)])]
  return {
    columns: names.map(columnOf),
    columnOf,
    pushed,
    exact: rest === undefined,
    order,
    finish(chunk) {
      const kept = select(rest === undefined ? chunk : keepRows(chunk, maskOf(rest, chunk)), request.columns)
      if (order.length === 0 || chunk.rowCount === 0) return kept
      const last = select(
        chunk,
        order.map(({ field }) => field.name),
      ).columns.map((each) => valueAt(each, chunk.rowCount - 1))
      return { ...kept, after: last.map((value) => (typeof value === 'number' ? value : String(value))) }
    },
  }
}
