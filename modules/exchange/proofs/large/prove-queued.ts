import { setTimeout as wait } from 'node:timers/promises'
import { addSeconds, instantOf } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import { errorFields } from '@gatehouse/runtime/base/log'
import { operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { ProcessFault } from '@gatehouse/runtime/work/bounded-process'
import { z } from 'zod'
import { listTenants } from '../../../governance/tenancy/index.ts'
import { type KimchiProcess, startKimchi } from '../kimchi/process.ts'
import type { Stage } from '../kimchi/tasks.ts'
import { makeLargeProof } from './make.ts'
import { aliveEveryMs, openRequestsMax, silentSeconds } from './schema.ts'
import { type RequestReason, requestReasons } from './states.ts'
import { finishRequest, idleRequests, type RequestRow, sayAlive, takeRequest } from './store.ts'

export const largeQueue = 'proofs-large'

/** The job. In the node's own scope it hands out what waits, and what a killed process left behind. */
export const proveQueued = operation({
  name: 'proofs.prove_queued',
  summary: 'Make a proof that was asked for, in a process of its own',
  kind: 'steps',
  input: z.strictObject({ request: idSchema('proof_request').optional() }),
  output: z.strictObject({ outcome: z.string() }),
  access: { action: 'create', on: () => ({ type: 'proof' }) },
  audit: { none: 'that it was asked for stands in the log as proofs.prove_large, the set as proofs.published, the nullifier in the next proofs.batched' },
  async run(ctx, { request }) {
    if (ctx.tenant === nodeTenant) return handOut(ctx)
    if (request === undefined) return { outcome: 'nothing' }
    const row = await ctx.step((tx) => takeRequest(tx, request, ctx.now, addSeconds(ctx.now, -silentSeconds)))
    if (row === undefined) return { outcome: 'not_open' }
    const { subject } = row
    if (subject === null) return ended(ctx, row, 'not_in_set')
    const worker = startKimchi({ folder: ctx.node.o1jsFolder, sha256: ctx.node.keys.primitives.sha256 })
    const life = keepAlive(ctx, row, worker)
    try {
      const outcome = await makeLargeProof(ctx, worker, { ...row, subject }, life.at)
      await life.stop()
      return outcome === 'made' || outcome === 'forgotten' ? { outcome } : ended(ctx, row, outcome)
    } catch (error) {
      await life.stop()
      if (error instanceof ProcessFault && error.reason === 'cancelled') return { outcome: 'cancelled' }
      ctx.node.log.warn({ tenant: ctx.tenant, request, error: errorFields(error) }, 'a proof over a large set was not made')
      return ended(ctx, row, reasonOf(error))
    } finally {
      await worker.end('ended')
    }
  },
})

async function handOut(ctx: StepsContext): Promise<{ outcome: string }> {
  const { database, queue } = ctx.node
  let count = 0
  for (const { id: tenant } of await database.transaction('node', listTenants)) {
    await database.transaction(tenant, async (tx) => {
      for (const request of await idleRequests(tx, addSeconds(ctx.now, -silentSeconds), openRequestsMax)) {
        await queue.enqueue(tx, largeQueue, { tenant, request }, { singletonKey: request })
        count++
      }
    })
  }
  return { outcome: `handed_out_${count}` }
}

function reasonOf(error: unknown): RequestReason {
  const said = error instanceof ProcessFault ? error.reason : 'failed'
  return requestReasons.find((reason) => reason === said) ?? 'failed'
}

async function ended(ctx: StepsContext, { id }: RequestRow, reason: RequestReason): Promise<{ outcome: string }> {
  await ctx.step((tx) => finishRequest(tx, id, { state: 'failed', proof: null, reason, now: instantOf(ctx.node.source.nowMs()) }))
  return { outcome: reason }
}

/** Says every second that the job lives and how far it is; where the request is open no more, ends the process. */
function keepAlive(ctx: StepsContext, { id }: RequestRow, worker: KimchiProcess) {
  let stage: Stage = 'gathering'
  let members: number | null = null
  let said = ctx.now
  const stopping = new AbortController()
  const beats = (async () => {
    while (!stopping.signal.aborted) {
      const now = instantOf(ctx.node.source.nowMs())
      if (!(await ctx.step((tx) => sayAlive(tx, id, stage, members, said, now)))) {
        // The last act of a finished proof closes the request too.
        if (!stopping.signal.aborted) await worker.end('cancelled')
        return
      }
      said = now
      await wait(aliveEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  })().catch((error: unknown) =>
    ctx.node.log.warn({ tenant: ctx.tenant, request: id, error: errorFields(error) }, 'a proof under way could not say that it lives'),
  )
  return {
    at(next: Stage, count?: number) {
      stage = next
      members = count ?? members
    },
    async stop() {
      stopping.abort()
      await beats
    },
  }
}
