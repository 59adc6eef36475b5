import { canonicalJson } from '@gatehouse/core/canonical-json'
import { type Id, newId } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { utf8 } from '@gatehouse/crypto/bytes'
import { nodePrimitives, nodeSigner, nodeVerify } from '@gatehouse/crypto/node'
import { verifyIn } from '@gatehouse/crypto/signature'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockDomain, blockFaults, blockHash, blockOf, genesisHash, makeBlock } from './block.ts'

const source = { nowMs: Date.now, randomBytes: nodePrimitives.randomBytes }
const signer = nodeSigner(nodePrimitives.randomBytes(32))
const dek = { version: 1, key: nodePrimitives.randomBytes(32) }
const [tenant, subject]: [Id<'tenant'>, Id<'subject'>] = [newId(source), newId(source)]

const blocks = fc
  .record({ plaintext: fc.uint8Array({ maxLength: 2_000 }), previousHash: fc.uint8Array({ minLength: 32, maxLength: 32 }), ms: fc.nat(4e12) })
  .map(({ plaintext, previousHash, ms }) => {
    const place = { tenant, subject, block: newId<'block'>(source), recordType: 'customer', sequence: 2, previousHash, at: instantOf(ms) }
    return makeBlock(nodePrimitives, signer, dek, place, plaintext)
  })

describe('a block', () => {
  it('is signed over its canonical JSON without the signature, and hashed over all of it', () => {
    fc.assert(
      fc.property(blocks, (stored) => {
        const block = blockOf(stored)
        const { signature: _, ...unsigned } = block
        expect(verifyIn(nodeVerify, signer.publicKey, blockDomain, canonicalJson(unsigned), stored.signature)).toBe(true)
        expect(stored.block_hash).toEqual(nodePrimitives.sha256(utf8(canonicalJson(block))))
        expect(blockHash(nodePrimitives, block)).toEqual(stored.block_hash)
        expect(blockFaults(nodePrimitives, nodeVerify, [signer.publicKey], stored, stored.previous_hash)).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  it('tells a changed signature twice: as no signature, and as another block', () => {
    fc.assert(
      fc.property(blocks, fc.nat(63), (stored, at) => {
        const signature = Uint8Array.from(stored.signature, (byte, index) => (index === at ? byte ^ 1 : byte))
        expect(blockFaults(nodePrimitives, nodeVerify, [signer.publicKey], { ...stored, signature }, genesisHash).slice(0, 1)).toEqual(['signature'])
        expect(blockFaults(nodePrimitives, nodeVerify, [signer.publicKey], { ...stored, signature }, stored.previous_hash)).toEqual(['signature', 'block_hash'])
      }),
      { numRuns: 20 },
    )
  })
})
