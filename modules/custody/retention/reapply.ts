/** A restored backup knows persons who were erased since. The head store, which no backup brings back, tells who they are. */
import { parseId } from '@gatehouse/core/id'
import { instantSchema } from '@gatehouse/core/schema'
import { fromHex, utf8Text } from '@gatehouse/crypto/bytes'
import type { Node } from '@gatehouse/runtime/door/node'
import { z } from 'zod'
import { personById } from '../../subjects/index.ts'
import { advance } from './carry-out.ts'
import { reapplyInstitutions } from './institution/carry-out.ts'
import { groundSchema } from './schema.ts'
import { erasureOf, insertErasure, moveErasure } from './store.ts'

const recordSchema = z.object({
  erasure: z.string(),
  commitment: z.string(),
  ground: groundSchema,
  requested_at: instantSchema,
  approved_at: instantSchema.nullable(),
})

export interface Reapplied {
  /** Institutions of which the database still had rows. */
  readonly institutions: number
  /** Persons whom the database still knew and who were erased again. */
  readonly erased: number
  /** Persons who are erased in it already, or whom it does not know. */
  readonly passed: number
}

/**
 * Erases every person again whom the head store names, before anybody may enter: called once after a restore, while no door is
 * open. It may be repeated. Certificates follow when the sequencer runs again.
 */
export async function reapplyErasures(node: Node): Promise<Reapplied> {
  const institutions = await reapplyInstitutions(node)
  let [erased, passed] = [0, 0]
  for (const name of await node.heads.list('erasures/')) {
    if (await reapply(node, name)) erased++
    else passed++
  }
  return { institutions, erased, passed }
}

async function reapply(node: Node, name: string): Promise<boolean> {
  const [, tenantText = '', subjectText = ''] = name.split('/')
  const [tenant, subject] = [parseId<'tenant'>(tenantText), parseId<'subject'>(subjectText)]
  const head = await node.heads.read(name)
  if (tenant === undefined || subject === undefined || head === undefined)
    throw new Error(`the head store names an erasure in a form that is not known: ${name}`)
  const record = recordSchema.parse(JSON.parse(utf8Text(head.value) ?? ''))
  const [id, commitment] = [parseId<'erasure'>(record.erasure), fromHex(record.commitment)]
  if (id === undefined || commitment === undefined) throw new Error(`the head store's record of ${name} cannot be read`)

  const begun = await node.database.transaction(tenant, async (tx) => {
    const person = await personById(tx, subject)
    const before = await erasureOf(tx, subject)
    if (person === undefined || (person.status === 'erased' && (before?.state === 'certified' || before?.state === 'purged'))) return undefined
    if (before !== undefined) {
      // It was asked for, or approved, when the backup was made; that it was carried out is what the head store tells.
      if (before.state !== 'purged' && before.state !== 'certified')
        await moveErasure(tx, before, { state: 'destroying', approvedAt: record.approved_at ?? record.requested_at })
      return before.id
    }
    await insertErasure(tx, {
      id,
      subject,
      commitment,
      state: 'destroying',
      ground: record.ground,
      reference: undefined,
      requestedBy: 'restore',
      requestedAt: record.requested_at,
      approvedAt: record.approved_at ?? record.requested_at,
    })
    return id
  })
  if (begun === undefined) return false
  // The first step destroys. What follows waits for nobody here, and for the sequencer when it comes to the certificate.
  await advance(node, tenant, begun)
  return true
}
