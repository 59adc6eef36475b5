/** One page of a feed, read chunk by chunk from where the page before ended. */
import type { Node } from '@gatehouse/runtime/door/node'
import { columnOf, type Dataset, valueAt } from '@gatehouse/tabular/dataset'
import { maskOf } from '@gatehouse/tabular/predicate-evaluate'
import { columnsIn } from '@gatehouse/tabular/predicate-parse'
import type { SourceValue } from '@gatehouse/tabular/value'
import { chunksOf, type OpenResult } from '../table.ts'
import { rowKey } from './csdl.ts'
import { type FeedQuestion, feedPageMax } from './options.ts'

export interface FeedPage {
  readonly rows: readonly Record<string, SourceValue>[]
  /** The row of the file behind the last one of this page, where there is one and it may be wanted. */
  readonly next: number | undefined
}

export async function pageOf(node: Node, open: OpenResult, question: FeedQuestion): Promise<FeedPage> {
  const size = Math.min(feedPageMax, question.wanted)
  const rows: Record<string, SourceValue>[] = []
  if (size === 0) return { rows, next: undefined }
  let skip = question.skip
  for await (const { first, data, mask } of judged(node, open, question, question.columns, question.from)) {
    for (let at = Math.max(0, question.from - first); at < data.rowCount; at++) {
      if (mask !== undefined && mask[at] === 0) continue
      if (skip > 0) {
        skip--
        continue
      }
      rows.push(rowAt(data, at, question, first + at))
      if (rows.length < size) continue
      const next = first + at + 1
      return { rows, next: next < open.manifest.rows && rows.length < question.wanted ? next : undefined }
    }
  }
  return { rows, next: undefined }
}

/** Rows of the whole result that hold, whatever page is asked for. */
export async function countOf(node: Node, open: OpenResult, { predicate }: Pick<FeedQuestion, 'predicate'>): Promise<number> {
  if (predicate === undefined) return open.manifest.rows
  let rows = 0
  for await (const { mask } of judged(node, open, { predicate }, [], 0)) rows += mask?.reduce((sum, holds) => sum + holds, 0) ?? 0
  return rows
}

async function* judged(
  node: Node,
  open: OpenResult,
  { predicate }: Pick<FeedQuestion, 'predicate'>,
  columns: readonly string[],
  from: number,
): AsyncGenerator<{ readonly first: number; readonly data: Dataset; readonly mask: Uint8Array | undefined }, void, undefined> {
  const read = [...new Set([...columns, ...(predicate === undefined ? [] : columnsIn(predicate))])]
  for await (const { first, data } of chunksOf(node, open, read, from)) yield { first, data, mask: predicate && maskOf(predicate, data) }
}

function rowAt(data: Dataset, at: number, { columns, withKey }: FeedQuestion, row: number): Record<string, SourceValue> {
  const values = columns.map((name) => [name, valueAt(columnOf(data, name), at)])
  return Object.fromEntries(withKey ? [[rowKey, row], ...values] : values)
}
