/** Every process forgets the keys of an institution that any process has erased, within a second. */
import type { Database } from '../db.ts'
import type { Keys } from './keys.ts'
import { endedTenants } from './store.ts'

const lookMs = 1_000

/** @param database where keys are asked for; an answer that fails is asked for again a second later */
export function watchEnded(database: Database, keys: Pick<Keys, 'forget'>): { stop(): Promise<void> } {
  const known = new Set<string>()
  let looking = Promise.resolve()
  let waiting = false
  const look = async () => {
    for (const tenant of await database.transaction('node', endedTenants)) {
      if (known.has(tenant)) continue
      known.add(tenant)
      keys.forget(tenant)
    }
  }
  const timer = setInterval(() => {
    if (waiting) return
    waiting = true
    looking = look()
      .catch(() => {})
      .finally(() => {
        waiting = false
      })
  }, lookMs)
  timer.unref()
  return {
    stop() {
      clearInterval(timer)
      return looking
    },
  }
}
