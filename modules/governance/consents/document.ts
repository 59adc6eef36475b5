/** A consent as a document that is never changed, and what is derived from it. Pure. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { toBase64url, toHex, utf8 } from '@gatehouse/crypto/bytes'
import { commitment } from '@gatehouse/crypto/hmac'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { ComingOfAge } from './guardians/coming-of-age.ts'
import type { ConsentView, GivenBy, Terms } from './schema.ts'
import type { consentLife } from './states.ts'

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
  /** The members that follow are missing from documents of before there were versions. */
  readonly controller?: string | null
  readonly processing?: Terms['processing'] | null
  readonly version?: number
  readonly supersedes?: Id<'consent'> | null
  readonly offer?: Id<'consent_offer'> | null
  /** Null where the person agreed. */
  readonly given_by?: GivenBy | null
  readonly given_at: Instant
  /** base64url. Without it a digest could be tried against every likely consent. */
  readonly salt: string
}

interface Made {
  readonly id: Id<'consent'>
  readonly subject: Id<'subject'>
  readonly now: Instant
  readonly salt: Uint8Array
  /** The consent whose place this one takes. */
  readonly before?: ConsentDocument | undefined
  readonly givenBy?: GivenBy | undefined
}

export function documentOf(terms: Terms, more: Made): ConsentDocument {
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
    controller: terms.controller ?? null,
    processing: terms.processing ?? null,
    version: versionOf(more.before) + 1,
    supersedes: more.before?.id ?? null,
    offer: terms.offer ?? null,
    given_by: more.givenBy ?? null,
    given_at: more.now,
    salt: toBase64url(more.salt),
  }
}

/** 0 for none. */
export const versionOf = (document: ConsentDocument | undefined): number => (document === undefined ? 0 : (document.version ?? 1))

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
  readonly superseded_at: Instant | null
  readonly superseded_by: Id<'consent'> | null
  /** The date of birth of whom a guardian agreed for by parental responsibility. */
  readonly born: string | null
  /** When the person, being of age, confirmed it. */
  readonly confirmed_at: Instant | null
}

/** As one is kept that was just given. */
export const fresh = { withdrawn_at: null, superseded_at: null, superseded_by: null, confirmed_at: null } as const

export function viewOf(kept: KeptConsent, now: Instant, age: ComingOfAge): ConsentView {
  const { document, digest } = kept
  const { subject: _, salt: __, purposes, recipients, data_classes, controller = null, processing = null, offer = null, ...rest } = document
  return {
    ...rest,
    controller,
    processing,
    offer,
    ...versionView(kept),
    ...behalfView(kept, now, age),
    purposes: [...purposes],
    recipients: [...recipients],
    data_classes: [...data_classes],
    state: stateOf(kept, now, age),
    withdrawn_at: kept.withdrawn_at,
    digest,
  }
}

export function versionView({ document, superseded_by, superseded_at }: KeptConsent) {
  return { version: versionOf(document), supersedes: document.supersedes ?? null, superseded_by, superseded_at }
}

export function behalfView(kept: KeptConsent, now: Instant, age: ComingOfAge) {
  const by = kept.document.given_by ?? null
  return {
    given_by: by === null ? null : { capacity: by.capacity, guardianships: [...by.guardianships] },
    to_confirm: isToConfirm(kept, now, age),
    confirmed_at: kept.confirmed_at,
  }
}

/** A guardian agreed, the person is of age by now, and it still stands. */
export function isToConfirm(kept: KeptConsent, now: Instant, age: ComingOfAge): boolean {
  return kept.born !== null && kept.confirmed_at === null && age.reached(kept.born, now) && lifeOf(kept, now, age) === 'given'
}

/** What a guardian agreed to has an end of its own: the institution's time for the person to confirm it is over. */
export function isLapsed({ born, confirmed_at }: Pick<KeptConsent, 'born' | 'confirmed_at'>, at: Instant, age: ComingOfAge): boolean {
  return born !== null && confirmed_at === null && age.lapsed(born, at)
}

type Standing = Pick<KeptConsent, 'document' | 'withdrawn_at' | 'superseded_by' | 'born' | 'confirmed_at'>

/** Where the consent is in its life. Instants of one form sort as text, so they are compared as text. */
export function lifeOf(consent: Standing, now: Instant, age: ComingOfAge): typeof consentLife.initial {
  const { document, withdrawn_at, superseded_by } = consent
  if (superseded_by !== null) return 'superseded'
  if (withdrawn_at !== null) return 'withdrawn'
  if (isLapsed(consent, now, age)) return 'expired'
  return document.until !== null && now >= document.until ? 'expired' : 'given'
}

/** The same in the words of whoever reads: one that was given is in force from its beginning. */
export function stateOf(consent: Standing, now: Instant, age: ComingOfAge): ConsentView['state'] {
  const state = lifeOf(consent, now, age)
  if (state !== 'given') return state
  return now < consent.document.from ? 'not_yet' : 'in_force'
}
