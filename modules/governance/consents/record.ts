import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ActContext } from '@gatehouse/runtime/door/operation'
import type { Subject } from '../../subjects/index.ts'
import { type ConsentDocument, consentDigest, contentHash, documentOf, fresh, type KeptConsent, saltBytes } from './document.ts'
import type { GivenBy, Terms } from './schema.ts'
import { insertConsents, supersedeConsent } from './store.ts'

/** Guardians, and of whom. */
export interface OnBehalf {
  readonly givenBy: GivenBy
  /** The date of birth, where the guardians' power ends with the person's coming of age. */
  readonly born: string | null
}

export interface Giving {
  readonly onBehalf?: OnBehalf | undefined
  readonly subject: Subject
  readonly terms: Terms
  /** The consent whose place it takes, and the first version of both. */
  readonly before?: { readonly document: ConsentDocument; readonly chain: Id<'consent'> }
}

export interface Recorded {
  readonly subject: Subject
  readonly consent: KeptConsent
}

/** Keeps the consents that are new; what is recorded already and not withdrawn is left as it is and not among the answer. */
export async function recordConsents(ctx: ActContext, tx: Tx, given: readonly Giving[]): Promise<Recorded[]> {
  const { primitives } = ctx.node.keys
  const key = await ctx.node.keys.secret(ctx.tenant, 'consents/content')
  const made = given.map(({ subject, terms, before, onBehalf }) => {
    const document = documentOf(terms, {
      id: ctx.newId<'consent'>(),
      subject: subject.id,
      now: ctx.now,
      salt: ctx.randomBytes(saltBytes),
      before: before?.document,
      givenBy: onBehalf?.givenBy,
    })
    const content = contentHash(primitives, key, subject.id, terms)
    return {
      subject,
      before,
      row: { document, digest: consentDigest(primitives, document), content, chain: before?.chain ?? null, born: onBehalf?.born ?? null },
    }
  })
  if (made.length === 0) return []
  // First the old ones end: the next version may say the very same.
  for (const { subject, row, before } of made) if (before !== undefined) await supersedeConsent(tx, subject.id, before.document.id, row.document.id, ctx.now)
  const kept = await insertConsents(
    tx,
    made.map(({ row }) => row),
  )
  return made
    .filter(({ row }) => kept.has(row.document.id))
    .map(({ subject, row }) => ({ subject, consent: { document: row.document, digest: row.digest, born: row.born, ...fresh } }))
}
