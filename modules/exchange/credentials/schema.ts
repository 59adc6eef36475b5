/** The nouns of credentials and their limits. */
import { idSchema, instantSchema, sensitive, slugSchema } from '@gatehouse/core/schema'
import { reservedClaims } from '@gatehouse/credentials/sd-jwt/issue'
import { refusals } from '@gatehouse/credentials/sd-jwt/verify'
import { z } from 'zod'

/** How long a code may be redeemed, in seconds. */
export const offerSeconds = 600
/** How long the wallet's token counts, in seconds. */
export const tokenSeconds = 300
/** Wrong transaction codes until the offer is burned. */
export const triesMax = 5
/** Open offers of one person. */
export const openOffersMax = 10
export const txCodeDigits = 6
/** How long a nonce for proofs of possession counts, and how old such a proof may be. */
export const nonceSeconds = 300
export const proofAgeSeconds = 300
/** How long a copy of the status list may be kept, and until when it counts at all. */
export const listTtlSeconds = 60
export const listLifeSeconds = 3_600
/** Of the places of a list so many are given out; then the next begins. A full list would be a list of known places. */
export const placesUsedMax = 98_304
/** Random draws for a free place. With at most three quarters taken, all fail once in ten to the eighth. */
export const drawsMax = 64
export const typesMax = 200
export const lifeDaysMax = 730
/** How long a wallet may take to answer, and how old its signature may be. */
export const requestSeconds = 600
export const bindingAgeSeconds = 300
/** Then the claims that were shown are blanked. */
export const shownKeptSeconds = 86_400
/** Of what others answer: a document of keys, a list of status. */
export const documentBytesMax = 65_536
export const listAnswerBytesMax = 2_097_152
export const fetchTimeoutMs = 5_000
export const claimsAskedMax = 10
export const issuersMax = 20
export const vpTokenMax = 65_536

const value = z.union([z.string().max(200), z.number(), z.boolean()])
const field = z.string().min(1).max(128)

export const ruleSchema = z.discriminatedUnion('how', [
  z.strictObject({ how: z.literal('age_over'), field, years: z.number().int().min(1).max(120) }),
  z.strictObject({ how: z.literal('age_band'), field, bounds: z.array(z.number().int().min(1).max(120)).min(1).max(10) }),
  z.strictObject({ how: z.literal('is_one_of'), field, values: z.array(value).min(1).max(100) }),
  z.strictObject({ how: z.literal('present'), field }),
  z.strictObject({ how: z.literal('copy'), field }),
  z
    .strictObject({ how: z.literal('fixed'), value: z.union([z.boolean(), z.string().min(1).max(200)]) })
    .describe('What the institution itself says; no record is opened.'),
])
export type ClaimRule = z.output<typeof ruleSchema>

export const claimSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'lower-case letters, digits and "_", starting with a letter')
  .refine((name) => !reservedClaims.has(name), 'this name has a meaning of its own in every credential')
  .describe('The name of the claim in the credential.')

export const typeTerms = {
  slug: slugSchema,
  name: z.string().min(1).max(120),
  claim: claimSchema,
  rule: ruleSchema,
  purpose: z.string().min(1).max(128).describe('For what it is issued: the policy is asked with it.'),
  record_type: slugSchema.describe('The data class that the claim follows from; for a fixed claim, the one whose policy permits it.'),
  life_days: z.number().int().min(1).max(lifeDaysMax).default(90),
  self_service: z.boolean().default(false).describe('Whether a person may fetch it without asking anybody. Never for a fixed claim.'),
}

export const typeView = z.strictObject({
  id: idSchema('credential_type'),
  ...typeTerms,
  life_days: z.number().int(),
  self_service: z.boolean(),
  vct: z.string().describe('The name of the type in the credential, and where its description lies.'),
  made_at: instantSchema,
  retired_at: instantSchema.nullable(),
})
export type TypeView = z.output<typeof typeView>

export const offerView = z.strictObject({
  id: idSchema('offer'),
  uri: z.string().describe('For a wallet, as a link or a QR code. Whoever has it and the transaction code gets the credential.'),
  tx_code: z.string().describe('Told to the person by another way than the link.'),
  expires_at: instantSchema,
})

export const statuses = ['valid', 'suspended', 'revoked'] as const

export const credentialView = z.strictObject({
  id: idSchema('credential'),
  type: slugSchema,
  name: z.string(),
  subject: idSchema('subject'),
  status: z.enum(statuses),
  issued_at: instantSchema,
  expires_at: instantSchema,
})

export const presentationStatuses = ['waiting', 'checking', 'proven', 'refused', 'declined', 'expired'] as const
export const ownReasons = ['state_mismatch', 'answer_malformed'] as const

export const presentationView = z.strictObject({
  id: idSchema('presentation'),
  vct: z.string(),
  claims: z.array(z.string()),
  issuers: z.array(z.string()),
  purpose: z.string(),
  status: z.enum(presentationStatuses),
  reason: z.enum([...refusals, ...ownReasons]).nullable(),
  issuer: z.string().nullable(),
  shown: sensitive(z.record(z.string(), z.unknown())).nullable().describe('What was shown, for a day.'),
  asked_at: instantSchema,
  expires_at: instantSchema,
  answered_at: instantSchema.nullable(),
})
export type PresentationView = z.output<typeof presentationView>
