/** A node with a real ledger and an act that leaves an entry, for the ledger's own tests. */
import type { Id } from '@gatehouse/core/id'
import { newId } from '@gatehouse/core/id'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { momentOf } from '@gatehouse/runtime/base/context'
import { testCluster } from '@gatehouse/runtime/data/testing/database'
import { defineModule } from '@gatehouse/runtime/door/module'
import { type AuditFacts, operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import pg from 'pg'
import { z } from 'zod'
import { appendEntry } from '../append.ts'
import { ledgerModule } from '../module.ts'
import { sequence } from '../sequencer.ts'

export const { sha256 } = nodePrimitives

/** Does nothing but leave an entry with the facts it is given. */
export const act = operation({
  name: 'probe.act',
  summary: 'Leave an entry',
  input: z.strictObject({ facts: z.custom<AuditFacts>().optional(), ending: z.enum(['throw', 'refuse']).optional() }),
  output: z.strictObject({ entry: z.string() }),
  access: { public: 'for tests' },
  audit: ({ facts }) => facts ?? {},
  async run(ctx, { ending }) {
    if (ending === 'throw') throw new Error('as asked')
    if (ending === 'refuse') return refuse(doorProblems.conflict)
    return { entry: ctx.entry }
  },
})

export interface LedgerNode extends TestNode {
  /** Leaves `count` entries and says their ids in the order of the log. */
  fill(count: number, facts?: AuditFacts): Promise<Id<'entry'>[]>
  sequence(): ReturnType<typeof sequence>
  /** Runs SQL as the superuser with all triggers off: what somebody with the database's keys could do. */
  tamper(sql: string, values?: readonly unknown[]): Promise<void>
}

export async function ledgerNode(options: { egressAllow?: readonly string[] } = {}): Promise<LedgerNode> {
  const t = await testNode({
    ...options,
    modules: [ledgerModule, defineModule({ name: 'probe', operations: [act], problems: {} })],
    // As in the access table: the log over all institutions is the operator's alone.
    plugs: { append: appendEntry, allowed: ({ roles }, _action, { type }) => type !== 'node_log' || roles.includes('operator') },
  })
  const { node } = t.door
  return {
    ...t,
    async fill(count, facts = {}) {
      const { now } = momentOf(node.source)
      const ids = Array.from({ length: count }, () => newId<'entry'>(node.source)).sort()
      await t.database.transaction(t.tenant, async (tx) => {
        await Promise.all(
          ids.map((id) => appendEntry(tx, { id, tenant: t.tenant, type: 'probe.fill', at: now, actor: { kind: 'system', id: 'test' }, facts }, node)),
        )
      })
      return ids
    },
    sequence: () => sequence(node),
    async tamper(sql, values = []) {
      const client = new pg.Client({ ...testCluster().superuser, database: String(t.database.pool.options.database) })
      await client.connect()
      try {
        await client.query('SET session_replication_role = replica')
        const { rowCount } = await client.query(sql, [...values])
        if (!rowCount) throw new Error('the tampering touched no row')
      } finally {
        await client.end()
      }
    },
  }
}
