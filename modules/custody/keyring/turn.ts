/**
 * The turn of the epochs, of the node's series and of each institution's. When one is over the next begins; the institution then gets a
 * key under it, and everything is moved. The key of an epoch whose backups may no longer be opened is destroyed. Asked every hour, it mostly finds nothing to do.
 */
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { EpochSeries } from '@gatehouse/runtime/data/keys/epochs'
import { endedTenants, listKeyHolders, neededEpochs } from '@gatehouse/runtime/data/keys/store'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { rewrapQueue } from './schema.ts'

export const turn = operation({
  name: 'keyring.turn',
  kind: 'steps',
  summary: 'Begin the epoch that is due, and destroy the keys of those whose backups may no longer be opened',
  input: z.strictObject({}),
  output: z.strictObject({
    epoch: z.number().int().describe('The newest epoch of the node’s own series.'),
    begun: z.boolean(),
    rotated: z.number().int().describe('Tenants that got a new key.'),
    destroyed: z.array(z.string()).describe('Epochs whose keys were destroyed: a number, after the institution and a slash where it is one of an institution.'),
    overdue: z.array(z.string()).describe('Epochs whose time is over while something that lives still needs their key.'),
  }),
  access: { action: 'use', on: () => ({ type: 'key' }) },
  audit: (_input, { epoch, begun, rotated, destroyed, overdue }) => ({
    details: { epoch, begun, rotated, destroyed, overdue },
  }),
  async run(ctx) {
    const { keys, database, queue, log } = ctx.node
    const { epoch, begun } = await newestOf(keys.epochs, ctx.nowMs)

    let rotated = 0
    for (const { tenant, ...holder } of await database.transaction('node', listKeyHolders)) {
      const own = tenant !== nodeTenant
      const now = own ? (await newestOf(keys.epochs.of(tenant), ctx.nowMs)).epoch : epoch
      // What was made before institutions had a series of their own lies under one of the node's.
      const behind = (holder.own_epoch === true) !== own || (holder.epoch ?? 0) < now
      if (behind) {
        await keys.advance(tenant)
        rotated++
      }
      if (behind || holder.older) await database.transaction(tenant, (tx) => queue.enqueue(tx, rewrapQueue, { tenant }, { singletonKey: `${tenant} ${now}` }))
    }

    // Whoever was just making a key when the institution was erased may have left an epoch behind.
    const ended = new Set(await database.transaction('node', endedTenants))
    for (const tenant of await keys.epochs.tenants()) if (ended.has(tenant)) await keys.epochs.destroySeries(tenant)

    const needed = await database.transaction('node', neededEpochs)
    const ends = { destroyed: [] as string[], overdue: [] as string[] }
    await endOver(keys.epochs, '', new Set(needed.flatMap((row) => (row.own_epoch === true ? [] : row.epoch))), ctx.nowMs, ends)
    for (const tenant of await keys.epochs.tenants()) {
      const theirs = needed.flatMap((row) => (row.own_epoch === true && row.tenant === tenant ? row.epoch : []))
      await endOver(keys.epochs.of(tenant), `${tenant}/`, new Set(theirs), ctx.nowMs, ends)
    }
    if (ends.overdue.length > 0) log.error({ epochs: ends.overdue }, 'keys of epochs are kept past their end, because a change of a tenant’s key has not ended')
    return { epoch, begun, rotated, ...ends }
  },
})

async function newestOf(series: EpochSeries, nowMs: number): Promise<{ epoch: number; begun: boolean }> {
  const before = await series.newest()
  const begun = before.begunMs + series.life.lastsMs <= nowMs
  return { epoch: begun ? (await series.beginAfter(before.number)).number : before.number, begun }
}

/** The newest of a series never ends, whatever its age: something may be about to be wrapped under it. */
async function endOver(
  series: EpochSeries,
  prefix: string,
  needed: ReadonlySet<number>,
  nowMs: number,
  ends: { destroyed: string[]; overdue: string[] },
): Promise<void> {
  for (const { number, endsMs } of (await series.list()).slice(0, -1)) {
    if (endsMs > nowMs) continue
    if (needed.has(number)) ends.overdue.push(`${prefix}${number}`)
    else {
      await series.destroy(number)
      ends.destroyed.push(`${prefix}${number}`)
    }
  }
}
