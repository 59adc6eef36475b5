/** A node with vault, ledger and retention for tests: three people are imported, and the loop is turned by hand. */
import type { Answer } from '@gatehouse/runtime/door/door'
import type { Module } from '@gatehouse/runtime/door/module'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { testNode } from '@gatehouse/runtime/door/testing/node'
import { appendEntry, ledgerModule, sequence } from '../../../ledger/index.ts'
import { findPerson, subjectsModule } from '../../../subjects/index.ts'
import { importRecords } from '../../vault/imports/import.ts'
import { planImport } from '../../vault/imports/plan.ts'
import { vaultModule } from '../../vault/index.ts'
import { bytesOf, customerFile, customerMapping } from '../../vault/testing/vault.ts'
import { approveErasure } from '../approve-erasure.ts'
import { erasuresLoop } from '../carry-out.ts'
import { retentionModule } from '../module.ts'
import { requestErasure } from '../request-erasure.ts'
import type { Erasure } from '../schema.ts'

export async function openRetention(more: readonly Module[] = []) {
  const t = await testNode({ modules: [ledgerModule, subjectsModule, vaultModule, ...more, retentionModule], plugs: { append: appendEntry } })
  const node = t.door.node
  const done = async <T>(operation: AnyOperation, input: unknown, as = t.admin): Promise<T> => {
    const answer = (await t.door.enter(operation, input, as)) as Answer<T>
    if (answer.outcome !== 'done')
      throw new Error(`${operation.name} was ${answer.outcome}${answer.outcome === 'refused' ? `: ${answer.problem.kind.title}` : ''}`)
    return answer.output
  }
  const refused = async (operation: AnyOperation, input: unknown, as = t.admin): Promise<string> => {
    const answer = await t.door.enter(operation, input, as)
    if (answer.outcome !== 'refused') throw new Error(`${operation.name} was ${answer.outcome}`)
    return answer.problem.kind.type
  }
  const send = async (text: string) => {
    const plan = await done<{ import_id: string }>(planImport, { mapping: customerMapping, format: 'csv' })
    return done<{ imported: number; rejected: number }>(importRecords, { import: plan.import_id, body: bytesOf(text) })
  }
  await send(customerFile)
  const approved = async (userId: string): Promise<Erasure> => {
    const { id } = await done<Erasure>(requestErasure, { user_id: userId, ground: 'request_of_the_person', reference: `letter of ${userId}` })
    return done<Erasure>(approveErasure, { erasure: id })
  }
  /** Turns the loop and the sequencer until nothing moves any more. */
  const turn = async () => {
    for (let quiet = 0; quiet < 2; ) {
      const moved = await erasuresLoop.run(node)
      const { integrated } = await sequence(node)
      quiet = moved || integrated > 0 ? 0 : quiet + 1
    }
  }
  const person = (userId: string) => t.database.transaction(t.tenant, (tx) => findPerson(tx, node, userId))
  const rows = async <Row>(sql: string) => t.database.transaction('node', (tx) => tx.query<Row>(sql))
  return Object.assign(t, { node, done, refused, send, approved, turn, person, rows })
}
export type RetentionNode = Awaited<ReturnType<typeof openRetention>>
