import type { Id } from '@gatehouse/core/id'
import { fromHex } from '@gatehouse/crypto/bytes'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { moveSubject, personById } from '../../../subjects/index.ts'
import { erasureFacts, personFacts } from '../facts.ts'
import { insertErasure, lockRetention } from '../store.ts'
import { type SweepCounts, sweepCountsSchema } from './schema.ts'
import { listRules, tenantsWithRules } from './store.ts'
import { addCounts, type Due, judgePage, noCounts } from './walk.ts'

export const sweepQueue = 'retention-sweep'

/** The job. In the node's own scope it only hands the work to each institution that has rules. */
export const sweepByRules = operation({
  name: 'retention.sweep',
  kind: 'steps',
  summary: 'Hide whose time is over, and propose erasures',
  description: 'The node does it each night. An erasure is only proposed: two people approve it like any other.',
  input: z.strictObject({}),
  output: sweepCountsSchema,
  access: { action: 'use', on: () => ({ type: 'retention_rule' }) },
  audit: (_input, counts) => ({ details: counts }),
  async run(ctx) {
    if (ctx.tenant !== nodeTenant) return sweep(ctx)
    const { database, queue } = ctx.node
    for (const tenant of await database.transaction('node', tenantsWithRules)) {
      await database.transaction(tenant, (tx) => queue.enqueue(tx, sweepQueue, { tenant }, { singletonKey: tenant }))
    }
    return noCounts
  },
})

async function sweep(ctx: StepsContext): Promise<SweepCounts> {
  let counts = noCounts
  for (let after: Id<'subject'> | undefined; ; ) {
    const from = after
    const page = await ctx.step(async (tx) => {
      // A hold that is being placed comes before or after, and not in between; and rules are those that stand now.
      await lockRetention(tx)
      const rules = new Map((await listRules(tx)).map((rule) => [rule.record_type, rule]))
      const judged = await judgePage(tx, rules, ctx.now, from)
      for (const one of judged.due) await act(ctx, tx, one)
      return judged
    })
    counts = addCounts(counts, page.counts)
    after = page.last
    if (after === undefined) return counts
  }
}

/** Each person has an entry of their own, by which it is seen later why they were hidden or proposed. */
async function act(ctx: StepsContext, tx: Tx, { subject, action }: Due): Promise<void> {
  const person = await personById(tx, subject)
  if (person === undefined || person.status === 'erased') return
  if (action === 'archive') {
    await moveSubject(tx, subject, 'archived')
    await ctx.record(tx, 'retention.archived_by_rule', { ...personFacts(person), details: { reason: 'retention_ended' } }, [
      { type: 'retention.archived', data: {} },
    ])
    return
  }
  const commitment = fromHex(person.commitment)
  if (commitment === undefined) throw new TypeError('a commitment is text in hex')
  const erasure = { id: ctx.newId<'erasure'>(), subject, commitment, state: 'requested' as const, ground: 'retention_ended' as const }
  if (!(await insertErasure(tx, { ...erasure, reference: undefined, requestedBy: ctx.principal.id, requestedAt: ctx.now }))) return
  const facts = erasureFacts({ ...erasure, subject_id: subject })
  await ctx.record(tx, 'retention.erasure_proposed', facts, [{ type: 'retention.erasure_requested', subject: erasure.id, data: { erasure: erasure.id } }])
}
