/**
 * What a mask is: a kind with parameters, what it promises, and a function of one value. Masks are pure, so a preview shows
 * exactly what a release will give.
 */
import type { Primitives } from '@gatehouse/crypto/primitives'
import { utf8ToBytes } from '@noble/ciphers/utils.js'
import type { z } from 'zod'

export type MaskValue = string | number | boolean | null

export const fieldTypes = ['string', 'integer', 'number', 'boolean', 'date', 'instant'] as const
export type FieldType = (typeof fieldTypes)[number]

/** True always, never, or for the values of one person only. */
export type Kept = boolean | 'within_subject'

export interface MaskProperties {
  /** Whoever holds the keys (and for small domains the table) can get the value back. */
  readonly reversible: boolean
  /** The same value gives the same output for the same partner (and, for a date shift, the same person). */
  readonly deterministic: boolean
  /** The output has the form of the input: a number stays a number, a date a date, an address an address. */
  readonly keepsFormat: boolean
  /** Two outputs are equal exactly when the two values are, so that they can be joined and counted. */
  readonly keepsEquality: Kept
  /** A smaller value never gives a larger output. */
  readonly keepsOrder: Kept
}

export interface MaskContext {
  readonly primitives: Primitives
  /** 32 bytes, derived for one partner by the caller: two partners cannot join what they were given. */
  readonly partnerKey: Uint8Array
  /** 32 bytes of one person: the date shift depends on it. */
  readonly subjectKey: Uint8Array
  /** The token of a value too small to encrypt, from the table that `requiredTableTokens` had filled. */
  readonly tableToken?: (domain: string, value: string) => string | undefined
}

export interface MaskPlace {
  readonly field: string
  readonly context: MaskContext
}

/** What became of a value. A fault means the mask cannot treat it; the caller then gives nothing instead. */
export type MaskOutcome = { readonly value: MaskValue } | { readonly drop: true } | { readonly fault: string }

export interface Mask<Spec extends { readonly mask: string } = { readonly mask: string }> {
  readonly kind: Spec['mask']
  readonly title: string
  readonly schema: z.ZodType<Spec>
  readonly appliesTo: (spec: Spec) => readonly FieldType[]
  readonly declares: (spec: Spec) => MaskProperties
  /** `null` reaches only masks that treat it; see `apply.ts`. */
  readonly apply: (value: Exclude<MaskValue, null>, spec: Spec, place: MaskPlace) => MaskOutcome
  /** Undoes `apply`, where `declares` says it can; `undefined` for what this mask never gave. */
  readonly reverse?: (masked: MaskValue, spec: Spec, place: MaskPlace) => MaskValue | undefined
}

/** Properties of a mask whose output tells nothing of the value. */
export const blank: MaskProperties = { reversible: false, deterministic: true, keepsFormat: false, keepsEquality: false, keepsOrder: false }

/** A key for one use under the partner's key (HKDF, RFC 5869); the label keeps uses apart. */
export function derivedKey({ primitives, partnerKey }: MaskContext, use: string, length: number): Uint8Array {
  return primitives.hkdfSha256(partnerKey, new Uint8Array(), utf8ToBytes(`gatehouse/mask/${use}/v1`), length)
}
