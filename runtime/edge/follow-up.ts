/**
 * What happens after an answer has left. Follow-ups of one kind that come within a few milliseconds of each other enter the
 * door together: under load one transaction then closes many deliveries.
 */
import type { Id } from '@gatehouse/core/id'
import { systemPrincipal } from '../base/context.ts'
import { errorFields } from '../base/log.ts'
import type { Door } from '../door/door.ts'
import type { AnyOperation, Sent } from '../door/operation.ts'

export const gatherMs = 10
export const togetherMax = 64

export interface FollowUps {
  /** Cannot fail the answer, which has left; a failure is logged for the operator. */
  add(operation: AnyOperation, answer: { readonly output: unknown; readonly tenant: Id<'tenant'> }, sent: Sent): void
  /** Resolves once everything added has entered the door. */
  settle(): Promise<void>
}

interface Batch {
  readonly operation: AnyOperation
  readonly tenant: Id<'tenant'>
  readonly items: { readonly output: unknown; readonly sent: Sent }[]
  readonly timer: NodeJS.Timeout
}

export function followUps(door: Door): FollowUps {
  const waiting = new Map<string, Batch>()
  const running = new Set<Promise<void>>()

  async function enter({ operation, tenant, items }: Batch): Promise<void> {
    if (operation.followUp === undefined) return
    try {
      await door.enter(operation.followUp.operation, operation.followUp.inputOf(items as never), systemPrincipal(tenant, 'exchange'))
    } catch (error) {
      door.node.log.error({ operation: operation.followUp.operation.name, error: errorFields(error) }, 'a follow-up failed')
    }
  }

  function flush(key: string): void {
    const batch = waiting.get(key)
    if (batch === undefined) return
    waiting.delete(key)
    clearTimeout(batch.timer)
    const run = enter(batch).finally(() => running.delete(run))
    running.add(run)
  }

  return {
    add(operation, { output, tenant }, sent) {
      if (operation.followUp === undefined) return
      const key = `${operation.name} ${tenant}`
      const batch = waiting.get(key) ?? { operation, tenant, items: [], timer: setTimeout(() => flush(key), gatherMs) }
      waiting.set(key, batch)
      batch.items.push({ output, sent })
      if (batch.items.length >= togetherMax) flush(key)
    },
    async settle() {
      for (const key of waiting.keys()) flush(key)
      await Promise.all(running)
    },
  }
}
