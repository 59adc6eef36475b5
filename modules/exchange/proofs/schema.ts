/** The nouns of consent proofs and their limits. */
import type { Instant } from '@gatehouse/core/instant'
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { leavesMax } from '@gatehouse/credentials/zero-knowledge/large-set'
import { freshnessSeconds } from '@gatehouse/credentials/zero-knowledge/statement'
import { z } from 'zod'

/** A publication that is younger is proven against again: so many proofs share one set. */
export const reuseSeconds = 60
/** Groups that one consent may stand in. A consent to more combinations is left out of the sets and counted. */
export const groupsPerConsentMax = 64
/** Consents that are read at once. */
export const pageMax = 500
/** Members of one publication in all. */
export const membersPerPublicationMax = 200_000
/** How long a proof waits for the checkpoint that covers its publication. */
export const checkpointWaitMs = 5_000
/** Proofs of one batch: their nullifiers stand in one entry. */
export const batchProofsMax = 100
/** Consents given that one batch proves: an import gives thousands, and each costs half a second. The others are counted. */
export const givenProofsMax = 20
/** Places of the log that one batch reads. */
export const batchStretchMax = 1_000
/** Proofs of releases and of consents given are for anybody who looks at the log. */
export const publicVerifier = 'public'
/** Batches that one published page names. */
export const publishedBatchesMax = 100
/** Of a proof in base64: the largest set of the largest system. */
export const proofTextMax = 100_000
export const membersTextMax = 1_024
/** Checking a proof over a large set, in a process of its own. */
export const verifyMsMax = 120_000

const hex32 = z.string().regex(/^[0-9a-f]{64}$/, '32 bytes as 64 lower-case hexadecimal digits')
const hash = z.base64().max(44)
const word = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'one line of text')

export const requestHashSchema = hex32.describe('SHA-256 of the request that the proof is for. Whoever verifies compares it with what it asked.')
export const verifierSchema = word.describe('Who the proof is for: the reference of a partner, or any name that the verifier agreed to.')

const placed = { place: z.number().int().min(0), sets: z.number().int().min(1), proof: z.array(hash).max(64) }

/** What a proof file holds: everything that a verifier needs but the key of the log. Described in docs/reference/consent-proof.md. */
export const documentSchema = z.strictObject({
  format: z.literal('gatehouse-consent-proof'),
  version: z.literal(1),
  system: z.string().min(1).max(64),
  statement: z.strictObject({
    origin: word,
    grantee: word,
    scope: word,
    expiry: z.string().regex(/^(?:none|any|\d{4}-\d{2})$/),
    time: instantSchema,
    request_hash: requestHashSchema,
    verifier: verifierSchema,
  }),
  set: z.union([
    z.strictObject({ members: z.array(hash).max(membersTextMax), ...placed }),
    z.strictObject({ size: z.number().int().min(0).max(leavesMax).describe('Leaves of a large set.'), root: hash.describe('Of its tree.'), ...placed }),
  ]),
  publication: z.strictObject({ index: z.number().int().min(0), body: z.base64().max(32_768), proof: z.array(hash).max(64) }),
  checkpoint: z.string().max(16_384),
  proof: z.base64().max(proofTextMax),
})
export type ProofDocument = z.output<typeof documentSchema>

const zeros = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='
/** Of the right form; it proves nothing. */
export const exampleDocument: ProofDocument = {
  format: 'gatehouse-consent-proof',
  version: 1,
  system: 'gh-gk-ristretto-v1',
  statement: {
    origin: 'gatehouse/0198c1de-7b3a-7c4d-8e5f-000000000001',
    grantee: 'northwind-bank',
    scope: 'loan_application customer',
    expiry: '2027-11',
    time: '2026-11-22T09:30:00.000Z' as Instant,
    request_hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    verifier: 'northwind-bank',
  },
  set: { members: [zeros], place: 0, sets: 1, proof: [] },
  publication: { index: 47, body: zeros, proof: [zeros] },
  checkpoint: `gatehouse/0198c1de-7b3a-7c4d-8e5f-000000000001\n49\n${zeros}\n\n— gatehouse/0198c1de-7b3a-7c4d-8e5f-000000000001 ${zeros}\n`,
  proof: zeros,
}

export const setView = z.strictObject({
  grantee: z.string(),
  scope: z.string(),
  expiry: z.string(),
  members: z.number().int().nullable().describe('How many stand in the set; null below the least number, which would tell of few people.'),
  provable: z.boolean(),
})

export const publicationView = z.strictObject({
  id: idSchema('publication'),
  entry: idSchema('entry'),
  published_at: instantSchema,
  sets: z.array(setView),
  left_out: z.number().int().optional().describe('Consents to more combinations than a set is made for.'),
})

export const proofView = z.strictObject({
  id: idSchema('proof'),
  system: z.string(),
  grantee: z.string(),
  scope: z.string(),
  expiry: z.string(),
  verifier: z.string(),
  request_hash: hex32,
  nullifier: z.string(),
  time: instantSchema,
  made_at: instantSchema,
  batched: z.boolean(),
})

export const batchView = z.strictObject({
  id: idSchema('batch'),
  entry: idSchema('entry'),
  made_at: instantSchema,
  releases: z.number().int(),
  consent_changes: z.number().int(),
  proofs: z.number().int(),
  unproven: z.number().int().describe('Releases whose consent stands in no set that is large enough.'),
})

export const windowSeconds = freshnessSeconds
