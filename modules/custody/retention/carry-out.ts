/**
 * Carries erasures out, step by step. Each step is one short transaction that leaves the erasure in a state from which the next
 * process goes on, so it does not matter where a process dies:
 *
 *   begin    from here on no hold can be placed and nothing is withdrawn
 *   record   the erasure stands in the head store, outside every backup: a restored backup is erased again
 *   destroy  every module forgets the person's rows, in one transaction; the keys are gone
 *   settle   acts that had looked before the destruction have ended
 *   purge    what such acts wrote, and what lies outside the database; the statement is made and its digest enters the ledger
 *   certify  the log covers that entry: the certificate is signed
 */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import type { Id } from '@gatehouse/core/id'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import { momentOf } from '@gatehouse/runtime/base/context'
import { errorFields } from '@gatehouse/runtime/base/log'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Loop } from '@gatehouse/runtime/door/module'
import type { ErasedCounts, ErasedPerson, Node } from '@gatehouse/runtime/door/node'
import type { AuditFacts } from '@gatehouse/runtime/door/operation'
import { publish } from '@gatehouse/runtime/work/outbox'
import { entryEvidence, logOriginOf, recordOwnAct } from '../../ledger/index.ts'
import { certify, type Statement, statementFacts } from './certificate.ts'
import { added } from './counts.ts'
import { erasureFacts } from './facts.ts'
import { holdsOver } from './holds.ts'
import { turnMax } from './schema.ts'
import { type ErasureRow, findErasure, lockRetention, moveErasure, openErasures, othersSince } from './store.ts'

export const erasuresLoop: Loop = {
  name: 'retention.erasures',
  idleMs: 1_000,
  async run(node) {
    let moved = false
    for (const { tenant_id, id } of await node.database.transaction('node', (tx) => openErasures(tx, turnMax))) {
      try {
        moved = (await advance(node, tenant_id, id)) || moved
      } catch (error) {
        // One that fails must not stop the others; it is tried again with the next turn, and stays visible as it is.
        node.log.error({ tenant: tenant_id, erasure: id, error: errorFields(error) }, 'a step of an erasure failed and will be tried again')
      }
    }
    return moved
  },
}

/** Takes the next step. @returns false where it has to wait for something, or is over */
export async function advance(node: Node, tenant: Id<'tenant'>, id: Id<'erasure'>): Promise<boolean> {
  const row = await node.database.transaction(tenant, (tx) => findErasure(tx, id))
  switch (row?.state) {
    case 'approved':
    case 'held':
      return begin(node, row)
    case 'destroying':
      if (row.destroyed_at === null) return destroy(node, row)
      return row.settling_since === null ? settle(node, row) : purge(node, row)
    case 'purged':
      return conclude(node, row)
    default:
      return false
  }
}

/** Locks the erasure and looks again: somebody else may have taken the step meanwhile. */
async function step(node: Node, row: ErasureRow, act: (tx: Tx, now: ErasureRow) => Promise<boolean>): Promise<boolean> {
  return node.database.transaction(row.tenant_id, async (tx) => {
    await lockRetention(tx)
    const now = await findErasure(tx, row.id, true)
    const same = now?.state === row.state && now.destroyed_at === row.destroyed_at && now.settling_since === row.settling_since
    return now !== undefined && same ? act(tx, now) : false
  })
}

function begin(node: Node, row: ErasureRow): Promise<boolean> {
  return step(node, row, async (tx, { state }) => {
    const held = (await holdsOver(tx, row.subject_id)).length > 0
    if (held && state === 'held') return false
    if (state === 'held') await moveErasure(tx, row, { state: 'approved' })
    else await moveErasure(tx, row, { state: held ? 'held' : 'destroying' })
    if (held || state === 'held') await written(tx, node, row, held ? 'retention.erasure_held' : 'retention.erasure_released')
    return true
  })
}

export const headName = (tenant: Id<'tenant'>, subject: Id<'subject'>): string => `erasures/${tenant}/${subject}`

