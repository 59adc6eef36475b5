/** A reading of a source whose rows come in pages: filtered here, capped, and ended at once when it is to end. */
import type { SourceRecord } from '@gatehouse/tabular/value'
import { ConnectorError, type DiscoveredColumn, type ReadChunk, type ReadRequest, rowsPerChunk } from './connector.ts'
import { guarded } from './guarded.ts'
import { type Leaf, type ReadPlan, readPlan } from './read-plan.ts'
import { chunksFrom } from './rows.ts'
import { widened } from './widened.ts'
import { say } from './words.ts'

export interface Reading {
  readonly plan: ReadPlan
  /** What the source may be asked for: it holds for every row that is wanted, and what else comes is left out here. */
  readonly hint: ReturnType<typeof widened>
  readonly columnOf: (field: string) => DiscoveredColumn
  /** Aborted when the reading ends, for whatever reason. */
  readonly signal: AbortSignal
}

/**
 * @param takes whether the source finds by a comparison at least the rows that we mean
 * @param closing aborted when the connection closes
 */
export function reading(
  request: ReadRequest,
  closing: AbortSignal,
  takes: (leaf: Leaf, column: DiscoveredColumn) => boolean,
  pages: (reading: Reading) => AsyncIterable<readonly SourceRecord[]>,
): AsyncGenerator<ReadChunk, void, undefined> {
  const { table, where, sample, rowsMax } = request
  const plan = readPlan(request, () => false)
  const { columnOf } = plan
  const cut = new AbortController()
  const signal = AbortSignal.any([cut.signal, closing])
  const hint = widened(where, (leaf) => takes(leaf, columnOf(leaf.column)))
  async function* chunks(): AsyncGenerator<ReadChunk, void, undefined> {
    const rows = chunksFrom(pages({ plan, hint, columnOf, signal }), table.name, plan.columns, sample ? Math.min(rowsMax, rowsPerChunk) : rowsPerChunk)
    for await (const chunk of rows) yield plan.finish(chunk)
  }
  return guarded(request, chunks(), () => cut.abort(new ConnectorError('unreachable', say('reading_ended', { table: table.name }))))
}

/** For `close`: whatever is under way ends with this. */
export function closedReason(): ConnectorError {
  return new ConnectorError('unreachable', say('connection_closed'))
}
