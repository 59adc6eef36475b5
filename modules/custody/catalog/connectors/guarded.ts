/** The caps of a reading, the same for every driver: rows, time, and an end within a moment of the asking, whatever the source is doing. */
import { ConnectorError, type ReadChunk, type ReadRequest } from './connector.ts'
import { say } from './words.ts'

/**
 * @param cut ends what is under way at once, so that nothing waits for a source that is silent
 * @throws what `signal` was aborted with; ConnectorError `slow` and `too_large`
 */
export async function* guarded(
  { table, rowsMax, timeMsMax, signal, sample }: Pick<ReadRequest, 'table' | 'rowsMax' | 'timeMsMax' | 'signal' | 'sample'>,
  chunks: AsyncIterable<ReadChunk>,
  cut: () => void,
): AsyncGenerator<ReadChunk, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]()
  let stop: (reason: unknown) => void = () => {}
  const stopped = new Promise<never>((_, reject) => {
    stop = reject
  })
  stopped.catch(() => {})
  const onAbort = () => stop(signal.reason)
  const onLate = () => stop(new ConnectorError('slow', say('read_too_slow', { table: table.name, seconds: timeMsMax / 1000 })))
  const late = AbortSignal.timeout(timeMsMax)
  late.addEventListener('abort', onLate, { once: true })
  signal.addEventListener('abort', onAbort, { once: true })
  let rows = 0
  let whole = false
  try {
    for (;;) {
      // Asked besides, before and after: a source that has its next rows or its end at hand would win the race.
      signal.throwIfAborted()
      const next = await Promise.race([iterator.next(), stopped])
      signal.throwIfAborted()
      if (next.done) {
        whole = true
        return
      }
      rows += next.value.rowCount
      if (rows > rowsMax) throw new ConnectorError('too_large', say('rows_too_many', { table: table.name, rows: rowsMax }))
      yield next.value
      if (sample) return
    }
  } finally {
    late.removeEventListener('abort', onLate)
    signal.removeEventListener('abort', onAbort)
    if (!whole) {
      cut()
      iterator.return?.()?.catch(() => {})
    }
  }
}
