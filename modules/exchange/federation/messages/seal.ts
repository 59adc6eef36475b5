/**
 * A message is signed by its sender (JWS, EdDSA) and then sealed to its receiver (JWE, ECDH-ES on X25519 with A256GCM). Id, sender and receiver
 * stand in the protected header, too, so that a mailbox can deliver it and cannot give it another name.
 */
import { CompactEncrypt, CompactSign, calculateJwkThumbprint, compactDecrypt, compactVerify, decodeProtectedHeader, importJWK } from 'jose'
import type { Card } from '../../coordinator/index.ts'
import type { NodeKeys } from '../identity/keys.ts'
import { type Message, messageSchema, messageVersion } from './message.ts'

const sealing = { alg: 'ECDH-ES', enc: 'A256GCM' } as const
const utf8 = new TextEncoder()
const text = new TextDecoder()

export async function sealMessage(message: Message, keys: NodeKeys, to: Pick<Card, 'sealing'>): Promise<string> {
  const signed = await new CompactSign(utf8.encode(JSON.stringify(message)))
    .setProtectedHeader({ alg: 'EdDSA', typ: 'gatehouse-message', kid: await calculateJwkThumbprint(keys.signing.jwk) })
    .sign(keys.signing.key)
  const { id, from, to: name } = message
  return sealTo(to.sealing, utf8.encode(signed), { typ: 'gatehouse-sealed-message', v: messageVersion, id, from, to: name })
}

/** Bytes that one node alone opens. What they are for stands in the header, and is held against it on opening. */
export async function sealTo(jwk: Card['sealing'], bytes: Uint8Array, bound: Readonly<Record<string, string | number>>): Promise<string> {
  const header = { ...sealing, ...bound, kid: await calculateJwkThumbprint(jwk) }
  return new CompactEncrypt(bytes).setProtectedHeader(header).encrypt(await importJWK(jwk, sealing.alg))
}

/** @returns `undefined` for what is sealed to another key, changed, or bound to something else */
export async function openBound(sealed: string, keys: readonly NodeKeys[], bound: Readonly<Record<string, string | number>>): Promise<Uint8Array | undefined> {
  const header = headerOf(sealed)
  if (header === undefined || Object.entries(bound).some(([name, value]) => header[name] !== value)) return undefined
  for (const { sealing: own } of keys) {
    if ((await calculateJwkThumbprint(own.jwk)) !== header.kid) continue
    try {
      const { plaintext } = await compactDecrypt(sealed, own.key, {
        keyManagementAlgorithms: [sealing.alg],
        contentEncryptionAlgorithms: [sealing.enc],
      })
      return plaintext
    } catch {
      return undefined
    }
  }
  return undefined
}

/** What is wrong with something that a mailbox gave out as a message. None of these is told to whoever sent it: it may not have. */
export const faults = ['unknown_peer', 'version_unknown', 'relabelled', 'sealed_to_another', 'does_not_open', 'not_signed_by_peer', 'malformed'] as const
export type Fault = (typeof faults)[number]

export type Opened = { readonly message: Message } | { readonly fault: Exclude<Fault, 'unknown_peer'> }

export interface Envelope {
  readonly id: string
  readonly from: string
  readonly sealed: string
}

/**
 * @param own the name of this node, and its keys, newest first
 * @param signers the pinned keys of the sender
 */
export async function openMessage(
  envelope: Envelope,
  own: { readonly name: string; readonly keys: readonly NodeKeys[] },
  signers: readonly Card['signing'][],
): Promise<Opened> {
  const header = headerOf(envelope.sealed)
  if (header === undefined || header.typ !== 'gatehouse-sealed-message') return { fault: 'malformed' }
  if (header.v !== messageVersion) return { fault: 'version_unknown' }
  if (header.to !== own.name) return { fault: 'sealed_to_another' }
  if (header.from !== envelope.from || header.id !== envelope.id) return { fault: 'relabelled' }
  const thumbprints = await Promise.all(own.keys.map(({ sealing: { jwk } }) => calculateJwkThumbprint(jwk)))
  if (!thumbprints.includes(String(header.kid))) return { fault: 'sealed_to_another' }
  const signed = await openBound(envelope.sealed, own.keys, { to: own.name })
  if (signed === undefined) return { fault: 'does_not_open' }
  const payload = await verified(text.decode(signed), signers)
  if (payload === undefined) return { fault: 'not_signed_by_peer' }
  const message = messageSchema.safeParse(payload)
  if (!message.success) return { fault: 'malformed' }
  const { id, from, to } = message.data
  // Whoever was sent a message could seal it on to somebody else, under another name.
  return id === envelope.id && from === envelope.from && to === own.name ? { message: message.data } : { fault: 'relabelled' }
}

async function verified(jws: string, signers: readonly Card['signing'][]): Promise<unknown> {
  for (const jwk of signers) {
    try {
      const { payload, protectedHeader } = await compactVerify(jws, await importJWK(jwk, 'EdDSA'), { algorithms: ['EdDSA'] })
      if (protectedHeader.typ === 'gatehouse-message') return JSON.parse(text.decode(payload))
    } catch {
      // Another of the keys may be the one.
    }
  }
  return undefined
}

function headerOf(sealed: string): Record<string, unknown> | undefined {
  try {
    return { ...decodeProtectedHeader(sealed) }
  } catch {
    return undefined
  }
}
