/** A way of proving a consent statement. Its id stands in each proof, so that systems can come and go and old proofs stay readable. */
import type { RandomBytes } from '@gatehouse/crypto/group/group'
import type { ConsentStatement, SetFault } from './statement.ts'

export type ProofVerdict =
  | { readonly outcome: 'proven'; readonly nullifier: Uint8Array }
  | { readonly outcome: 'refused'; readonly reason: SetFault | 'malformed' | 'not_proven' }

export type ProofAttempt =
  | { readonly outcome: 'made'; readonly proof: Uint8Array; readonly nullifier: Uint8Array }
  | { readonly outcome: 'refused'; readonly reason: SetFault | 'not_a_member' }

export interface ProofSystem<Opening> {
  readonly id: string
  /** @param opening what only the prover knows: it opens the commitment of one member */
  prove(statement: ConsentStatement, opening: Opening, random: RandomBytes): ProofAttempt
  verify(statement: ConsentStatement, proof: Uint8Array): ProofVerdict
}
