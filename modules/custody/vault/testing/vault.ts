/** A node with a vault for tests: imports files through the door and lets a test touch rows behind the node's back. */
import type { Id } from '@gatehouse/core/id'
import type { Principal } from '@gatehouse/runtime/base/context'
import { testCluster } from '@gatehouse/runtime/data/testing/database'
import type { DoorPlugs } from '@gatehouse/runtime/door/plugs'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import pg from 'pg'
import { findSubject, subjectsModule } from '../../../subjects/index.ts'
import { keyringModule } from '../../keyring/index.ts'
import { importRecords } from '../imports/import.ts'
import { planImport } from '../imports/plan.ts'
import { vaultModule } from '../module.ts'
import { verify } from '../verifications/verify.ts'

export const customerMapping = {
  record_type: 'customer',
  subject: 'customer_id',
  drop: ['internal'],
  fields: {
    given_name: { semantic: 'given_name' },
    date_of_birth: { type: 'date', semantic: 'date_of_birth' },
    balance: { type: 'number', semantic: 'amount' },
  },
}

export const customerFile = [
  'customer_id,given_name,date_of_birth,balance,internal',
  'C-1,Ana Quetzalli,1980-04-12,10.5,x',
  'C-2,Luis Ixchel,1975-11-30,20,x',
  'C-3,Mar Citlali,1999-01-02,,x',
  '',
].join('\n')

export async function* bytesOf(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

export async function openVault(plugs?: Partial<DoorPlugs>) {
  const base = await testNode({ modules: [subjectsModule, keyringModule, vaultModule], ...(plugs === undefined ? {} : { plugs }) })
  return Object.assign(base, vaultTools(base))
}
export type VaultNode = Awaited<ReturnType<typeof openVault>>

function vaultTools(base: TestNode) {
  const plan = async (mapping: object = customerMapping, as: Principal = base.admin): Promise<Id<'import'>> => {
    const answer = await base.door.enter(planImport, { mapping: mapping as Record<string, unknown>, format: 'csv' }, as)
    if (answer.outcome !== 'done') throw new Error(`the plan was ${answer.outcome}`)
    return answer.output.import_id
  }
  const send = async (id: Id<'import'>, body: AsyncIterable<Uint8Array>, as: Principal = base.admin) => {
    const answer = await base.door.enter(importRecords, { import: id, body }, as)
    if (answer.outcome !== 'done') throw new Error(`the import was ${answer.outcome}`)
    return answer.output
  }
  return {
    plan,
    send,
    importText: async (text: string, mapping: object = customerMapping, as: Principal = base.admin) => send(await plan(mapping, as), bytesOf(text), as),
    verified: async (as: Principal = base.admin) => {
      const answer = await base.door.enter(verify, {}, as)
      if (answer.outcome !== 'done') throw new Error(`the verification was ${answer.outcome}`)
      return answer.output
    },
    subject: (userId: string, tenant = base.tenant) =>
      base.database.transaction(tenant, async (tx) => {
        const found = await findSubject(tx, base.door.node, userId)
        if (found === undefined) throw new Error('there is no such person')
        return found
      }),
    /** As somebody who holds the database: row-level security and the insert-only trigger do not stop them. */
    async tamper(...statements: string[]): Promise<Record<string, unknown>[][]> {
      const database = String((base.database.pool.options as pg.PoolConfig).database)
      const client = new pg.Client({ ...testCluster().superuser, database })
      await client.connect()
      try {
        await client.query('SET session_replication_role = replica')
        const answers: Record<string, unknown>[][] = []
        for (const statement of statements) answers.push((await client.query(statement)).rows as Record<string, unknown>[])
        return answers
      } finally {
        await client.end()
      }
    },
  }
}
