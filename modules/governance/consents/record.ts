import type { Tx } from '@gatehouse/runtime/data/db'
import type { ActContext } from '@gatehouse/runtime/door/operation'
import type { Subject } from '../../subjects/index.ts'
import { consentDigest, contentHash, documentOf, type KeptConsent, saltBytes } from './document.ts'
import type { Terms } from './schema.ts'
import { insertConsents } from './store.ts'

export interface Recorded {
  readonly subject: Subject
  readonly consent: KeptConsent
}

/** Keeps the consents that are new; what is recorded already and not withdrawn is left as it is and not among the answer. */
export async function recordConsents(ctx: ActContext, tx: Tx, given: readonly { subject: Subject; terms: Terms }[]): Promise<Recorded[]> {
  const { primitives } = ctx.node.keys
  const key = await ctx.node.keys.secret(ctx.tenant, 'consents/content')
  const made = given.map(({ subject, terms }) => {
    const document = documentOf(terms, { id: ctx.newId<'consent'>(), subject: subject.id, now: ctx.now, salt: ctx.randomBytes(saltBytes) })
    return { subject, row: { document, digest: consentDigest(primitives, document), content: contentHash(primitives, key, subject.id, terms) } }
  })
  if (made.length === 0) return []
  const kept = await insertConsents(
    tx,
    made.map(({ row }) => row),
  )
  return made
    .filter(({ row }) => kept.has(row.document.id))
    .map(({ subject, row }) => ({ subject, consent: { document: row.document, digest: row.digest, withdrawn_at: null } }))
}
