import { setImmediate as breathe } from 'node:timers/promises'
import type { Id } from '@gatehouse/core/id'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findSubject, userIdSchema } from '../../../subjects/index.ts'
import { problems } from '../problems.ts'
import { faultsMax, verifyAtOnceMax, walkPageBlocks, walkToldMs } from '../schema.ts'
import { blockKeys } from '../signing.ts'
import { countBlocks, emptiedChains, walkBlocks } from '../store.ts'
import { chainWalk, type WalkResult } from '../walk.ts'
import { verificationSchema } from './list.ts'
import { endVerifying, insertVerification, tellVerifying } from './store.ts'

export const verify = operation({
  name: 'vault.verify',
  kind: 'steps',
  summary: 'Check the chains of the vault',
  description:
    'Holds every block against its hash, its signature, the block before it and the end of its chain, and names the place of each fault. ' +
    'Nothing is opened. A vault of many blocks is checked by POST /v1/vault/verifications, and by the node itself each night.',
  input: z.strictObject({ user_id: userIdSchema.optional() }),
  output: verificationSchema.omit({ id: true }),
  access: { action: 'use', on: () => ({ type: 'vault' }) },
  audit: (_input, { subjects, blocks, unreadable, fault_count }) => ({ details: { subjects, blocks, unreadable, fault_count } }),
  http: { method: 'POST', path: '/v1/vault/verify' },
  example: { input: {} },
  async run(ctx, input) {
    const { user_id } = input
    const only = user_id === undefined ? undefined : await ctx.step((tx) => findSubject(tx, ctx.node, user_id))
    if (user_id !== undefined && only === undefined) return refuse(doorProblems.not_found)
    const blocks = only === undefined ? await ctx.step(countBlocks) : undefined
    // A job may take its time; whoever waits at a connection loses the answer once that is silent for too long.
    if (blocks !== undefined && ctx.principal.kind !== 'system' && blocks > verifyAtOnceMax) return refuse(problems.verify_too_long)
    const result = await walkVault(ctx, only?.id, blocks === undefined ? undefined : telling(ctx, blocks))
    if (result.faultCount > 0) ctx.node.log.error({ tenant: ctx.tenant, faults: result.faultCount }, 'the vault holds chains that do not verify')
    const { faultCount: fault_count, faults, ...counts } = result
    const found = { started_at: ctx.now, finished_at: momentOf(ctx.node.source).now, ...counts, fault_count, faults: [...faults] }
    await ctx.step(async (tx) => {
      await insertVerification(tx, { id: ctx.entry, ...found })
      if (only === undefined) await endVerifying(tx)
    })
    if (fault_count > 0) ctx.publish({ type: 'vault.fault_found', data: { blocks: counts.blocks, fault_count } })
    return found
  },
})

/** Page by page in short transactions, so that a walk over millions of blocks holds no snapshot and stops nobody. */
export async function walkVault(
  ctx: Pick<StepsContext, 'node' | 'tenant' | 'step'>,
  only?: Id<'subject'>,
  onPage: (tx: Tx, blocks: number) => Promise<void> = async () => {},
): Promise<WalkResult> {
  const { keys } = ctx.node
  const walk = chainWalk(keys.primitives, await blockKeys(ctx.node, ctx.tenant))
  const page = () =>
    ctx.step(async (tx) => {
      await onPage(tx, walk.blocks)
      return walkBlocks(tx, walk.place, only, walkPageBlocks)
    })
  for (let rows = await page(); rows.length > 0; rows = await page()) {
    for (const [index, row] of rows.entries()) {
      walk.take(row)
      if (index % 32 === 31) await breathe()
    }
  }
  for (const place of await ctx.step((tx) => emptiedChains(tx, only, faultsMax))) walk.missing(place)
  return walk.end()
}

/** Leaves in the database how far the walk is, for whoever looks. */
function telling({ node, now: started_at }: Pick<StepsContext, 'node' | 'now'>, of_blocks: number): (tx: Tx, blocks: number) => Promise<void> {
  let told = Number.NEGATIVE_INFINITY
  return async (tx, blocks) => {
    const at = node.source.nowMs()
    if (at - told < walkToldMs) return
    told = at
    await tellVerifying(tx, { started_at, blocks, of_blocks })
  }
}
