/**
 * Carries out the erasure of an institution:
 *
 *   begin    its time has come and no legal hold is in force; it is announced in the database
 *   close    it enters the head store; then everything but its log and keys is removed, people and keys for programs first of all: nobody enters any more
 *   settle   acts that had begun before have ended, and their entries have found their place in the log
 *   seal     the last signed head of its log is kept
 *   forget   its keys end in every process and its epoch keys are destroyed, so that nothing of it opens in any backup; log, tiles, checkpoints
 *            and the rows of its keys go, again and again, until no table holds a row of it; backups that hold its plain rows end with the deadline
 *   certify  the node's own log names head and statement, and the certificate is signed
 */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import type { Id } from '@gatehouse/core/id'
import { addSeconds, type Instant, instantOf } from '@gatehouse/core/instant'
import { utf8 } from '@gatehouse/crypto/bytes'
import { momentOf, nodeTenant } from '@gatehouse/runtime/base/context'
import { errorFields } from '@gatehouse/runtime/base/log'
import type { Tx } from '@gatehouse/runtime/data/db'
import { announceForgetting, forgetTenantRows, rememberingTables } from '@gatehouse/runtime/data/forget-tenant'
import { endKeys } from '@gatehouse/runtime/data/keys/store'
import type { Loop } from '@gatehouse/runtime/door/module'
import type { ErasedCounts, Node } from '@gatehouse/runtime/door/node'
import { forgetJobs } from '@gatehouse/runtime/work/queue'
import { entryEvidence, logOriginOf, recordOwnAct, sealedHead, sequence } from '../../../ledger/index.ts'
import { certify, type Statement, statementFacts } from '../certificate.ts'
import { added } from '../counts.ts'
import { othersSince } from '../store.ts'
import { deadlineDays, waitDaysMax } from './schema.ts'
import { anyHold, dueInstitutionErasures, findInstitutionErasure, type InstitutionRow, moveInstitutionErasure } from './store.ts'

export const institutionsLoop: Loop = {
  name: 'retention.institutions',
  idleMs: 5_000,
  async run(node) {
    let moved = false
    const now = instantOf(node.source.nowMs())
    for (const { tenant_id, id } of await node.database.transaction('node', (tx) => dueInstitutionErasures(tx, now))) {
      try {
        moved = (await advanceInstitution(node, tenant_id, id)) || moved
      } catch (error) {
        node.log.error({ erasure: id, error: errorFields(error) }, 'a step of the erasure of an institution failed and will be tried again')
      }
    }
    return moved
  },
}

/** Takes the next step. @returns false where it has to wait for something, or is over */
export async function advanceInstitution(node: Node, tenant: Id<'tenant'>, id: Id<'erasure'>): Promise<boolean> {
  const row = await node.database.transaction('node', (tx) => findInstitutionErasure(tx, tenant, id))
  switch (row?.state) {
    case 'waiting':
    case 'held':
      return begin(node, row)
    case 'erasing':
      if (row.settling_since === null) return close(node, row)
      return row.sealed_at === null ? seal(node, row) : forget(node, row)
    case 'erased':
      return conclude(node, row)
    default:
      return false
  }
}

async function step(node: Node, row: InstitutionRow, act: (tx: Tx) => Promise<void>): Promise<boolean> {
  return node.database.transaction('node', async (tx) => {
    const now = await findInstitutionErasure(tx, row.tenant_id, row.id, true)
    if (now?.state !== row.state || now.settling_since !== row.settling_since || now.sealed_at !== row.sealed_at) return false
    await act(tx)
    return true
  })
}

const headName = (institution: Id<'tenant'>): string => `institutions/${institution}`

async function begin(node: Node, row: InstitutionRow): Promise<boolean> {
  const held = await node.database.transaction(row.institution, anyHold)
  if (held && row.state === 'held') return false
  return step(node, row, async (tx) => {
    if (held) return moveInstitutionErasure(tx, row, { state: 'held' })
    if (row.state === 'held') return moveInstitutionErasure(tx, row, { state: 'waiting' })
    await announceForgetting(tx, row.institution)
    await moveInstitutionErasure(tx, row, { state: 'erasing', begunAt: momentOf(node.source).now })
  })
}

const isLogOrKey = (table: string): boolean => table.startsWith('ledger.') || table.startsWith('keys.')
const isEntrance = (table: string): boolean => table.startsWith('identity.')

async function close(node: Node, row: InstitutionRow): Promise<boolean> {
  const { database } = node
  // Whatever is restored later must know of it before anything is destroyed.
  const record = { v: 1, erasure: row.id, institution: row.institution, requested_at: row.requested_at, due_at: row.due_at }
  await node.heads.compareAndSwap(headName(row.institution), undefined, utf8(canonicalJson(record)))
  let counts = added(row.counts, await forgetTenantRows(database, row.institution, isEntrance))
  counts = added(counts, await purgeOutside(node, row.institution))
  counts = added(counts, await forgetTenantRows(database, row.institution, (table) => !isLogOrKey(table)))
  return step(node, row, (tx) => moveInstitutionErasure(tx, row, { settling: true, counts }))
}

