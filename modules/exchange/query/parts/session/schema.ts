/** The rounds of a session: `query.session`. Tables lie beside, sealed under the key of the part, and hold elements of a group and no value. */
import { proofText, sessionHalf, sessionLimits, sessionTerms } from '@gatehouse/query/session/terms'
import { z } from 'zod'
import { ofPart, sourceName, tablePlace } from '../schema.ts'

const half = { half: sessionHalf, items: z.record(sourceName, z.int().min(0).max(sessionLimits.itemsMax)) }

export const sessionBody = z.discriminatedUnion('round', [
  /** To the node that asked: this node's half of the key, and how many items each of its sources has. */
  ofPart.extend({ round: z.literal('join'), ...half }),
  /** To each party: what all have said. */
  ofPart.extend({ round: z.literal('open'), terms: sessionTerms }),
  /** To the node that asked: the sealed items, by the source. */
  ofPart.extend({ round: z.literal('rows'), tables: z.record(sourceName, tablePlace) }),
  /** To a party whose turn it is: the items of all, and what came of them so far. */
  ofPart.extend({ round: z.literal('turn'), table: tablePlace, proofs: z.record(z.string().max(63), proofText) }),
  /** To the node that asked: what came of them in this turn. */
  ofPart.extend({ round: z.literal('step'), table: tablePlace, proof: proofText }),
])
export type SessionBody = z.output<typeof sessionBody>
export type Round = SessionBody['round']
export type BodyOf<R extends Round> = Extract<SessionBody, { round: R }>

/** What has to have passed between the two before. */
export const roundBefore = { join: undefined, open: 'join', rows: 'open', turn: 'rows', step: 'turn' } as const satisfies Record<Round, Round | undefined>

/** Rounds that come to the node that asked; the others go out from it. */
export const inwards: readonly Round[] = ['join', 'rows', 'step']
