import { instantMs } from '@gatehouse/core/instant'
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { conditionSchema } from '../condition.ts'
import { problems } from '../problems.ts'
import { coolDownSchema, replayDaysMax, replayExamplesMax, replayQueue, replaySchema } from '../schema.ts'
import { ruleById } from '../store.ts'
import { insertReplay, replayById } from './store.ts'
import { replayView } from './view.ts'

export const replay = operation({
  name: 'monitoring.replay',
  summary: 'Run a rule over the past, without raising anything',
  description:
    'Takes a rule that is there, or the condition of one that is not. The work is a job: read the replay for its progress and its result. The log before the period is read as far as the rule remembers.',
  input: z
    .strictObject({
      rule: idSchema('alert_rule').optional(),
      condition: conditionSchema.optional().describe('In place of the rule’s own, or without a rule'),
      cool_down_seconds: coolDownSchema.optional(),
      since: instantSchema,
      until: instantSchema.optional().describe('Excluded. Without it: now.'),
      examples: z.int().min(0).max(replayExamplesMax).default(20),
    })
    .refine((input) => input.rule !== undefined || input.condition !== undefined, 'send a rule, a condition or both'),
  output: replaySchema,
  access: { action: 'use', on: () => ({ type: 'alert_rule' }) },
  audit: (input, made) => ({
    object: { kind: 'replay', id: made.id },
    details: { rule_kind: made.condition.kind, since: made.since, until: made.until, ...(input.rule === undefined ? {} : { rule: input.rule }) },
  }),
  http: { method: 'POST', path: '/v1/alert-replays', status: 202 },
  example: {
    input: {
      condition: { kind: 'rate', types: ['release.authorize'], per: 'partner', threshold: 200, window_seconds: 3_600 },
      since: '2026-10-22T00:00:00Z',
    },
  },
  problems: [doorProblems.not_found, problems.period_refused],
  async run(ctx, { rule: id, condition, cool_down_seconds, since, until = ctx.now, examples }) {
    const rule = id === undefined ? undefined : await ruleById(ctx.tx, id)
    const watched = condition ?? rule?.condition
    if ((id !== undefined && rule === undefined) || watched === undefined) return refuse(doorProblems.not_found)
    if (since >= until || instantMs(until) - instantMs(since) > replayDaysMax * 86_400_000) return refuse(problems.period_refused)
    const made = {
      id: ctx.newId<'replay'>(),
      condition: watched,
      cool_down_seconds: cool_down_seconds ?? rule?.cool_down_seconds ?? 3_600,
      since,
      until,
      examples,
      created_at: ctx.now,
    }
    await insertReplay(ctx.tx, made)
    await ctx.enqueue(replayQueue, { replay: made.id })
    const row = await replayById(ctx.tx, made.id)
    return row === undefined ? refuse(doorProblems.not_found) : replayView(row)
  },
})
