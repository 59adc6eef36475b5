/** The register of persons: found by what the institution calls them, known inside by an id that says nothing. */
import type { Id } from '@gatehouse/core/id'
import { toHex } from '@gatehouse/crypto/bytes'
import { momentOf, type Principal } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { newCommitment, openCommitmentKey } from './commitment.ts'
import { checkBatch, isUserId, outsideIds } from './outside-id.ts'
import type { Subject } from './schema.ts'
import {
  findArchived,
  findById,
  findByOutsideId,
  findByOutsideIds,
  findCommitmentKey,
  insertSubjects,
  markErased,
  type SubjectRow,
  setStatus,
} from './store.ts'

const subjectOf = (row: SubjectRow): Subject => ({ id: row.subject_id, commitment: toHex(row.commitment), status: row.status })

/** Persons belong to an institution: the node's own scope, which sees all of them, may not ask for one. */
function tenantOf(tx: Tx): Id<'tenant'> {
  if (tx.tenant === 'node') throw new TypeError('persons are looked up in the transaction of one tenant, not in the scope of the node')
  return tx.tenant
}

/** An id that could never have been registered is simply not found, and neither is who is archived. */
export async function findSubject(tx: Tx, node: Node, userId: string): Promise<Subject | undefined> {
  return unlessHidden(await findPerson(tx, node, userId))
}

export async function subjectById(tx: Tx, id: Id<'subject'>): Promise<Subject | undefined> {
  return unlessHidden(await personById(tx, id))
}

/** The person who has signed in, as long as nothing became of them; nobody for whoever is no person. */
export async function ownSubject(tx: Tx, { subject }: Pick<Principal, 'subject'>): Promise<Subject | undefined> {
  const found = subject === undefined ? undefined : await subjectById(tx, subject)
  return found?.status === 'active' ? found : undefined
}

const unlessHidden = (subject: Subject | undefined) => (subject?.status === 'archived' ? undefined : subject)

/** Who of them is hidden, for lists that pass over what is about them. */
export async function archivedAmong(tx: Tx, subjects: readonly Id<'subject'>[]): Promise<Set<Id<'subject'>>> {
  return new Set(subjects.length === 0 ? [] : await findArchived(tx, subjects))
}

/** Whatever became of the person: for archiving, restoring and erasing only. */
export async function findPerson(tx: Tx, node: Node, userId: string): Promise<Subject | undefined> {
  const tenant = tenantOf(tx)
  if (!isUserId(userId)) return undefined
  const [outsideId] = await outsideIds(node, tenant, [userId])
  const row = outsideId && (await findByOutsideId(tx, outsideId))
  return row && subjectOf(row)
}

export async function personById(tx: Tx, id: Id<'subject'>): Promise<Subject | undefined> {
  tenantOf(tx)
  const row = await findById(tx, id)
  return row && subjectOf(row)
}

/**
 * Finds each person and registers those who are new, in two to three statements however many there are. An erased person stays
 * erased, and an archived one hidden; the caller reads it from `status`.
 * @returns every given user id with its person
 * @throws Problem `user_id_invalid` with the places of unusable ids; then nobody was registered
 */
export async function registerSubjects(tx: Tx, node: Node, userIds: readonly string[]): Promise<Map<string, Subject>> {
  const tenant = tenantOf(tx)
  checkBatch(userIds)
  const distinct = [...new Set(userIds)]
  const hashes = await outsideIds(node, tenant, distinct)
  const found = new Map<string, Subject>()
  const look = async (wanted: readonly Uint8Array[]) => {
    if (wanted.length === 0) return
    for (const row of await findByOutsideIds(tx, wanted)) found.set(toHex(row.outside_id), subjectOf(row))
  }

  await look(hashes)
  const missing = hashes.filter((hash) => !found.has(toHex(hash))).sort(Buffer.compare)
  if (missing.length > 0) {
    await insertNew(tx, node, tenant, missing)
    // Read back rather than trusted: another transaction may have registered the same person a moment earlier.
    await look(missing)
  }

  const subjects = new Map<string, Subject>()
  distinct.forEach((userId, index) => {
    const subject = found.get(toHex(hashes[index] ?? new Uint8Array()))
    if (subject === undefined) throw new Error('a person was registered but cannot be read back')
    subjects.set(userId, subject)
  })
  return subjects
}

async function insertNew(tx: Tx, node: Node, tenant: Id<'tenant'>, hashes: readonly Uint8Array[]): Promise<void> {
  const kek = await node.keys.kek(tenant)
  const moment = momentOf(node.source)
  const rows = hashes.map((outsideId) => {
    const subjectId = moment.newId<'subject'>()
    return { subjectId, outsideId, ...newCommitment(node.keys.primitives, kek.key, tenant, subjectId) }
  })
  await insertSubjects(tx, rows, kek.version, moment.now)
}

/**
 * Destroys the key of the person's commitment. The row stays, so that a later import meets "erased" and not a new person.
 * @returns false when there is no such person, or it was erased before
 */
export async function eraseSubject(tx: Tx, id: Id<'subject'>): Promise<boolean> {
  tenantOf(tx)
  return markErased(tx, id)
}

/** Hides the person, or shows them again. @returns false when there was nothing to change */
export async function moveSubject(tx: Tx, id: Id<'subject'>, to: 'active' | 'archived'): Promise<boolean> {
  tenantOf(tx)
  return setStatus(tx, id, to)
}

/** The key that shows which log entries are about the person; `undefined` once erased. For evidence, never for display. */
export async function commitmentKey(tx: Tx, node: Node, id: Id<'subject'>): Promise<Uint8Array | undefined> {
  const tenant = tenantOf(tx)
  const row = await findCommitmentKey(tx, id)
  if (row === undefined || row.commitment_key === null || row.kek_version === null) return undefined
  const kek = await node.keys.kekVersion(tenant, row.kek_version)
  const key = openCommitmentKey(node.keys.primitives, kek.key, tenant, id, row.commitment_key)
  if (key === undefined) throw new Error(`the commitment key of subject ${id} does not open: its row was changed or moved`)
  return key
}
