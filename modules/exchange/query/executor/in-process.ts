/** Steps in the process that asks: for tests, and for tables so small that a thread would cost more. It cannot leave a computation midway. */
import type { Primitives } from '@gatehouse/crypto/primitives'
import { carryOut } from './carry-out.ts'
import type { Executor, Job } from './executor.ts'

export function inProcessExecutor(primitives: Primitives): Executor {
  return {
    async run(job, put, signal) {
      signal.throwIfAborted()
      const inputs = job.inputs.map((input): Job['inputs'][number] => ({ ...input, chunks: until(input.chunks, signal) }))
      const { result } = await carryOut(primitives, { ...job, inputs }, async (output) => {
        signal.throwIfAborted()
        await put(output)
      })
      signal.throwIfAborted()
      return result
    },
    close: async () => {},
  }
}

async function* until<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T, void, undefined> {
  for await (const item of items) {
    signal.throwIfAborted()
    yield item
  }
}
