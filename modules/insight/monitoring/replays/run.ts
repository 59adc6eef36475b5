/** The job of a replay: reads the log piece by piece, each in a short transaction, and keeps its progress between them. */
import { type Instant, instantMs, instantOf } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { placeAt, readStretch } from '../../../ledger/index.ts'
import { logOf, typesOf } from '../concern.ts'
import { factOf } from '../fact.ts'
import { reachMs } from '../memory.ts'
import { replayEntriesMax } from '../schema.ts'
import { hoursOf } from '../watch.ts'
import { endReplay, noteProgress, type ReplayRow, replayById } from './store.ts'
import { tally } from './tally.ts'

const stretch = 2_000
/** An entry may find its place some seconds after one that was made later. */
const slackMs = 60_000

export const runReplay = operation({
  name: 'monitoring.run_replay',
  summary: 'Carry out a replay',
  kind: 'steps',
  input: z.strictObject({ replay: idSchema('replay') }),
  output: z.strictObject({ alerts: z.int() }),
  access: { action: 'use', on: () => ({ type: 'alert_rule' }) },
  audit: { none: 'the replay was asked for in an entry of its own, and it changes nothing' },
  problems: [doorProblems.not_found],
  async run(ctx, { replay: id }) {
    const replay = await ctx.step((tx) => replayById(tx, id))
    if (replay === undefined) return refuse(doorProblems.not_found)
    if (replay.result !== null) return { alerts: replay.result.alerts }
    const { from, to, capped } = await bounds(ctx, replay)
    const hours = await ctx.step(hoursOf)
    const rule = { condition: replay.condition, cool_down_seconds: replay.cool_down_seconds }
    const counted = tally(rule, hours, { sinceMs: instantMs(replay.since), untilMs: instantMs(replay.until), examples: replay.examples })
    let readUntil: Instant = replay.since
    for (let at = from; at < to; at += stretch) {
      const { entries } = await read(ctx, replay, at, Math.min(stretch, to - at))
      for (const entry of entries) {
        counted.take(factOf(entry))
        if (entry.body.at > readUntil) readUntil = entry.body.at
      }
      await ctx.step((tx) => noteProgress(tx, id, Math.min(to, at + stretch) - from, to - from))
    }
    const result = counted.result(capped, capped ? readUntil : replay.until)
    await ctx.step((tx) => endReplay(tx, id, result, instantOf(ctx.node.source.nowMs())))
    return { alerts: result.alerts }
  },
})

function within<T>(ctx: StepsContext, { condition }: ReplayRow, act: (tx: Tx) => Promise<T>): Promise<T> {
  return logOf(condition) === 'own' ? ctx.step(act) : ctx.node.database.transaction(nodeTenant, act)
}

function read(ctx: StepsContext, replay: ReplayRow, from: number, limit: number) {
  return within(ctx, replay, (tx) => readStretch(tx, typesOf(replay.condition), from, limit))
}

/** Which part of the log: from as far before the period as the rule remembers, to its end, at most so many entries. */
function bounds(ctx: StepsContext, replay: ReplayRow): Promise<{ from: number; to: number; capped: boolean }> {
  const reach = reachMs(replay.condition)
  const beginMs = reach === null ? 0 : instantMs(replay.since) - reach - replay.cool_down_seconds * 1_000
  return within(ctx, replay, async (tx) => {
    const size = (await readStretch(tx, [], 0, Number.MAX_SAFE_INTEGER)).next
    const [begin, end] = await Promise.all([placeAt(tx, beginMs - slackMs), placeAt(tx, instantMs(replay.until) + slackMs)])
    const from = begin ?? size
    const to = end ?? size
    return { from, to: Math.min(to, from + replayEntriesMax), capped: to - from > replayEntriesMax }
  })
}
