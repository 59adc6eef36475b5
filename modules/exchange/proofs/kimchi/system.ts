/** `gh-kimchi-v1` behind the port `ProofSystem`. */
import {
  fieldOrder,
  kimchiId,
  type LargeStatement,
  type LeafOpening,
  largeSetFault,
  leafGroup,
  numberBytes,
  numberOf,
  publicInputOf,
} from '@gatehouse/credentials/zero-knowledge/large-set'
import type { ProofSystem } from '@gatehouse/credentials/zero-knowledge/proof-system'
import { compareBytes } from '@gatehouse/credentials/zero-knowledge/statement'
import { concat, fromBase64, toBase64 } from '@gatehouse/crypto/bytes'
import type { KimchiProcess } from './process.ts'
import type { Stage } from './tasks.ts'

/** A proof has about 22 kB; what is longer is not even read. */
export const proofBytesMax = 64 * 1_024

export function kimchiSystem(
  worker: KimchiProcess,
  sha256: (data: Uint8Array) => Uint8Array,
  onStage?: (stage: Stage) => void,
): ProofSystem<LeafOpening, LargeStatement> {
  return {
    id: kimchiId,
    async prove(statement, opening) {
      const { set } = statement
      const fault = largeSetFault(set)
      if (fault !== undefined) return { outcome: 'refused', reason: fault }
      const own = await leafOfOpening(worker, sha256, set.group, opening)
      const place = set.leaves?.findIndex((leaf) => compareBytes(leaf, own) === 0) ?? -1
      if (place < 0) return { outcome: 'refused', reason: 'not_a_member' }
      const publicInput = publicInputOf(sha256, statement)
      if (publicInput[2] >= opening.until) return { outcome: 'refused', reason: 'ended' }
      const { nullifier, proof } = await worker.ask(
        'prove',
        {
          publicInput: publicInput.map(String),
          secret: String(opening.secret),
          until: String(opening.until),
          leaves: concat(...(set.leaves ?? [])),
          place,
        },
        onStage,
      )
      const name = numberBytes(BigInt(nullifier))
      return { outcome: 'made', nullifier: name, proof: concat(name, fromBase64(proof) ?? new Uint8Array(0)) }
    },
    async verify(statement, proof) {
      const fault = largeSetFault(statement.set)
      if (fault !== undefined) return { outcome: 'refused', reason: fault }
      if (proof.length <= 32 || proof.length > proofBytesMax) return { outcome: 'refused', reason: 'malformed' }
      const nullifier = proof.slice(0, 32)
      // A second spelling of the same number would be a second nullifier of the same consent.
      if (numberOf(nullifier) >= fieldOrder) return { outcome: 'refused', reason: 'malformed' }
      const { verdict } = await worker.ask('verify', {
        publicInput: publicInputOf(sha256, statement).map(String),
        nullifier: String(numberOf(nullifier)),
        proof: toBase64(proof.subarray(32)),
      })
      return verdict === 'proven' ? { outcome: 'proven', nullifier } : { outcome: 'refused', reason: verdict }
    },
  }
}

async function leafOfOpening(
  worker: KimchiProcess,
  sha256: (data: Uint8Array) => Uint8Array,
  group: LargeStatement['set']['group'],
  { secret, until }: LeafOpening,
): Promise<Uint8Array> {
  const openings = [{ secret: String(secret), until: String(until), group: String(leafGroup(sha256, group)) }]
  return Uint8Array.from((await worker.ask('leaves', { openings })).leaves)
}
