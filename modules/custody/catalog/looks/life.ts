/** What goes on beside a look: several times a second it says that it lives and how far it is, and hears whether it may go on. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { errorFields } from '@gatehouse/runtime/base/log'
import type { ActContext } from '@gatehouse/runtime/door/operation'
import { beatMs, silentSeconds } from './schema.ts'
import { type LookPlace, sayLookAlive } from './store.ts'

/** It was cancelled, or taken for dead: this process writes nothing more of it. */
export class LookStopped extends Error {
  override readonly name = 'LookStopped'
}

export interface LookLife {
  /** Aborted with a `LookStopped`. */
  readonly signal: AbortSignal
  tell(place: LookPlace): void
  stop(): Promise<void>
}

export function keepAlive({ node, tenant }: Pick<ActContext, 'node' | 'tenant'>, source: Id<'data_source'>, look: Id<'look'>): LookLife {
  const stopping = new AbortController()
  const ended = new AbortController()
  let place: LookPlace = { step: 'tables', tables: 0, of_tables: null }
  let heard = performance.now()

  /** A process that cannot say that it lives stops before it is taken for dead. */
  async function mayGoOn(): Promise<boolean> {
    try {
      const may = await node.database.transaction(tenant, (tx) => sayLookAlive(tx, source, look, place, instantOf(node.source.nowMs())))
      heard = performance.now()
      return may
    } catch (error) {
      node.log.warn({ tenant, source, error: errorFields(error) }, 'a look through a source could not say that it lives')
      return performance.now() - heard < (silentSeconds * 1_000) / 2
    }
  }

  const beats = (async () => {
    while (!ended.signal.aborted) {
      if (!(await mayGoOn())) {
        stopping.abort(new LookStopped())
        return
      }
      await wait(beatMs, undefined, { signal: ended.signal }).catch(() => undefined)
    }
  })()

  return {
    signal: stopping.signal,
    tell(now) {
      place = now
    },
    async stop() {
      ended.abort()
      await beats
    },
  }
}
