/** The primitives from `node:crypto`: what a server and the tests bring. A browser brings its own. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hash,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto'
import type { Primitives, Signer, Verify } from './primitives.ts'

/** Set on every call: without it Node accepts tags as short as four bytes. */
const tagLength = 16

/**
 * Small draws share one call to the system's generator, which costs more than the bytes: sealing one record needs seven. Each
 * byte is handed out once, as a copy, and wiped from the pool.
 */
const drawnTogether = 4_096
let pool = new Uint8Array(0)
let poolAt = 0

function drawSmall(length: number): Uint8Array {
  if (pool.length - poolAt < length) {
    pool = new Uint8Array(randomBytes(drawnTogether))
    poolAt = 0
  }
  const drawn = pool.slice(poolAt, poolAt + length)
  pool.fill(0, poolAt, poolAt + length)
  poolAt += length
  return drawn
}

export const nodePrimitives: Primitives = {
  sha256(...pieces) {
    // Of one piece it is much faster than an object that takes many.
    if (pieces.length === 1) return hash('sha256', pieces[0] as Uint8Array, 'buffer')
    const made = createHash('sha256')
    for (const piece of pieces) made.update(piece)
    return made.digest()
  },
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
  hkdfSha256: (key, salt, info, length) => new Uint8Array(hkdfSync('sha256', key, salt, info, length)),
  aesGcmSeal(key, nonce, plaintext, associatedData) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
    cipher.setAAD(associatedData)
    const ciphertext = cipher.update(plaintext)
    // GCM keeps nothing back: the end only makes the tag.
    cipher.final()
    return [ciphertext, cipher.getAuthTag()]
  },
  aesGcmOpen(key, nonce, sealed, associatedData) {
    if (sealed.length < tagLength) return undefined
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
    decipher.setAAD(associatedData)
    decipher.setAuthTag(sealed.subarray(sealed.length - tagLength))
    try {
      // Nothing is handed out before `final` has checked the tag.
      const opened = decipher.update(sealed.subarray(0, sealed.length - tagLength))
      // As above: the end only says whether the tag is right.
      decipher.final()
      return opened
    } catch {
      return undefined
    }
  },
  randomBytes: (length) => (length > drawnTogether / 8 ? randomBytes(length) : drawSmall(length)),
  equal: (left, right) => left.length === right.length && timingSafeEqual(left, right),
}

/** RFC 8410: the fixed head of an Ed25519 key in DER, before its 32 bytes. */
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex')
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex')

const publicKeys = new Map<string, KeyObject>()
const publicKeysMax = 1024

function publicKeyOf(raw: Uint8Array): KeyObject {
  const name = Buffer.from(raw).toString('base64')
  let key = publicKeys.get(name)
  if (key === undefined) {
    key = createPublicKey({ key: Buffer.concat([spkiHead, raw]), format: 'der', type: 'spki' })
    if (publicKeys.size >= publicKeysMax) publicKeys.clear()
    publicKeys.set(name, key)
  }
  return key
}

export const nodeVerify: Verify = (publicKey, message, signature) => {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  return verify(null, message, publicKeyOf(publicKey), signature)
}

/** A signer from the 32-byte seed of RFC 8032. */
export function nodeSigner(seed: Uint8Array): Signer {
  if (seed.length !== 32) throw new RangeError(`an Ed25519 seed has 32 bytes, got ${seed.length}`)
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' })
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return {
    publicKey: new Uint8Array(spki.subarray(spki.length - 32)),
    sign: (message) => sign(null, message, privateKey),
  }
}