/** Ids, times and a word of a closed list: enough to do it again, and nothing that tells who it was. */
export async function recordHead(node: Node, row: ErasureRow): Promise<void> {
  const { id, tenant_id, subject_id, ground, requested_at, approved_at } = row
  const value = { v: 1, erasure: id, tenant: tenant_id, subject: subject_id, commitment: toHex(row.commitment), ground, requested_at, approved_at }
  const name = headName(tenant_id, subject_id)
  if ((await node.heads.compareAndSwap(name, undefined, utf8(canonicalJson(value)))) !== undefined) return
  if ((await node.heads.read(name)) === undefined) throw new Error('the head store neither took the erasure nor has it')
}

async function destroy(node: Node, row: ErasureRow): Promise<boolean> {
  await recordHead(node, row)
  const { now } = momentOf(node.source)
  return step(node, row, async (tx) => {
    const counts = await forgetRows(tx, node, { tenant: row.tenant_id, subject: row.subject_id, now })
    await moveErasure(tx, row, { destroyedAt: now, counts: added(row.counts, counts), blank: true })
    await written(tx, node, row, 'retention.destroyed')
    return true
  })
}

/** Every module in its order, all in the one transaction. */
export async function forgetRows(tx: Tx, node: Node, person: ErasedPerson): Promise<ErasedCounts> {
  let counts: ErasedCounts = {}
  for (const eraser of node.erasers) counts = added(counts, await eraser.eraseSubject(tx, node, person))
  return counts
}

/** In a transaction after the one that destroyed: whoever began before this moment may not have seen it. */
function settle(node: Node, row: ErasureRow): Promise<boolean> {
  return step(node, row, async (tx) => {
    await moveErasure(tx, row, { settling: true })
    return true
  })
}

async function purge(node: Node, row: ErasureRow): Promise<boolean> {
  const { tenant_id: tenant, subject_id: subject, settling_since: since } = row
  if (since !== null && (await node.database.transaction(tenant, (tx) => othersSince(tx, since)))) return false
  const { now } = momentOf(node.source)
  const person = { tenant, subject, now }
  let outside: ErasedCounts = {}
  for (const eraser of node.erasers) outside = added(outside, (await eraser.purgeSubject?.(node, person)) ?? {})
  return step(node, row, async (tx) => {
    const counts = added(added(row.counts, await forgetRows(tx, node, person)), outside)
    const statement: Statement = {
      kind: 'person',
      institution: tenant,
      erasure: row.id,
      subject_commitment: toHex(row.commitment),
      ground: row.ground,
      requested_at: row.requested_at,
      approved_at: row.approved_at ?? row.requested_at,
      destroyed_at: row.destroyed_at ?? now,
      completed_at: now,
      counts,
    }
    const facts = await statementFacts(node, statement)
    const entry = await written(tx, node, row, 'retention.erased', facts)
    await publish(tx, momentOf(node.source), tenant, entry, [{ type: 'retention.erased', subject: row.id, data: { erasure: row.id } }])
    await moveErasure(tx, row, { state: 'purged', purgedAt: now, counts, statement, entry })
    return true
  })
}

async function conclude(node: Node, row: ErasureRow): Promise<boolean> {
  if (row.entry_id === null || row.statement === null) throw new Error('a purged erasure has no statement')
  const { checkpoint, entries } = await entryEvidence(node, row.tenant_id, [row.entry_id])
  const [entry] = entries
  if (entry === undefined) return false
  const log = { origin: logOriginOf(row.tenant_id, checkpoint), checkpoint, entry: { ...entry, proof: [...entry.proof] } }
  const certificate = await certify(node, row.statement, log)
  return step(node, row, async (tx) => {
    await moveErasure(tx, row, { state: 'certified', certificate, endedAt: momentOf(node.source).now })
    return true
  })
}

async function written(tx: Tx, node: Node, row: ErasureRow, type: string, details: AuditFacts['details'] = {}): Promise<Id<'entry'>> {
  const facts = erasureFacts(row)
  return recordOwnAct(tx, node, { tenant: row.tenant_id, by: 'retention', type, facts: { ...facts, details: { ...facts.details, ...details } } })
}
