/** What nobody says to a linkage unit or its parties in so many words; asked of the tables, so that no crash loses any of it. */
import type { Id } from '@gatehouse/core/id'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import type { ActContext } from '@gatehouse/runtime/door/operation'
import { isOnItsWay } from '../../../federation/index.ts'
import { ownActs } from '../../entry.ts'
import { isUnderWay } from '../../runs/states.ts'
import { findRun } from '../../runs/store.ts'
import { forgetFiles } from '../../runs/sweep.ts'
import { isPeer } from '../peer.ts'
import { endComparison } from './end.ts'
import { encodingsFolder, groupsFolder } from './files.ts'
import { compareWhenReady } from './ready.ts'
import { comparisonOf, encodingOf, forgetReceived, lostEncodings, openComparisons, openEncodings, setComparisonEmptied, setEncodingEmptied } from './store.ts'

const atOnceMax = 500

type Context = Pick<ActContext, 'node' | 'tenant' | 'now'>

export async function tidyUnits({ node, now }: Pick<Context, 'node' | 'now'>): Promise<void> {
  const inTenant = <T>(tenant: Id<'tenant'>, act: (tx: Tx) => Promise<T>): Promise<T> => node.database.transaction(tenant, act)
  const open = await node.database.transaction('node', async (tx) => ({
    encodings: await openEncodings(tx, atOnceMax),
    comparisons: await openComparisons(tx, atOnceMax),
    lost: await lostEncodings(tx, now, atOnceMax),
  }))
  for (const { tenant_id: tenant, run_id } of open.encodings) {
    const gone = await inTenant(tenant, (tx) => arrivedAndOver(tx, run_id))
    if (gone === undefined) continue
    await forgetFiles(node.blobs, `${encodingsFolder(tenant, run_id)}/`)
    for (const blob of gone) await node.blobs.delete(blob)
    await inTenant(tenant, (tx) => setEncodingEmptied(tx, run_id, now))
  }
  for (const { tenant_id: tenant, ...comparison } of open.comparisons) {
    const gone = await inTenant(tenant, (tx) => tidyComparison({ node, tenant, now }, tx, comparison))
    if (gone === undefined) continue
    await forget(node, gone)
    await forgetFiles(node.blobs, `${groupsFolder(tenant, comparison)}/`)
    await inTenant(tenant, (tx) => setComparisonEmptied(tx, comparison, now))
  }
  for (const { tenant_id: tenant, ...comparison } of open.lost) await forget(node, await inTenant(tenant, (tx) => forgetReceived(tx, comparison)))
}

async function forget({ blobs }: Node, names: readonly string[]): Promise<void> {
  for (const name of names) await blobs.delete(name)
}

/** @returns the groups that came back, where nobody needs them or what was sent any more */
async function arrivedAndOver(tx: Tx, run: Id<'query_run'>): Promise<string[] | undefined> {
  const sent = await encodingOf(tx, run)
  const state = (await findRun(tx, run))?.state
  if (sent === undefined || (state !== undefined && isUnderWay(state)) || (await isOnItsWay(tx, sent.message_id))) return undefined
  return Object.values(sent.groups ?? {}).flatMap(({ blobs }) => Object.values(blobs))
}

/** @returns the encodings that are left, where all that was to be said has arrived */
async function tidyComparison(
  { node, tenant, now }: Context,
  tx: Tx,
  name: { readonly peer: string; readonly foreign_run: Id<'query_run'> },
): Promise<string[] | undefined> {
  const comparison = await comparisonOf(tx, name, true)
  if (comparison === undefined || comparison.emptied_at !== null) return undefined
  if (comparison.state !== 'waiting') {
    for (const message of comparison.told_by) if (await isOnItsWay(tx, message)) return undefined
    return forgetReceived(tx, name)
  }
  const dropped = comparison.deadline_at <= now ? 'expired' : (await isPeer(tx, name.peer)) ? undefined : 'node_revoked'
  if (dropped !== undefined) {
    await endComparison(ownActs(node, momentOf(node.source), tenant), tx, name, { on: 'cancel', at: now, reason: dropped })
    return forgetReceived(tx, name)
  }
  await compareWhenReady({ node, tenant, now }, tx, comparison)
  return undefined
}
