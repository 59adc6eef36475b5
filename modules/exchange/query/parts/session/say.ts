/** A round of a session as it is said: in one transaction with the row that says so, each once. */
import type { Id } from '@gatehouse/core/id'
import { type Instant, instantOf } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { send } from '../../../federation/index.ts'
import { moveRun, type RunRow } from '../../runs/store.ts'
import { later } from '../end-part.ts'
import { partKinds } from '../kinds.ts'
import type { SessionBody } from './schema.ts'
import { findSession, insertWord, type WordRow, wordIn, wordsOf } from './store.ts'

interface Said {
  /** The run of this node. */
  readonly id: Id<'query_run'>
  readonly peer: string
  /** The run of the node that asked: the thread. */
  readonly thread: string
  readonly body: SessionBody
  readonly attachments?: readonly { readonly name: string; readonly blob: string }[]
  readonly deadline: Instant
}

export async function say(
  { node, tenant }: Pick<StepsContext, 'node' | 'tenant'>,
  tx: Tx,
  { id, peer, thread, body, attachments = [], deadline }: Said,
): Promise<void> {
  if (wordIn(await wordsOf(tx, id), peer, body.round) !== undefined) return
  const at = instantOf(node.source.nowMs())
  const message_id = await send(tx, node, tenant, { to: peer, kind: partKinds.session, thread, body, attachments, expiresAt: later(at, deadline) })
  await insertWord(tx, id, { peer, round: body.round, body, files: null, message_id } satisfies WordRow, at)
}

/** The run waits for a word, unless one came since it looked. */
export function waitForWord(ctx: StepsContext, { id }: RunRow): Promise<'waiting' | 'again'> {
  return ctx.step(async (tx): Promise<'waiting' | 'again'> => {
    if ((await findSession(tx, id))?.due === true) return 'again'
    await moveRun(tx, id, { from: 'running', to: 'waiting_for_node', at: instantOf(ctx.node.source.nowMs()) })
    return 'waiting'
  })
}
