/** A part comes to its end at the node that asked for it: by a word of the other, by its deadline, or because nobody wants it any more. */
import { addSeconds, type Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ActContext } from '@gatehouse/runtime/door/operation'
import { send } from '../../federation/index.ts'
import { findVersion } from '../plans/store.ts'
import { runQueue } from '../runs/queue.ts'
import { findRun } from '../runs/store.ts'
import { isUnit } from './join.ts'
import { partKinds } from './kinds.ts'
import { isPeer } from './peer.ts'
import { setDue } from './session/store.ts'
import { isOpen, type PartState } from './states.ts'
import { movePart, type PartRow, partsOf } from './store.ts'

type Context = Pick<ActContext, 'node' | 'tenant' | 'now'>

/** With the last word of the last node the run goes on; and at once where one gave nothing and the plan wants all or nothing. */
export async function endPart(ctx: Context, tx: Tx, part: PartRow, to: PartState, said: Parameters<typeof movePart>[4] = {}): Promise<void> {
  if (!(await movePart(tx, part, to, ctx.now, said))) return
  if (to === 'cancelled') return tellCancelled(ctx, tx, part)
  const run = await findRun(tx, part.run_id)
  const version = run && (await findVersion(tx, run.plan_id, run.version))
  const others = (await partsOf(tx, part.run_id, true)).filter(({ state }) => isOpen(state))
  const inVain = to !== 'answered' && (isUnit(part) || version?.document.nodes?.partial !== 'allowed')
  if (inVain) for (const other of others) await endPart(ctx, tx, other, 'cancelled')
  // Whoever holds a session with it hears of it at once.
  const held = await setDue(tx, part.run_id, true)
  if (inVain || held || others.length === 0) await ctx.node.queue.enqueue(tx, runQueue, { tenant: ctx.tenant, run: part.run_id }, { singletonKey: part.run_id })
}

async function tellCancelled({ node, tenant, now }: Context, tx: Tx, { peer, run_id, attempt, deadline_at }: PartRow): Promise<void> {
  if (!(await isPeer(tx, peer))) return
  const body = { run: run_id, attempt }
  await send(tx, node, tenant, { to: peer, kind: partKinds.cancel, thread: run_id, body, expiresAt: later(now, deadline_at) })
}

/** What is said at the end may have to wait for a node that sleeps. */
export const later = (now: Instant, deadline: Instant): Instant => addSeconds(now > deadline ? now : deadline, 86_400)
