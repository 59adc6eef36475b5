/**
 * The card of a node: who it is, by which keys, and where it is reached. It is signed by the key that it names, and a card with changed keys
 * by the keys before it, too (a JSON Web Signature with several signatures, RFC 7515 section 7.2.1).
 */
import { createHash } from 'node:crypto'
import { instantSchema } from '@gatehouse/core/schema'
import { calculateJwkThumbprint, decodeProtectedHeader, type GeneralJWS, GeneralSign, generalVerify, importJWK, type JWK } from 'jose'
import { z } from 'zod'

export const cardLimits = { cardCharacters: 8_192, titleCharacters: 200, versions: 10 } as const
/** Of the messages between nodes. A node speaks its own and the one before. */
export const protocolVersions: readonly number[] = [1]

export const nodeNameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a node is named with a-z, 0-9 and "-", at most 63')
const line = z
  .string()
  .trim()
  .min(1)
  .max(cardLimits.titleCharacters)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'one line of text')
const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/, '32 bytes in base64url')
export const signingJwkSchema = z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: coordinate })
export const sealingJwkSchema = z.strictObject({ kty: z.literal('OKP'), crv: z.literal('X25519'), x: coordinate })
/** Where messages are left for a node, and where it takes them: the origin of a coordinator, or of a node that keeps a mailbox itself. */
export const mailboxSchema = z
  .url({ protocol: /^https?$/ })
  .max(300)
  .refine((text) => URL.canParse(text) && new URL(text).origin === text, 'an origin such as https://coordinator.example.org')

export const cardSchema = z.strictObject({
  name: nodeNameSchema,
  title: line,
  /** Grows by one with each change of keys. */
  generation: z.int().min(1).max(1_000_000),
  signing: signingJwkSchema,
  sealing: sealingJwkSchema,
  versions: z.array(z.int().min(1)).min(1).max(cardLimits.versions),
  mailbox: mailboxSchema.nullable(),
  valid_from: instantSchema,
})
export type Card = z.output<typeof cardSchema>

const signaturesMax = 2
const sealedSchema = z.strictObject({
  payload: z.string(),
  signatures: z
    .array(z.strictObject({ protected: z.string(), signature: z.string() }))
    .min(1)
    .max(signaturesMax),
})

export const cardTextSchema = z.string().max(cardLimits.cardCharacters).describe('A card as its node signed it')

export interface ReadCard {
  readonly card: Card
  /** SHA-256 over both keys in hex: what two people read to each other. */
  readonly fingerprint: string
  /** RFC 7638 thumbprints of the keys whose signatures were looked at and hold. */
  readonly signedBy: readonly string[]
}

export type Endorser = { readonly key: Parameters<GeneralSign['addSignature']>[0]; readonly jwk: JWK }

/** @param endorsers the key that the card names, and the one before it where there is one */
export async function signCard(card: Card, endorsers: readonly Endorser[]): Promise<string> {
  const sign = new GeneralSign(new TextEncoder().encode(JSON.stringify(card)))
  for (const { key, jwk } of endorsers)
    sign.addSignature(key).setProtectedHeader({ alg: 'EdDSA', typ: 'gatehouse-card', kid: await calculateJwkThumbprint(jwk) })
  return JSON.stringify(await sign.sign())
}

export function fingerprintOf({ signing, sealing }: Pick<Card, 'signing' | 'sealing'>): string {
  return createHash('sha256').update(`gatehouse-node\n${signing.x}\n${sealing.x}`).digest('hex')
}

/**
 * @param before the key that was known before; its signature is looked at where there is one
 * @returns `undefined` for what is no card, or not signed by the key that it names
 */
export async function readCard(text: string, before?: Card['signing']): Promise<ReadCard | undefined> {
  if (text.length > cardLimits.cardCharacters) return undefined
  const sealed = sealedSchema.safeParse(jsonOf(text))
  if (!sealed.success) return undefined
  const card = cardSchema.safeParse(jsonOf(Buffer.from(sealed.data.payload, 'base64url').toString()))
  if (!card.success) return undefined
  const own = await signedWith(sealed.data, card.data.signing)
  if (own === undefined) return undefined
  const earlier = before === undefined ? undefined : await signedWith(sealed.data, before)
  return { card: card.data, fingerprint: fingerprintOf(card.data), signedBy: earlier === undefined ? [own] : [own, earlier] }
}

/** @returns the thumbprint of the key, where one of the signatures is its */
async function signedWith(sealed: z.output<typeof sealedSchema>, jwk: Card['signing']): Promise<string | undefined> {
  const thumbprint = await calculateJwkThumbprint(jwk)
  const signature = sealed.signatures.find((one) => kidOf(one.protected) === thumbprint)
  if (signature === undefined) return undefined
  try {
    await generalVerify({ payload: sealed.payload, signatures: [signature] } satisfies GeneralJWS, await importJWK(jwk, 'EdDSA'), { algorithms: ['EdDSA'] })
    return thumbprint
  } catch {
    return undefined
  }
}

function kidOf(header: string): string | undefined {
  try {
    const { kid, typ } = decodeProtectedHeader({ protected: header })
    return typ === 'gatehouse-card' ? kid : undefined
  } catch {
    return undefined
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether a card may take the place of an earlier one of the same node: newer, and signed by the key that was known. */
export async function follows(next: ReadCard, earlier: Card): Promise<boolean> {
  if (next.card.name !== earlier.name || next.card.generation < earlier.generation) return false
  const before = await calculateJwkThumbprint(earlier.signing)
  if (!next.signedBy.includes(before)) return false
  return next.card.generation > earlier.generation || next.fingerprint === fingerprintOf(earlier)
}
