import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { instantSchema } from '@gatehouse/core/schema'
import { operation, type Refusal, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { connectorsOf, keepsFiles } from '../connectors/kinds.ts'
import { problems } from '../problems.ts'
import { changeSchema, exampleSource, healthStates, sourceInput } from '../schema.ts'
import { dueSources, findSource, keepHealth, tablesOf } from '../store.ts'
import { checkedHealth } from './health.ts'

const checkedSchema = z.strictObject({
  health: z.enum(healthStates),
  detail: z.string().nullable(),
  checked_at: instantSchema.nullable(),
  server: z.string().nullable(),
  read_only: z.boolean().nullable(),
  changes: z.array(z.strictObject({ table: z.string(), changes: z.array(changeSchema) })).describe('what a new look through the source would find'),
})

const facts = ({ source }: { source: string }, { health, changes }: z.output<typeof checkedSchema>) => ({
  object: { kind: 'data_source', id: source },
  details: { health, changed: changes.length },
})

export const checkSource = operation({
  name: 'catalog.check',
  kind: 'steps',
  summary: 'See whether a source answers, lets us in, and is as the catalogue knows it',
  description: 'The answer is 200 whatever the health: a source that is down is a finding and no failure of the check.',
  input: sourceInput,
  output: checkedSchema,
  access: { action: 'update', on: ({ source }) => ({ type: 'data_source', id: source }) },
  audit: facts,
  http: { method: 'POST', path: '/v1/data-sources/:source/check' },
  example: { input: { source: exampleSource } },
  problems: [doorProblems.not_found, problems.not_live],
  run: (ctx, { source }) => check(ctx, source),
})

export const watchSource = operation({
  name: 'catalog.watch_source',
  kind: 'steps',
  summary: 'See whether one source that is due can be read',
  input: sourceInput,
  output: checkedSchema,
  access: { action: 'use', on: ({ source }) => ({ type: 'data_source', id: source }) },
  audit: facts,
  problems: [doorProblems.not_found, problems.not_live],
  run: (ctx, { source }) => check(ctx, source),
})

export const watchQueue = 'catalog-watch'
export const watchSourceQueue = 'catalog-watch-source'
const watchEveryMs = 5 * 60_000
const watchedAtOnceMax = 200

export const watchSources = operation({
  name: 'catalog.watch',
  kind: 'steps',
  summary: 'Have every live source looked at that was not for some minutes',
  input: z.strictObject({}),
  output: z.strictObject({ sources: z.int() }),
  access: { action: 'use', on: () => ({ type: 'data_source' }) },
  audit: { none: 'it only asks for the looks, and each of them leaves its own entry' },
  async run({ node, nowMs }) {
    const kinds = [...connectorsOf(node).keys()]
    // A little less than the time between two turns, so that the one before counts.
    const before = instantOf(nowMs - watchEveryMs + 30_000)
    const due = await node.database.transaction('node', (tx) => dueSources(tx, kinds, before, watchedAtOnceMax))
    for (const { tenant_id: tenant, id } of due) {
      await node.database.transaction(tenant, (tx) => node.queue.enqueue(tx, watchSourceQueue, { tenant, source: id }, { singletonKey: id }))
    }
    return { sources: due.length }
  },
})

async function check(ctx: StepsContext, id: Id<'data_source'>): Promise<z.output<typeof checkedSchema> | Refusal> {
  const found = await ctx.step(async (tx) => ({ row: await findSource(tx, id), known: await tablesOf(tx, id) }))
  if (found.row === undefined) return refuse(doorProblems.not_found)
  if (keepsFiles(found.row.kind)) return refuse(problems.not_live, 'There is nothing to connect to.')
  const before = found.row.health
  const { health, changes } = await checkedHealth(ctx.node, ctx.tenant, found.row, found.known, ctx.now)
  await ctx.step((tx) => keepHealth(tx, id, health))
  if (before !== health.health)
    ctx.publish({ type: 'catalog.health_changed', subject: id, data: { source: id, slug: found.row.slug, from: before, to: health.health } })
  return {
    health: health.health,
    detail: health.health_detail,
    checked_at: health.checked_at,
    server: health.server ?? found.row.server,
    read_only: health.read_only ?? found.row.read_only,
    changes: changes.map((table) => ({ table: table.table, changes: [...table.changes] })),
  }
}
