/**
 * Moves everything that lies under older versions of the tenant's key under the newest, page by page in short transactions, and
 * then destroys the old versions. Broken off at any point it goes on where it was: what has moved is not looked at again.
 */
import { setImmediate as breathe } from 'node:timers/promises'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { TenantKek } from '@gatehouse/runtime/data/keys/keys'
import { markRewrapped } from '@gatehouse/runtime/data/keys/store'
import { rewrapPage, type WrappedRow } from '@gatehouse/runtime/data/keys/wrapped-keys'
import { operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { destroyAgainSeconds, rewrapPageRows, rewrapQueue } from './schema.ts'
import { addMoved, beginRotation, endMoving, markDestroyed } from './store.ts'

export const rewrap = operation({
  name: 'keyring.rewrap',
  kind: 'steps',
  summary: 'Move everything under the newest version of the tenant’s key and destroy the older ones',
  input: z.strictObject({}),
  output: z.strictObject({
    version: z.number().int(),
    moved: z.number().int(),
    faults: z.number().int(),
    destroyed: z.boolean(),
  }),
  access: { action: 'use', on: () => ({ type: 'key' }) },
  audit: (_input, { version, moved, faults, destroyed }) => ({ details: { version, moved, faults, destroyed } }),
  async run(ctx) {
    const to = await ctx.node.keys.kek(ctx.tenant)
    const ages = await ctx.step((tx) => ctx.node.keys.ages(tx))
    if (!ages.some((age) => age.version < to.version && age.destroyed_at === null)) return { version: to.version, moved: 0, faults: 0, destroyed: false }
    await ctx.step(async (tx) => beginRotation(tx, to.version, ctx.now, await countOlder(ctx, tx, to.version)))
    const { moved, faults } = await moveAll(ctx, to)
    const destroyed = await ctx.step((tx) => destroyOlder(ctx, tx, to.version, { moved, faults }))
    if (faults > 0) ctx.node.log.error({ tenant: ctx.tenant, faults }, 'keys do not open where they stand; the old version of the key stays')
    // Looked at again once nobody can hold what lay under the old version.
    if (!destroyed && faults === 0) {
      const later = { singletonKey: `${ctx.tenant} ${to.version}`, startAfterSeconds: destroyAgainSeconds }
      await ctx.step((tx) => ctx.node.queue.enqueue(tx, rewrapQueue, { tenant: ctx.tenant }, later))
    }
    return { version: to.version, moved, faults, destroyed }
  },
})

async function moveAll(ctx: StepsContext, to: TenantKek): Promise<{ moved: number; faults: number }> {
  const { keys, wrappedKeys } = ctx.node
  let moved = 0
  let faults = 0
  for (const table of wrappedKeys) {
    let after: WrappedRow['place'] | undefined
    do {
      const page = await ctx.step(async (tx) => {
        const done = await rewrapPage(tx, keys, ctx.tenant, to, table, after, rewrapPageRows)
        if (done.moved > 0) await addMoved(tx, to.version, done.moved)
        return done
      })
      moved += page.moved
      faults += page.faults
      after = page.next
      await breathe()
    } while (after !== undefined)
  }
  return { moved, faults }
}

async function countOlder(ctx: StepsContext, tx: Tx, version: number): Promise<number> {
  let count = 0
  for (const table of ctx.node.wrappedKeys) count += await table.countOlder(tx, version)
  return count
}

/** Counted in the transaction that destroys. What others wrote under the old version meanwhile waits for the next turn. */
async function destroyOlder(ctx: StepsContext, tx: Tx, version: number, { moved, faults }: { moved: number; faults: number }): Promise<boolean> {
  const { now } = momentOf(ctx.node.source)
  const left = await countOlder(ctx, tx, version)
  await endMoving(tx, version, now, faults)
  if (left > 0) return false
  await markRewrapped(tx, version, moved > 0)
  if (!(await ctx.node.keys.destroyBelow(tx, version))) return false
  await markDestroyed(tx, version, now)
  return true
}
