/**
 * The block of the vault: sealed content, its hash, its place in the person's chain, and a signature over all of it.
 *
 *   data_hash      = SHA-256(sealed bytes)                        ciphertext, so that it says nothing of the content
 *   signature      = Ed25519("gatehouse/vault/block/v1\n" ‖ JCS(block without signature))
 *   previous_hash  = SHA-256(JCS(whole block before))             genesis: 32 zero bytes
 */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import type { Id } from '@gatehouse/core/id'
import { idBytes } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { type BlockContext, type BlockKey, deriveBlockKey, type OpenedBlock, openBlock, sealBlock } from '@gatehouse/crypto/block-key'
import { toBase64, toBase64url, toHex, utf8 } from '@gatehouse/crypto/bytes'
import type { Domain } from '@gatehouse/crypto/domain'
import type { Primitives, Signer, Verify } from '@gatehouse/crypto/primitives'
import { signIn, verifyIn } from '@gatehouse/crypto/signature'

export const blockDomain: Domain = 'gatehouse/vault/block/v1'
export const genesisHash: Uint8Array = new Uint8Array(32)

/** A block as its row holds it: raw bytes. */
export interface StoredBlock {
  readonly subject_id: Id<'subject'>
  readonly block_id: Id<'block'>
  readonly sequence: number
  readonly encrypted_data: Uint8Array
  readonly data_hash: Uint8Array
  readonly previous_hash: Uint8Array
  readonly block_hash: Uint8Array
  readonly at: Instant
  readonly signature: Uint8Array
}

/** A block as it is signed, hashed and handed out. */
export interface Block {
  readonly block_id: Id<'block'>
  readonly user_id: Id<'subject'>
  readonly encrypted_data: string
  readonly data_hash: string
  readonly previous_hash: string
  readonly timestamp: Instant
  readonly signature: string
}

/** Where a new block goes. */
export interface BlockPlace {
  readonly tenant: Id<'tenant'>
  readonly subject: Id<'subject'>
  readonly block: Id<'block'>
  readonly recordType: string
  readonly sequence: number
  readonly previousHash: Uint8Array
  readonly at: Instant
}

export interface DataKey {
  readonly version: number
  readonly key: Uint8Array
}

/** What the ciphertext is bound to: it does not open at another place, under another person or in another institution. */
function contextOf(place: Omit<BlockPlace, 'sequence'>): BlockContext {
  return ['gatehouse/vault/v1', place.tenant, place.block, place.subject, place.recordType, toHex(place.previousHash), place.at]
}

function keyOf(primitives: Primitives, dek: DataKey, block: Id<'block'>): BlockKey {
  return deriveBlockKey(primitives, dek.key, idBytes(block))
}

/** Seals a record and sets it at the end of a chain. */
export function makeBlock(primitives: Primitives, signer: Signer, dek: DataKey, place: BlockPlace, plaintext: Uint8Array): StoredBlock {
  const { encryptedData, bytes } = sealBlock(primitives, keyOf(primitives, dek, place.block), dek.version, plaintext, contextOf(place))
  const data_hash = primitives.sha256(bytes)
  const unsigned = {
    block_id: place.block,
    user_id: place.subject,
    encrypted_data: encryptedData,
    data_hash: toHex(data_hash),
    previous_hash: toHex(place.previousHash),
    timestamp: place.at,
  }
  const text = write(unsigned)
  const signature = signIn(signer, blockDomain, withoutSignature(text))
  return {
    subject_id: place.subject,
    block_id: place.block,
    sequence: place.sequence,
    encrypted_data: bytes,
    data_hash,
    previous_hash: place.previousHash,
    block_hash: primitives.sha256(withSignature(text, toBase64(signature))),
    at: place.at,
    signature,
  }
}

export function blockOf(stored: StoredBlock): Block {
  return {
    block_id: stored.block_id,
    user_id: stored.subject_id,
    encrypted_data: toBase64url(stored.encrypted_data),
    data_hash: toHex(stored.data_hash),
    previous_hash: toHex(stored.previous_hash),
    timestamp: stored.at,
    signature: toBase64(stored.signature),
  }
}

export function blockHash(primitives: Pick<Primitives, 'sha256'>, block: Block): Uint8Array {
  return primitives.sha256(withSignature(write(block), block.signature))
}

/**
 * The canonical JSON of a block in the two parts between which the signature stands: JCS sorts members, and `signature` comes after
 * `previous_hash` and before `timestamp`. What is signed and what is hashed differ in nothing else, so the long part is written once.
 */
interface WrittenBlock {
  readonly before: string
  readonly after: string
}

function write({ block_id, data_hash, encrypted_data, previous_hash, timestamp, user_id }: Omit<Block, 'signature'>): WrittenBlock {
  return {
    before: canonicalJson({ block_id, data_hash, encrypted_data, previous_hash }).slice(0, -1),
    after: canonicalJson({ timestamp, user_id }).slice(1),
  }
}

const withoutSignature = ({ before, after }: WrittenBlock): string => `${before},${after}`

const withSignature = ({ before, after }: WrittenBlock, signature: string): Uint8Array => utf8(`${before},"signature":${canonicalJson(signature)},${after}`)

export type BlockFault = 'data_hash' | 'signature' | 'previous_hash' | 'block_hash'

/**
 * Holds one block against its own hash and signature and against the block before it. All faults are told, because together
 * they say what was done: a changed byte breaks the hash, a block put elsewhere breaks signature or link.
 */
export function blockFaults(
  primitives: Primitives,
  verify: Verify,
  publicKeys: readonly Uint8Array[],
  stored: StoredBlock,
  previousHash: Uint8Array | undefined,
): BlockFault[] {
  const block = blockOf(stored)
  const text = write(block)
  const checks: readonly (readonly [BlockFault, boolean])[] = [
    ['data_hash', primitives.equal(primitives.sha256(stored.encrypted_data), stored.data_hash)],
    ['signature', publicKeys.some((key) => verifyIn(verify, key, blockDomain, withoutSignature(text), stored.signature))],
    ['previous_hash', previousHash !== undefined && primitives.equal(previousHash, stored.previous_hash)],
    ['block_hash', primitives.equal(primitives.sha256(withSignature(text, block.signature)), stored.block_hash)],
  ]
  return checks.flatMap(([fault, holds]) => (holds ? [] : [fault]))
}

export function openStored(primitives: Primitives, tenant: Id<'tenant'>, recordType: string, dek: DataKey, stored: StoredBlock): OpenedBlock {
  const place = { tenant, subject: stored.subject_id, block: stored.block_id, recordType, previousHash: stored.previous_hash, at: stored.at }
  return openBlock(primitives, keyOf(primitives, dek, stored.block_id), stored.encrypted_data, contextOf(place))
}
