import { utf8 } from '@gatehouse/crypto/bytes'
import { chacha20 } from '@noble/ciphers/chacha.js'
import type { RandomSource } from './random.ts'

const blockLength = 64
const blocksTogether = 64
const keyLength = 32

/**
 * The same draws for the same seed on every machine: the ChaCha20 key stream (RFC 8439) read as little-endian words.
 *
 * For tests, examples and benchmarks only. Whoever knows the seed can take the noise off again, so nothing that leaves the house
 * may be drawn from here; use `secureRandom`.
 *
 * @param seed any text (read as UTF-8) or bytes
 */
export function seededRandom(seed: string | Uint8Array): RandomSource {
  const key = keyFrom(typeof seed === 'string' ? utf8(seed) : seed)
  const nonce = new Uint8Array(12)
  const nothing = new Uint8Array(blockLength * blocksTogether)
  let view = new DataView(new ArrayBuffer(0))
  let at = 0
  let block = 0
  return {
    uint32() {
      if (at === view.byteLength) {
        const stream = chacha20(key, nonce, nothing, undefined, block)
        view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength)
        block += blocksTogether
        at = 0
      }
      const word = view.getUint32(at, true)
      at += 4
      return word
    },
  }
}

/** Any number of bytes folded into one key, with the length at the end so that no seed is the beginning of another. */
function keyFrom(seed: Uint8Array): Uint8Array {
  const padded = new Uint8Array((Math.ceil(seed.length / keyLength) + 1) * keyLength)
  padded.set(seed)
  new DataView(padded.buffer).setUint32(padded.length - 4, seed.length)
  const nonce = new Uint8Array(12).fill(1)
  let key: Uint8Array = new Uint8Array(keyLength)
  for (let start = 0; start < padded.length; start += keyLength) {
    const mixed = key.map((byte, index) => byte ^ (padded[start + index] ?? 0))
    key = chacha20(mixed, nonce, mixed)
  }
  return key
}
