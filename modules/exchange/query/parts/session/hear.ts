/** What is said in a session: heard of who takes part in it, in its order, and once. What it is worth is looked at when the run goes on. */
import type { Id } from '@gatehouse/core/id'
import { messageKind, type ReceivedMessage } from '@gatehouse/runtime/door/message-kind'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { endRecorded } from '../../runs/end.ts'
import { runQueue } from '../../runs/queue.ts'
import { endPart } from '../end-part.ts'
import { fileBeside } from '../files.ts'
import { partKinds } from '../kinds.ts'
import { isOpen } from '../states.ts'
import { errandsFor, findPart, type ReceivedFile } from '../store.ts'
import { inwards, roundBefore, type SessionBody, sessionBody } from './schema.ts'
import { findSession, insertWord, setDue, type WordRow, wordIn, wordsOf } from './store.ts'

export const hearSession = messageKind({
  kind: partKinds.session,
  versions: [1],
  body: sessionBody,
  async run(ctx, received) {
    const { from, body } = received
    const id = await runFor(ctx, from, body)
    if (id === undefined) return undefined
    const session = await findSession(ctx.tx, id)
    const words = await wordsOf(ctx.tx, id)
    if (wordIn(words, from, body.round) !== undefined) return undefined
    const before = roundBefore[body.round]
    if (session === undefined || (before !== undefined && wordIn(words, from, before) === undefined)) return broken(ctx, id, from, body)
    await insertWord(ctx.tx, id, { peer: from, round: body.round, body, files: filesOf(received), message_id: null } satisfies WordRow, ctx.now)
    await setDue(ctx.tx, id, true)
    await ctx.node.queue.enqueue(ctx.tx, runQueue, { tenant: ctx.tenant, run: id }, { singletonKey: id })
    return undefined
  },
})

/** The run of this node that the word is about; `undefined` where the node has no part in it, or none any more. */
async function runFor({ tx }: TransactionContext, from: string, { run, attempt, round }: SessionBody): Promise<Id<'query_run'> | undefined> {
  if (!inwards.includes(round)) return (await errandsFor(tx, from, run)).find((errand) => errand.attempt === attempt && errand.told_by === null)?.run_id
  const part = await findPart(tx, run, from)
  return part?.attempt === attempt && isOpen(part.state) ? part.run_id : undefined
}

/** A word before its time ends what it is about by name; nobody waits for what cannot come. */
async function broken(ctx: TransactionContext, id: Id<'query_run'>, from: string, { run, round }: SessionBody): Promise<undefined> {
  const reason = 'session_broken'
  if (inwards.includes(round)) {
    const part = await findPart(ctx.tx, run, from)
    if (part !== undefined) await endPart(ctx, ctx.tx, part, 'refused', { reason })
    return undefined
  }
  await endRecorded(ctx, ctx.tx, id, reason, ctx.now, { detail: `${from} said ${round} before its time.` })
  return undefined
}

function filesOf({ body, attachments }: ReceivedMessage<SessionBody>): Record<string, ReceivedFile> | null {
  const places = body.round === 'rows' ? body.tables : 'table' in body ? { [body.round]: body.table } : {}
  const files = Object.entries(places).map(([name, place]) => [name, fileBeside(name, place, attachments)] as const)
  return files.length === 0 ? null : Object.fromEntries(files)
}
