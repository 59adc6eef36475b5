import { setImmediate as breathe } from 'node:timers/promises'
import type { Id } from '@gatehouse/core/id'
import { instantSchema } from '@gatehouse/core/schema'
import { momentOf } from '@gatehouse/runtime/base/context'
import { operation, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findSubject, userIdSchema } from '../../subjects/index.ts'
import { chainFaultSchema, faultsMax, walkPageBlocks } from './schema.ts'
import { blockKeys } from './signing.ts'
import { emptiedChains, insertVerification, walkBlocks } from './store.ts'
import { chainWalk, type WalkResult } from './walk.ts'

export const verify = operation({
  name: 'vault.verify',
  kind: 'steps',
  summary: 'Check the chains of the vault',
  description:
    'Holds every block against its hash, its signature, the block before it and the end of its chain, and names the place of each fault. ' +
    'Nothing is opened. The node does the same by itself each night.',
  input: z.strictObject({ user_id: userIdSchema.optional() }),
  output: z.strictObject({
    started_at: instantSchema,
    finished_at: instantSchema,
    subjects: z.number().int(),
    blocks: z.number().int(),
    unreadable: z.number().int(),
    fault_count: z.number().int(),
    faults: z.array(chainFaultSchema),
  }),
  access: { action: 'use', on: () => ({ type: 'vault' }) },
  audit: (_input, { subjects, blocks, unreadable, fault_count }) => ({ details: { subjects, blocks, unreadable, fault_count } }),
  http: { method: 'POST', path: '/v1/vault/verify' },
  example: { input: {} },
  async run(ctx, input) {
    const { user_id } = input
    const only = user_id === undefined ? undefined : await ctx.step((tx) => findSubject(tx, ctx.node, user_id))
    if (user_id !== undefined && only === undefined) return refuse(doorProblems.not_found)
    const result = await walkVault(ctx, only?.id)
    if (result.faultCount > 0) ctx.node.log.error({ tenant: ctx.tenant, faults: result.faultCount }, 'the vault holds chains that do not verify')
    const { faultCount: fault_count, faults, ...counts } = result
    const found = { started_at: ctx.now, finished_at: momentOf(ctx.node.source).now, ...counts, fault_count, faults: [...faults] }
    await ctx.step((tx) => insertVerification(tx, { id: ctx.entry, ...found }))
    if (fault_count > 0) ctx.publish({ type: 'vault.fault_found', data: { blocks: counts.blocks, fault_count } })
    return found
  },
})

/** Page by page in short transactions, so that a walk over millions of blocks holds no snapshot and stops nobody. */
export async function walkVault(ctx: Pick<StepsContext, 'node' | 'tenant' | 'step'>, only?: Id<'subject'>): Promise<WalkResult> {
  const { keys } = ctx.node
  const walk = chainWalk(keys.primitives, await blockKeys(ctx.node, ctx.tenant))
  const page = () => ctx.step((tx) => walkBlocks(tx, walk.place, only, walkPageBlocks))
  for (let rows = await page(); rows.length > 0; rows = await page()) {
    for (const [index, row] of rows.entries()) {
      walk.take(row)
      if (index % 32 === 31) await breathe()
    }
  }
  for (const place of await ctx.step((tx) => emptiedChains(tx, only, faultsMax))) walk.missing(place)
  return walk.end()
}
