/** The job that carries a run out, from its checks to the result that is held, and names whatever stops it. */
import { addSeconds, instantOf } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import { errorFields } from '@gatehouse/runtime/base/log'
import { operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { deleteTable } from '../../../custody/catalog/index.ts'
import { scratchOf } from '../executor/index.ts'
import { carryOutPart, tellState } from '../parts/carry-out.ts'
import { type ErrandRow, errandOf, partsOf } from '../parts/store.ts'
import { resultFile } from '../results/table.ts'
import { carryOut } from './carry-out.ts'
import { endRecorded } from './end.ts'
import { keepAlive, reasonToEnd } from './life.ts'
import { retrySeconds, silentSeconds, waitForSeconds, waitSecondsMax } from './queue.ts'
import { isUnderWay } from './states.ts'
import { type RunReason, reasonOf, type Stop } from './stops.ts'
import { findRun, moveRun, type RunRow, takeRun } from './store.ts'
import { forgetFiles } from './sweep.ts'

export const conductRun = operation({
  name: 'query.conduct_run',
  kind: 'steps',
  summary: 'Carry out a run that was asked for',
  input: z.strictObject({ run: idSchema('query_run') }),
  output: z.strictObject({ outcome: z.string() }),
  access: { action: 'use', on: () => ({ type: 'query_run' }) },
  audit: { none: 'that it was asked for stands in the log as query.start_run, how it ended as query.run_ended' },
  async run(ctx, { run: id }) {
    const asked = await ctx.step((tx) => findRun(tx, id))
    const unwanted = asked !== undefined && isUnderWay(asked.state) ? await reasonToEnd(ctx, asked) : undefined
    if (asked !== undefined && unwanted !== undefined) return end(ctx, asked, { reason: unwanted })
    const holder = crypto.randomUUID()
    const run = await ctx.step((tx) => takeRun(tx, id, holder, ctx.now, addSeconds(ctx.now, -silentSeconds)))
    if (run === undefined) return { outcome: 'not_open' }
    const errand = await ctx.step((tx) => errandOf(tx, id))
    if (await waitedTooLong(ctx, run, errand)) return end(ctx, run, { reason: 'waited_too_long' })
    const life = keepAlive(ctx, run, holder)
    try {
      const stop = errand === undefined ? await carryOut(ctx, run, life) : await carryOutPart(ctx, run, errand, life)
      await life.stop()
      if (stop === 'waiting') return { outcome: 'waiting_for_node' }
      if (stop !== undefined) return (await waits(ctx, run, stop)) ?? (await end(ctx, run, stop))
      await forgetFiles(ctx.node.blobs, `${scratchOf(ctx.tenant, id)}/`)
      return { outcome: 'made' }
    } catch (error) {
      await life.stop()
      const stop = reasonOf(error, life.signal)
      if (stop === 'taken') return { outcome: 'taken' }
      if (stop.reason === 'internal') ctx.node.log.error({ tenant: ctx.tenant, run: id, error: errorFields(error) }, 'a run could not be finished')
      return (await waits(ctx, run, stop)) ?? (await end(ctx, run, stop))
    }
  },
})

/** What waits for other nodes has the deadline of its parts; whatever else waits is over after a day. */
async function waitedTooLong(ctx: StepsContext, run: RunRow, errand: ErrandRow | undefined): Promise<boolean> {
  const parts = await ctx.step((tx) => partsOf(tx, run.id))
  const until = errand?.deadline_at ?? parts[0]?.deadline_at
  return until === undefined ? addSeconds(run.asked_at, waitSecondsMax) <= ctx.now : parts.length === 0 && until <= ctx.now
}

/** A source that is away may be back soon; holders who are asked, and keys that are on their way, are waited for until the deadline. */
async function waits(ctx: StepsContext, { id }: RunRow, { reason, detail, said }: Stop): Promise<{ outcome: string } | undefined> {
  const patient = reason === 'awaiting_approval' || reason === 'key_missing' || reason === 'unit_pending'
  if (reason !== 'source_unreachable' && !patient) return undefined
  return ctx.step(async (tx) => {
    const run = await findRun(tx, id, true)
    const seconds = patient ? waitForSeconds[reason] : run && retrySeconds[run.tries]
    const errand = await errandOf(tx, id)
    if (errand !== undefined && reason === 'awaiting_approval' && run?.reason !== reason) await tellState(ctx, tx, errand, reason)
    if (run === undefined || seconds === undefined || (run.state !== 'checking' && run.state !== 'running')) return undefined
    const at = instantOf(ctx.node.source.nowMs())
    const move = { from: run.state, to: 'waiting' as const, at, reason, retryAt: addSeconds(at, seconds), patient, detail, said }
    return (await moveRun(tx, id, move)) ? { outcome: 'waiting' } : undefined
  })
}

/** Whatever it wrote: scratch files, and a result that was not kept. Their key is gone already; a process that dies here leaves noise, which is swept. */
async function forgetRun(ctx: StepsContext, id: RunRow['id']): Promise<void> {
  const { node, tenant } = ctx
  const run = await ctx.step((tx) => findRun(tx, id))
  if (run === undefined || run.wrapped !== null) return
  await forgetFiles(node.blobs, `${scratchOf(tenant, id)}/`)
  if (run.target_id !== null && run.result_id === null) await deleteTable(node.blobs, resultFile(tenant, run.target_id))
}

async function end(ctx: StepsContext, { id }: RunRow, { reason, ...at }: Stop): Promise<{ outcome: RunReason }> {
  await ctx.step(async (tx) => {
    await endRecorded(ctx, tx, id, reason, instantOf(ctx.node.source.nowMs()), at)
  })
  await forgetRun(ctx, id)
  return { outcome: reason }
}
