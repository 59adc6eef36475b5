/**
 * Streams end with what let them in, the credential or the right. However many are open, a process looks once per tenant and turn; each process does so for
 * its own streams, so that an end reaches all of them wherever it was made.
 */
import type { Id } from '@gatehouse/core/id'
import type { Principal } from '../base/context.ts'
import { errorFields } from '../base/log.ts'
import type { Door } from '../door/door.ts'
import type { Right } from '../door/operation.ts'
import type { Watch } from './events.ts'

/** With the time of a look well within the second that an end may take. */
export const lookMs = 400

interface Open {
  readonly principal: Principal
  readonly right: Right | undefined
  readonly end: () => void
}

export function openStreams(door: Door): (principal: Principal, right?: Right) => Watch {
  const open = new Map<Id<'tenant'>, Set<Open>>()
  let turning = false

  async function look(tenant: Id<'tenant'>, streams: Set<Open>): Promise<void> {
    const asked = [...streams]
    const holding = await door.stillHold(
      tenant,
      asked.map(({ principal }) => principal),
    )
    const allowed = await Promise.all(asked.map(({ principal, right }) => right === undefined || door.stillMay(principal, right)))
    asked.forEach((stream, index) => {
      if ((holding[index] === true && allowed[index] === true) || !streams.has(stream)) return
      streams.delete(stream)
      stream.end()
    })
  }

  async function turn(): Promise<void> {
    await Promise.all(
      [...open].map(([tenant, streams]) =>
        // What streams comes from the same database: while it cannot be asked, nothing leaves either, and the next turn asks again.
        look(tenant, streams).catch((error: unknown) => door.node.log.warn({ error: errorFields(error) }, 'open streams could not be looked through')),
      ),
    )
    for (const [tenant, streams] of open) if (streams.size === 0) open.delete(tenant)
    turning = open.size > 0
    if (turning) setTimeout(turn, lookMs).unref()
  }

  return (principal, right) => (end) => {
    const streams = open.get(principal.tenant) ?? new Set()
    open.set(principal.tenant, streams)
    const stream = { principal, right, end }
    streams.add(stream)
    if (!turning) {
      turning = true
      setTimeout(turn, lookMs).unref()
    }
    return () => streams.delete(stream)
  }
}
