/** Asks for a look and does the job: what a node with a worker does by itself. */
import type { Id } from '@gatehouse/core/id'
import { type Principal, systemPrincipal } from '@gatehouse/runtime/base/context'
import type { TestNode } from '@gatehouse/runtime/door/testing/node'
import { discoverSource } from '../begin.ts'
import { lookThrough } from '../look-through.ts'
import { type Look, lookQueue } from '../schema.ts'

export async function lookAt(t: TestNode, source: Id<'data_source'>, principal: Principal = t.admin): Promise<Look> {
  const asked = await t.door.enter(discoverSource, { source }, principal)
  if (asked.outcome !== 'done') throw new Error(asked.outcome)
  const answer = await t.door.enter(lookThrough, { source, look: asked.output.id }, systemPrincipal(t.tenant, `job:${lookQueue}`))
  if (answer.outcome !== 'done' || answer.output.look === null) throw new Error(answer.outcome)
  return answer.output.look
}
