/**
 * A way of proving a consent statement. Its id stands in each proof, so that systems can come and go and old proofs stay readable.
 * Every system begins its proofs with the 32 bytes of the nullifier. `testing/proof-system-contract.ts` holds each to the port.
 */
import type { RandomBytes } from '@gatehouse/crypto/group/group'
import type { ConsentStatement, SetFault, StatementAbout } from './statement.ts'

export type ProofVerdict =
  | { readonly outcome: 'proven'; readonly nullifier: Uint8Array }
  | { readonly outcome: 'refused'; readonly reason: SetFault | 'malformed' | 'not_proven' }

export type ProofAttempt =
  | { readonly outcome: 'made'; readonly proof: Uint8Array; readonly nullifier: Uint8Array }
  | { readonly outcome: 'refused'; readonly reason: SetFault | 'not_a_member' | 'ended' }

export interface ProofSystem<Opening, Statement extends StatementAbout<unknown> = ConsentStatement> {
  readonly id: string
  /** @param opening what only the prover knows: it opens the commitment of one member */
  prove(statement: Statement, opening: Opening, random: RandomBytes): ProofAttempt | Promise<ProofAttempt>
  verify(statement: Statement, proof: Uint8Array): ProofVerdict | Promise<ProofVerdict>
}
