/**
 * The turn of the backups, every hour: adds what the database wrote since; makes a whole backup where the newest is old enough;
 * restores the newest for a trial; deletes those that have served. Each step leaves an entry in the node's own log.
 */
import type { Instant } from '@gatehouse/core/instant'
import { momentOf } from '@gatehouse/runtime/base/context'
import { errorFields } from '@gatehouse/runtime/base/log'
import type { Backups } from '@gatehouse/runtime/data/backup/backups'
import { BackupError } from '@gatehouse/runtime/data/backup/sealed-file'
import { servedBackups } from '@gatehouse/runtime/data/backup/shelf'
import { operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { checkCopy } from './check-copy.ts'
import { isOlder } from './judge.ts'
import { faultMax, listMax } from './schema.ts'
import { keepBackup, keepTrial, listBackups, markGone } from './store.ts'

export const turnQueue = 'backups-turn'

export const turnBackups = operation({
  name: 'backups.turn',
  kind: 'steps',
  summary: 'Make the backup that is due, try it out, and delete those that have served',
  input: z.strictObject({ now: z.boolean().default(false).describe('Whether or not one is due.') }),
  output: z.strictObject({ made: z.string().nullable(), tried: z.string().nullable(), fault: z.string().nullable(), deleted: z.number().int() }),
  access: { action: 'use', on: () => ({ type: 'backup' }) },
  audit: { none: 'what it does stands in the log as backups.made, backups.tried and backups.deleted; a turn that finds nothing to do leaves nothing' },
  async run(ctx, { now }) {
    const { backups } = ctx.node
    if (typeof backups === 'string') return { made: null, tried: null, fault: null, deleted: 0 }
    const newest = (await look(ctx, backups)).at(0)
    const due = now || newest === undefined || isOlder(newest, backups.schedule.everyHours, ctx.now)
    const made = due ? await make(ctx, backups) : await addLog(backups)
    const { tried, fault } = await tryNewest(ctx, backups)
    return { made, tried, fault, deleted: await deleteServed(ctx, backups) }
  },
})

/** Brings the rows to what lies in the folder. @returns when those that open were made, newest first */
async function look(ctx: StepsContext, backups: Backups): Promise<Instant[]> {
  const { kept, unreadable } = await backups.list()
  if (unreadable.length > 0) ctx.node.log.error({ backups: unreadable.map(({ id }) => id) }, 'what lies in the folder of backups does not open')
  await ctx.step(async (tx) => {
    for (const { id, madeAt, bytes, opensUntil } of kept) await keepBackup(tx, { id, made_at: madeAt as Instant, bytes, opens_until: opensUntil as Instant })
    await markGone(
      tx,
      kept.map(({ id }) => id),
      ctx.now,
    )
  })
  return kept.map(({ madeAt }) => madeAt as Instant)
}

async function make(ctx: StepsContext, backups: Backups): Promise<string> {
  const id = await backups.make()
  await look(ctx, backups)
  await ctx.step((tx) => ctx.record(tx, 'backups.made', { object: { kind: 'backup', id } }))
  return id
}

async function addLog(backups: Backups): Promise<null> {
  await backups.addLog()
  return null
}

async function tryNewest(ctx: StepsContext, backups: Backups): Promise<{ tried: string | null; fault: string | null }> {
  const [newest] = (await ctx.step((tx) => listBackups(tx, listMax))).filter(({ gone_at }) => gone_at === null)
  if (newest === undefined || newest.tried_at !== null) return { tried: null, fault: null }
  const fault = await backups
    .tryOut(newest.id, (restored) => checkCopy(ctx.node, restored))
    .then(
      () => null,
      (error: unknown) => {
        if (!(error instanceof BackupError)) throw error
        ctx.node.log.error({ backup: newest.id, error: errorFields(error) }, 'a backup did not come back in its trial')
        return error.message.slice(0, faultMax)
      },
    )
  const { now } = momentOf(ctx.node.source)
  await ctx.step(async (tx) => {
    await keepTrial(tx, newest.id, now, fault)
    await ctx.record(tx, 'backups.tried', { object: { kind: 'backup', id: newest.id }, details: { good: fault === null } })
  })
  return { tried: newest.id, fault }
}

async function deleteServed(ctx: StepsContext, backups: Backups): Promise<number> {
  const there = (await ctx.step((tx) => listBackups(tx, listMax))).filter(({ gone_at }) => gone_at === null)
  const good = new Set(there.filter(({ tried_at, fault }) => tried_at !== null && fault === null).map(({ id }) => id))
  const served = servedBackups(
    there.map(({ id }) => id),
    backups.schedule.keep,
    good,
  )
  for (const id of served) await backups.remove(id)
  const oldest = there.filter(({ id }) => !served.includes(id)).at(-1)
  if (oldest !== undefined) await backups.removeLogBefore(Date.parse(oldest.made_at))
  if (served.length === 0) return 0
  await look(ctx, backups)
  await ctx.step((tx) => ctx.record(tx, 'backups.deleted', { details: { backups: served } }))
  return served.length
}
