/**
 * What nobody says in so many words: a part whose run is over is not wanted any more, one whose deadline is past is not waited for, and how
 * a run ended that another node asked for is told to it, whatever ended it. Each is asked of the tables, so that no crash loses any of it.
 */
import type { Id } from '@gatehouse/core/id'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Loop } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import type { ActContext } from '@gatehouse/runtime/door/operation'
import { isOnItsWay, messageState, send } from '../../federation/index.ts'
import { ownActs } from '../entry.ts'
import { endRecorded } from '../runs/end.ts'
import { reasonToEnd } from '../runs/life.ts'
import { isUnderWay } from '../runs/states.ts'
import { findRun } from '../runs/store.ts'
import { forgetFiles } from '../runs/sweep.ts'
import { endPart, later } from './end-part.ts'
import { partsFolder } from './files.ts'
import { partKinds } from './kinds.ts'
import { isPeer } from './peer.ts'
import { tidySessions } from './session/tidy.ts'
import { isOpen, partLife } from './states.ts'
import { type ErrandRow, errandOf, findPart, movePart, openErrands, openParts, type PartRow, setEmptied, setTold } from './store.ts'
import { tidyUnits } from './unit/tidy.ts'

const atOnceMax = 500

type Context = Pick<ActContext, 'node' | 'tenant' | 'now'>

export const tidyParts: Loop = {
  name: 'query.parts',
  idleMs: 1_000,
  async run(node) {
    const { now } = momentOf(node.source)
    const open = await node.database.transaction('node', async (tx) => ({ parts: await openParts(tx, atOnceMax), errands: await openErrands(tx, atOnceMax) }))
    for (const [run, tenant] of new Map([...open.parts, ...open.errands].map(({ tenant_id, run_id }) => [run_id, tenant_id])))
      await endUnwanted(node, tenant, run)
    for (const { tenant_id: tenant, run_id, peer } of open.parts) await inTenant(node, tenant, (tx) => tidyPart({ node, tenant, now }, tx, run_id, peer))
    for (const { tenant_id: tenant, run_id } of open.errands) {
      const over = await inTenant(node, tenant, (tx) => tidyErrand({ node, tenant, now }, tx, run_id))
      if (!over) continue
      await forgetFiles(node.blobs, `${partsFolder(tenant, run_id)}/`)
      await inTenant(node, tenant, (tx) => setEmptied(tx, run_id, now))
    }
    await tidySessions(node)
    await tidyUnits({ node, now })
    return false
  },
}

const inTenant = <T>(node: Node, tenant: Id<'tenant'>, act: (tx: Tx) => Promise<T>): Promise<T> => node.database.transaction(tenant, act)

const over = new Set(['refused', 'failed', 'cancelled', 'expired'])

/** While a run waits no process asks for it whether it may go on; one that carries it out stops when it sees that it has ended. */
async function endUnwanted(node: Node, tenant: Id<'tenant'>, id: PartRow['run_id']): Promise<void> {
  const run = await inTenant(node, tenant, (tx) => findRun(tx, id))
  const reason = run !== undefined && isUnderWay(run.state) ? await reasonToEnd({ node, tenant }, run) : undefined
  if (reason === undefined) return
  const moment = momentOf(node.source)
  await inTenant(node, tenant, (tx) => endRecorded(ownActs(node, moment, tenant), tx, id, reason, moment.now))
}

async function tidyPart(ctx: Context, tx: Tx, id: PartRow['run_id'], peer: string): Promise<void> {
  const part = await findPart(tx, id, peer)
  if (part === undefined || !isOpen(part.state)) return
  const run = await findRun(tx, id)
  if (run === undefined || over.has(run.state)) return endPart(ctx, tx, part, 'cancelled')
  if (!(await isPeer(tx, peer))) return endPart(ctx, tx, part, 'refused', { reason: 'node_revoked' })
  if (part.deadline_at <= ctx.now) return endPart(ctx, tx, part, 'expired')
  const message = await messageState(tx, part.message_id)
  if (message?.state === 'refused') return endPart(ctx, tx, part, 'refused', { reason: (message.reason ?? 'message_refused').replaceAll('-', '_') })
  if (message?.state === 'expired') return endPart(ctx, tx, part, 'expired')
  const to = message === undefined || message.state === 'queued' ? undefined : partLife.next(part.state, 'deliver')
  if (to !== undefined) await movePart(tx, part, to, ctx.now)
}

/** @returns whether its files may go: what they were attached to has arrived, or never will */
async function tidyErrand(ctx: Context, tx: Tx, id: ErrandRow['run_id']): Promise<boolean> {
  const errand = await errandOf(tx, id, true)
  const run = await findRun(tx, id)
  if (errand === undefined || errand.emptied_at !== null || run === undefined) return false
  if (errand.told_by !== null) return !(await isOnItsWay(tx, errand.told_by))
  if (!over.has(run.state)) return false
  // There is nobody to tell any more.
  if (!(await isPeer(tx, errand.peer))) return true
  await tellEnd(ctx, tx, errand, run.reason ?? 'internal')
  return false
}

async function tellEnd({ node, tenant, now }: Context, tx: Tx, { run_id, peer, foreign_run, attempt, deadline_at }: ErrandRow, reason: string): Promise<void> {
  const body = { run: foreign_run, attempt, reason }
  const message = { to: peer, kind: partKinds.refused, thread: foreign_run, body, expiresAt: later(now, deadline_at) }
  await setTold(tx, run_id, await send(tx, node, tenant, message))
}