/** What lies outside the database: found by the institution, whether or not its rows are there. */
async function purgeOutside(node: Node, institution: Id<'tenant'>): Promise<ErasedCounts> {
  let counts: ErasedCounts = {}
  for (const eraser of node.erasers) counts = added(counts, (await eraser.purgeTenant?.(node, institution)) ?? {})
  return counts
}

async function seal(node: Node, row: InstitutionRow): Promise<boolean> {
  const { settling_since: since, institution } = row
  if (since !== null && (await node.database.transaction('node', (tx) => othersSince(tx, since)))) return false
  await sequence(node)
  const head = await node.database.transaction(institution, sealedHead)
  // Entries still wait for their place: another process sequences, or there are many of them.
  if (head.waiting) return false
  const sealed = head.size === 0 ? ('none' as const) : { origin: logOriginOf(institution, head.checkpoint), size: head.size, root: head.root }
  return step(node, row, (tx) => moveInstitutionErasure(tx, row, { sealedHead: sealed, sealedAt: momentOf(node.source).now }))
}

async function forget(node: Node, row: InstitutionRow): Promise<boolean> {
  const { database, source } = node
  // Things outside may be found by names that only the keys give, so they go first; what came too late for that lies under dead keys.
  let counts = added(row.counts, await purgeOutside(node, row.institution))
  await endInstitutionKeys(node, row.institution)
  counts = added(counts, await forgetTenantRows(database, row.institution, () => true))
  const left = await database.transaction(row.institution, rememberingTables)
  if (left.length > 0) return true
  const moment = momentOf(source)
  const { now } = moment
  // A legal hold may have outlasted the deadline; backups from before it then have as long as the shortest wait leaves them.
  const [deadline, soonest] = [addSeconds(row.requested_at, deadlineDays * 86_400), addSeconds(now, (deadlineDays - waitDaysMax) * 86_400)]
  // biome-ignore lint/complexity/useMathMinMax: these are moments as text, which Math.max does not know
  await endOlderBackups(node, deadline > soonest ? deadline : soonest)
  const statement: Statement = {
    kind: 'institution',
    institution: row.institution,
    erasure: row.id,
    sealed_head: row.sealed_head,
    ground: 'end_of_contract',
    requested_at: row.requested_at,
    approved_at: row.requested_at,
    destroyed_at: row.sealed_at ?? now,
    completed_at: now,
    counts,
  }
  const digests = await statementFacts(node, statement)
  return step(node, row, async (tx) => {
    await forgetJobs(tx, row.institution)
    const head: Record<string, string | number> = row.sealed_head === null ? {} : { size: row.sealed_head.size, root: row.sealed_head.root }
    const facts = { object: { kind: 'erasure', id: row.id }, details: { institution: row.institution, ...head, ...digests } }
    const entry = await recordOwnAct(tx, node, { tenant: nodeTenant, by: 'retention', type: 'retention.institution_erased', facts }, moment)
    await moveInstitutionErasure(tx, row, { state: 'erased', counts, statement, entry })
  })
}

/** From here on nothing of the institution opens: not in the database, not in the memory of a process, not in any backup. */
async function endInstitutionKeys(node: Node, institution: Id<'tenant'>): Promise<void> {
  await node.database.transaction('node', (tx) => endKeys(tx, institution))
  node.keys.forget(institution)
  await node.keys.epochs.destroySeries(institution)
}

/**
 * A backup is a copy of the whole database, and not every row of it is sealed under the institution's keys. Those made before the last row went are
 * sealed under epochs of the node that end with the deadline, or sooner where their time is over sooner; later ones begin a new epoch.
 */
async function endOlderBackups(node: Node, deadline: Instant): Promise<void> {
  const { epochs } = node.keys
  const { number } = await epochs.beginAfter((await epochs.newest()).number)
  await epochs.endBelow(number, Date.parse(deadline))
}

async function conclude(node: Node, row: InstitutionRow): Promise<boolean> {
  if (row.entry_id === null || row.statement === null) throw new Error('an erased institution has no statement')
  const { checkpoint, entries } = await entryEvidence(node, nodeTenant, [row.entry_id])
  const [entry] = entries
  if (entry === undefined) return false
  const certificate = await certify(node, row.statement, {
    origin: logOriginOf(nodeTenant, checkpoint),
    checkpoint,
    entry: { ...entry, proof: [...entry.proof] },
  })
  return step(node, row, (tx) => moveInstitutionErasure(tx, row, { state: 'certified', certificate, endedAt: momentOf(node.source).now }))
}

/** After a restore: institutions that the head store says are erased are removed from what came back. @returns how many there were */
export async function reapplyInstitutions(node: Node): Promise<number> {
  let count = 0
  for (const name of await node.heads.list('institutions/')) {
    const institution = name.slice('institutions/'.length) as Id<'tenant'>
    if ((await node.database.transaction(institution, rememberingTables)).length === 0) continue
    await node.database.transaction('node', (tx) => announceForgetting(tx, institution))
    await purgeOutside(node, institution)
    await endInstitutionKeys(node, institution)
    await forgetTenantRows(node.database, institution, () => true)
    count++
  }
  return count
}
