/**
 * The turn of the epochs. When one is over the next begins; every tenant then gets a key under it, and everything is moved. The key
 * of an epoch whose backups may no longer be opened is destroyed. Asked every hour, it mostly finds nothing to do.
 */
import { listKeyHolders, neededEpochs } from '@gatehouse/runtime/data/keys/store'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { rewrapQueue } from './schema.ts'

export const turn = operation({
  name: 'keyring.turn',
  kind: 'steps',
  summary: 'Begin the epoch that is due, and destroy the keys of those whose backups may no longer be opened',
  input: z.strictObject({}),
  output: z.strictObject({
    epoch: z.number().int(),
    begun: z.boolean(),
    rotated: z.number().int().describe('Tenants that got a new key.'),
    destroyed: z.array(z.number().int()),
    overdue: z.array(z.number().int()).describe('Epochs whose time is over while something that lives still needs their key.'),
  }),
  access: { action: 'use', on: () => ({ type: 'key' }) },
  audit: (_input, { epoch, begun, rotated, destroyed, overdue }) => ({
    details: { epoch, begun, rotated, destroyed: destroyed.map(String), overdue: overdue.map(String) },
  }),
  async run(ctx) {
    const { keys, database, queue, log } = ctx.node
    const { life } = keys.epochs
    const before = await keys.epochs.newest()
    const begun = before.begunMs + life.lastsMs <= ctx.nowMs
    const epoch = begun ? (await keys.epochs.beginAfter(before.number)).number : before.number

    let rotated = 0
    for (const holder of await database.transaction('node', listKeyHolders)) {
      const behind = (holder.epoch ?? 0) < epoch
      if (behind) {
        await keys.advance(holder.tenant)
        rotated++
      }
      if (behind || holder.older) {
        const { tenant } = holder
        await database.transaction(tenant, (tx) => queue.enqueue(tx, rewrapQueue, { tenant }, { singletonKey: `${tenant} ${epoch}` }))
      }
    }

    const needed = new Set(await database.transaction('node', neededEpochs))
    const due = (await keys.epochs.list()).filter(({ number, begunMs }) => number < epoch && begunMs + life.keptMs <= ctx.nowMs).map(({ number }) => number)
    const overdue = due.filter((number) => needed.has(number))
    const destroyed = due.filter((number) => !needed.has(number))
    for (const number of destroyed) await keys.epochs.destroy(number)
    if (overdue.length > 0) log.error({ epochs: overdue }, 'keys of epochs are kept past their end, because a change of a tenant’s key has not ended')
    return { epoch, begun, rotated, destroyed, overdue }
  },
})
