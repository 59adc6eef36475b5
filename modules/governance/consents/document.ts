/** A consent as a document that is never changed, and what is derived from it. Pure. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { toBase64url, toHex, utf8 } from '@gatehouse/crypto/bytes'
import { commitment } from '@gatehouse/crypto/hmac'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { ConsentView, Terms } from './schema.ts'

/** Bytes of randomness in each document. */
export const saltBytes = 16

/** What the digest is taken of. It names its person, so it proves nothing about another one. */
export interface ConsentDocument {
  readonly id: Id<'consent'>
  readonly subject: Id<'subject'>
  readonly purposes: readonly string[]
  readonly recipients: readonly string[]
  readonly data_classes: readonly string[]
  readonly from: Instant
  readonly until: Instant | null
  readonly method: Terms['method']
  readonly evidence_reference: string | null
  readonly notice_version: string | null
  readonly language: string | null
  readonly given_at: Instant
  /** base64url. Without it a digest could be tried against every likely consent. */
  readonly salt: string
}

export function documentOf(terms: Terms, more: { id: Id<'consent'>; subject: Id<'subject'>; now: Instant; salt: Uint8Array }): ConsentDocument {
  return {
    id: more.id,
    subject: more.subject,
    purposes: terms.purposes,
    recipients: terms.recipients,
    data_classes: terms.data_classes,
    from: terms.from ?? more.now,
    until: terms.until ?? null,
    method: terms.method,
    evidence_reference: terms.evidence_reference ?? null,
    notice_version: terms.notice_version ?? null,
    language: terms.language ?? null,
    given_at: more.now,
    salt: toBase64url(more.salt),
  }
}

/** Hex SHA-256 of the canonical JSON (RFC 8785). */
export function consentDigest(primitives: Primitives, document: ConsentDocument): string {
  return toHex(primitives.sha256(utf8(canonicalJson(document))))
}

/** The same for the same terms of the same person, whatever the order they are named in: what a repeated import is recognised by. */
export function contentHash(primitives: Primitives, key: Uint8Array, subject: Id<'subject'>, terms: Terms): string {
  const { purposes, recipients, data_classes, ...rest } = terms
  const content = { ...rest, subject, purposes: purposes.toSorted(), recipients: recipients.toSorted(), data_classes: data_classes.toSorted() }
  return toHex(commitment(primitives, key, 'gatehouse/consents/content/v1', canonicalJson(content)))
}

export interface KeptConsent {
  readonly document: ConsentDocument
  readonly digest: string
  readonly withdrawn_at: Instant | null
}

export function viewOf({ document, digest, withdrawn_at }: KeptConsent, now: Instant): ConsentView {
  const { subject: _, salt: __, purposes, recipients, data_classes, ...rest } = document
  return {
    ...rest,
    purposes: [...purposes],
    recipients: [...recipients],
    data_classes: [...data_classes],
    state: stateOf({ document, withdrawn_at }, now),
    withdrawn_at,
    digest,
  }
}

/** Instants of one form sort as text, so they are compared as text. */
export function stateOf({ document, withdrawn_at }: Pick<KeptConsent, 'document' | 'withdrawn_at'>, now: Instant): ConsentView['state'] {
  if (withdrawn_at !== null) return 'withdrawn'
  if (now < document.from) return 'not_yet'
  return document.until !== null && now >= document.until ? 'expired' : 'in_force'
}
