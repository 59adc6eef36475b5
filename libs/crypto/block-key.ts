/**
 * The sealed content of one vault block. Each block has a key of its own, derived from the subject's data key (DEK) and the
 * block's id, so a nonce cannot meet its like under one key. AES-GCM does not commit to its key (one ciphertext can be made to
 * open under two keys), so a commitment travels along and is compared before anything is decrypted.
 *
 * Bytes: 0x01 ‖ dek_version u32 ‖ commitment 32 ‖ nonce 12 ‖ ciphertext ‖ tag 16, as base64url.
 */
import { nonceLength, tagLength } from './aead.ts'
import { fromBase64url, lengthPrefixed, readU32, toBase64url } from './bytes.ts'
import type { Domain } from './domain.ts'
import { derive } from './kdf.ts'
import type { Primitives } from './primitives.ts'

const blockKeyDomain: Domain = 'gatehouse/vault/block/v1'
const formatVersion = 0x01
const keyLength = 32
const blockIdLength = 16
const commitmentAt = 5
const nonceAt = commitmentAt + 32
const ciphertextAt = nonceAt + nonceLength

/** Plaintexts are padded to whole steps, so that a length tells little of the content. */
export const paddingStep = 256
const paddingMark = 0x80

/** What a block is bound to: purpose, tenant, block, subject, record type, predecessor, time. The order counts. */
export type BlockContext = readonly (string | Uint8Array)[]

export interface BlockKey {
  readonly key: Uint8Array
  readonly commitment: Uint8Array
}

export interface SealedBlock {
  /** The text for the block's `encrypted_data`. */
  readonly encryptedData: string
  /** The bytes behind the text; the block's `data_hash` is their SHA-256. */
  readonly bytes: Uint8Array
}

/** Why a block stays shut. `commitment`: another key than it was sealed with. `tag`: content or context was changed. */
export type BlockRefusal = 'malformed' | 'commitment' | 'tag' | 'padding'

export type OpenedBlock = { readonly outcome: 'opened'; readonly plaintext: Uint8Array } | { readonly outcome: 'refused'; readonly reason: BlockRefusal }

/**
 * HKDF-SHA256(DEK, salt = block id, 64 bytes), split into key and commitment.
 * @param blockId the 16 bytes of the block's UUID
 */
export function deriveBlockKey(primitives: Primitives, dek: Uint8Array, blockId: Uint8Array): BlockKey {
  if (dek.length !== keyLength) throw new RangeError(`a data key has ${keyLength} bytes, got ${dek.length}`)
  if (blockId.length !== blockIdLength) throw new RangeError(`a block id has ${blockIdLength} bytes, got ${blockId.length}`)
  const derived = derive(primitives, dek, blockId, blockKeyDomain, keyLength + 32)
  return { key: derived.subarray(0, keyLength), commitment: derived.subarray(keyLength) }
}

/** @param dekVersion 0 to 2^32 - 1; says which of the subject's keys opens the block */
export function sealBlock(primitives: Primitives, blockKey: BlockKey, dekVersion: number, plaintext: Uint8Array, context: BlockContext): SealedBlock {
  if (!Number.isInteger(dekVersion) || dekVersion < 0 || dekVersion > 0xffff_ffff)
    throw new RangeError(`a DEK version is an unsigned 32-bit number, got ${dekVersion}`)
  const nonce = primitives.randomBytes(nonceLength)
  const [ciphertext, tag] = primitives.aesGcmSeal(blockKey.key, nonce, pad(plaintext), lengthPrefixed(context))
  const bytes = new Uint8Array(ciphertextAt + ciphertext.length + tag.length)
  bytes[0] = formatVersion
  new DataView(bytes.buffer).setUint32(1, dekVersion)
  bytes.set(blockKey.commitment, commitmentAt)
  bytes.set(nonce, nonceAt)
  bytes.set(ciphertext, ciphertextAt)
  bytes.set(tag, ciphertextAt + ciphertext.length)
  return { encryptedData: toBase64url(bytes), bytes }
}

/** The bytes behind `encrypted_data`, or `undefined` where the text, version or length is not one that `sealBlock` writes. */
export function parseEncryptedData(encryptedData: string): Uint8Array | undefined {
  const bytes = fromBase64url(encryptedData)
  if (bytes === undefined || bytes[0] !== formatVersion) return undefined
  const padded = bytes.length - ciphertextAt - tagLength
  return padded >= paddingStep && padded % paddingStep === 0 ? bytes : undefined
}

/** Which DEK the block asks for; a hint until `openBlock` has checked the commitment. */
export function dekVersionOf(bytes: Uint8Array): number {
  return readU32(bytes, 1)
}

/** @param bytes what `parseEncryptedData` gave */
export function openBlock(primitives: Primitives, blockKey: BlockKey, bytes: Uint8Array, context: BlockContext): OpenedBlock {
  if (bytes[0] !== formatVersion || bytes.length < ciphertextAt + paddingStep + tagLength) return refused('malformed')
  if (!primitives.equal(bytes.subarray(commitmentAt, nonceAt), blockKey.commitment)) return refused('commitment')
  const padded = primitives.aesGcmOpen(blockKey.key, bytes.subarray(nonceAt, ciphertextAt), bytes.subarray(ciphertextAt), lengthPrefixed(context))
  if (padded === undefined) return refused('tag')
  const plaintext = unpad(padded)
  return plaintext === undefined ? refused('padding') : { outcome: 'opened', plaintext }
}

function refused(reason: BlockRefusal): OpenedBlock {
  return { outcome: 'refused', reason }
}

/** ISO/IEC 7816-4 padding: 0x80, then zeros. At least one byte is always added, so taking it off is never a guess. */
function pad(plaintext: Uint8Array): Uint8Array {
  const padded = new Uint8Array((Math.floor(plaintext.length / paddingStep) + 1) * paddingStep)
  padded.set(plaintext)
  padded[plaintext.length] = paddingMark
  return padded
}

function unpad(padded: Uint8Array): Uint8Array | undefined {
  const end = padded.findLastIndex((byte) => byte !== 0)
  return padded[end] === paddingMark && padded.length - end <= paddingStep ? padded.subarray(0, end) : undefined
}
