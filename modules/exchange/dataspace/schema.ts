import type { Id } from '@gatehouse/core/id'
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { z } from 'zod'
import { roles } from './states.ts'

export const limits = {
  addressMax: 500,
  /** Ids that others give: of participants, processes, offers and agreements. */
  nameMax: 500,
  /** Negotiations and transfers of one partner that are not over. */
  openMax: 1_000,
  catalogueMax: 500,
  /** Own steps that follow one another without a message coming in. */
  stepsMax: 12,
  /** How long a token for the data is good after a start; a resumed transfer has as long again. */
  tokenSeconds: 3_600,
  /** A negotiation in which nobody has said anything for so long is ended. */
  idleDays: 30,
  /** A transfer whose data arrived whole is completed by us when the other side has not said so by then. */
  completeHours: 1,
  /** A fetching of the data ends within it or counts as broken off. */
  pullMinutes: 120,
  rowsMax: 50_000_000,
  reviewDays: 14,
  sendTimeoutMs: 10_000,
  claimSeconds: 60,
  answerBytesMax: 1_048_576,
  /** Attempts to hand over one message; the last comes about a day after the first. */
  attemptsMax: 16,
  authorizationMax: 4_096,
  pageMax: 200,
} as const

export const proceedQueue = 'dataspace-proceed'
/** The n-th retry comes 5 s · 2^n after the failure before it. */
export const proceedOptions = { retries: 14, retryDelaySeconds: 5, expireSeconds: 300, parallel: 4 }

export const path = '/dsp'
export const pullFormat = 'HttpData-PULL'

export type ProcessId = Id<'negotiation'> | Id<'transfer'>

export const addressSchema = z.url({ protocol: /^https?$/ }).max(limits.addressMax)
export const nameSchema = z.string().min(1).max(limits.nameMax)
/** Everything before the pids of a path is the protocol's; a pid is whatever the other side was told. */
export const pidSchema = z.string().min(1).max(limits.nameMax)

export const placeSchema = z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, 'name a place by ISO 3166, such as DE or GB-SCT')

export const participantStates = ['active', 'paused'] as const
export const participantSchema = z.strictObject({
  id: idSchema('participant'),
  partner: z.string().describe('The partner’s reference'),
  partner_name: z.string(),
  participant_id: z.string(),
  address: z.string(),
  place: z.string().nullable(),
  state: z.enum(participantStates),
  created_at: instantSchema,
})
export type ParticipantView = z.output<typeof participantSchema>

const processMembers = {
  partner: z.string().describe('The partner’s reference'),
  role: z.enum(roles).describe('Which side this node is'),
  dataset: z.string(),
  reason: z.string().nullable().describe('Why it ended, as a code; null where it has not'),
  created_at: instantSchema,
  changed_at: instantSchema,
}

export const negotiationView = z.strictObject({
  id: idSchema('negotiation'),
  ...processMembers,
  state: z.string(),
  review: z.string().nullable().describe('The review that decides on it, where people do'),
  review_state: z.string().nullable(),
  agreement: z.string().nullable().describe('What both sides call the agreement'),
})
export type NegotiationView = z.output<typeof negotiationView>

export const transferView = z.strictObject({
  id: idSchema('transfer'),
  ...processMembers,
  state: z.string(),
  agreement: z.string().nullable(),
  format: z.string().nullable(),
  delivered_at: instantSchema.nullable(),
})
export type TransferView = z.output<typeof transferView>

/** One message as it went over the wire, without its body. */
const messageView = z.strictObject({
  direction: z.enum(['in', 'out']),
  type: z.string(),
  state: z.enum(['received', 'queued', 'sent', 'refused', 'undeliverable']),
  attempts: z.int(),
  status: z.int().nullable(),
  at: instantSchema,
})
const course = { messages: z.array(messageView), steps: z.array(z.string()).describe('What may be done now') }
export const negotiationDetail = negotiationView.extend({ terms: z.unknown().describe('The terms on the table, as the protocol has them'), ...course })
export const transferDetail = transferView.extend({
  purposes: z.array(z.string()).describe('For which its agreement lets the data be used; none where it names none'),
  ...course,
})

/** What every message of a process is answered with. */
export const acknowledgement = z.strictObject({
  '@context': z.array(z.string()),
  '@type': z.enum(['ContractNegotiation', 'TransferProcess']),
  providerPid: z.string(),
  consumerPid: z.string(),
  state: z.string(),
})
export type Acknowledgement = z.output<typeof acknowledgement>

export const examples = {
  negotiation: '0198c1de-7b3a-7c4d-8e5f-000000000001',
  transfer: '0198c1de-7b3a-7c4d-8e5f-000000000002',
  partner: 'harbour-clinic',
  pid: 'urn:uuid:0198c1de-7b3a-7c4d-8e5f-000000000001',
  other: 'urn:uuid:32541fe6-c580-409e-85a8-8a9a32fbe833',
  dataset: 'urn:gatehouse:table:results.stays-by-town',
  offer: 'urn:gatehouse:offer:0198c1de-7b3a-7c4d-8e5f-000000000003:1:results.stays-by-town',
} as const
