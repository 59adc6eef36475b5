/** What other nodes say of the parts that they were asked for. Only who was asked is heard, of the attempt that was asked, and once. */
import { messageKind, type ReceivedMessage } from '@gatehouse/runtime/door/message-kind'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { endPart } from './end-part.ts'
import { fileBeside } from './files.ts'
import { partKinds } from './kinds.ts'
import { type PartResultBody, partRefusedBody, partResultBody, partStateBody } from './schema.ts'
import { isOpen, partLife } from './states.ts'
import { findPart, movePart, type PartRow, type ReceivedFile } from './store.ts'

/** @returns undefined where nothing was asked of that node, or it has been said already */
async function heardPart({ tx }: TransactionContext, from: string, { run, attempt }: Pick<PartResultBody, 'run' | 'attempt'>): Promise<PartRow | undefined> {
  const part = await findPart(tx, run, from)
  return part?.attempt === attempt && isOpen(part.state) ? part : undefined
}

export const hearState = messageKind({
  kind: partKinds.state,
  versions: [1],
  body: partStateBody,
  async run(ctx, { from, body }) {
    const part = await heardPart(ctx, from, body)
    const to = part && partLife.next(part.state, body.state === 'working' ? 'work' : 'await_approval')
    if (part !== undefined && to !== undefined) await movePart(ctx.tx, part, to, ctx.now)
    return undefined
  },
})

export const hearRefusal = messageKind({
  kind: partKinds.refused,
  versions: [1],
  body: partRefusedBody,
  async run(ctx, { from, body }) {
    const part = await heardPart(ctx, from, body)
    if (part !== undefined) await endPart(ctx, ctx.tx, part, 'refused', { reason: body.reason })
    return undefined
  },
})

export const hearResult = messageKind({
  kind: partKinds.result,
  versions: [1],
  body: partResultBody,
  async run(ctx, received) {
    const { from, body } = received
    const part = await heardPart(ctx, from, body)
    if (part === undefined) return undefined
    const { figures, decision } = body
    await endPart(ctx, ctx.tx, part, 'answered', { answer: { figures, decision }, tables: filesOf(part, received) })
    return undefined
  },
})

/** What lies beside the message, by the source and the part of its file: `stays/manifest`. Of sources that were not asked for nothing is kept. */
function filesOf({ sources }: PartRow, { body, attachments }: ReceivedMessage<PartResultBody>): Record<string, ReceivedFile> {
  return Object.fromEntries(
    sources.flatMap((source) => {
      const table = body.tables[source]
      return table === undefined ? [] : [[source, fileBeside(source, table, attachments)]]
    }),
  )
}
