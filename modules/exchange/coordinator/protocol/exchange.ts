/** What a node and a mailbox say to each other in one request: what is left, what was taken, how the node is; and what waits for it. */
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { z } from 'zod'
import { nodeNameSchema } from './card.ts'

export const mailboxLimits = {
  /** Characters of one sealed message. */
  sealedCharacters: 720_000,
  /** Of one request or answer. */
  exchangeBytes: 2_097_152,
  messagesPerExchange: 100,
  /** Waiting for one node. */
  messagesPerNode: 10_000,
  bytesPerNode: 2_147_483_648,
  attachmentsPerMessage: 256,
  partBytes: 1_048_576,
  partsPerAttachment: 512,
  lifeDays: 31,
  nodes: 1_000,
} as const

export const leftMessage = z.strictObject({
  id: idSchema('message'),
  to: nodeNameSchema,
  expires_at: instantSchema,
  /** A compact JWE that only its receiver opens. */
  sealed: z.string().min(1).max(mailboxLimits.sealedCharacters),
})
export type LeftMessage = z.output<typeof leftMessage>

export const waitingMessage = z.strictObject({ id: idSchema('message'), from: nodeNameSchema, expires_at: instantSchema, sealed: z.string() })
export type WaitingMessage = z.output<typeof waitingMessage>

export const takenMessage = z.strictObject({ id: idSchema('message'), from: nodeNameSchema })
export type TakenMessage = z.output<typeof takenMessage>

const count = z.int().min(0)
/** How a node is: numbers and a version, and nothing of what it keeps. */
export const healthSchema = z.strictObject({
  version: z
    .string()
    .max(64)
    .regex(/^[0-9A-Za-z.+-]+$/),
  uptime_seconds: count,
  waiting_out: count,
  waiting_in: count,
  ledger_size: count,
  ledger_root: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
})
export type Health = z.output<typeof healthSchema>

export const exchangeBody = z.strictObject({
  leave: z.array(leftMessage).max(mailboxLimits.messagesPerExchange).default([]),
  taken: z.array(takenMessage).max(mailboxLimits.messagesPerExchange).default([]),
  health: healthSchema.optional(),
})
export type ExchangeBody = z.output<typeof exchangeBody>

/** `waits`: it was left before and nobody has taken it. The others say why a mailbox does not keep a message. */
export const leaveAnswers = ['kept', 'waits', 'no_such_node', 'full', 'too_late'] as const
export const exchangeAnswer = z.strictObject({
  /** The mailbox's clock. */
  now: instantSchema,
  left: z.array(z.strictObject({ id: idSchema('message'), answer: z.enum(leaveAnswers) })),
  /** Oldest first, as many as fit. What is not named in `taken` comes again. */
  waiting: z.array(waitingMessage),
})
export type ExchangeAnswer = z.output<typeof exchangeAnswer>

export const exchangePath = '/v1/coordinator/exchange'
export const registerPath = '/v1/coordinator/nodes'
export const releasesPath = '/v1/coordinator/releases'
export const cardsPath = '/v1/coordinator/cards'
/** Where the parts of an attachment are left by its sender, and where its receiver takes them and lets go of them. */
export const leavePath = (attachment: string, part: number) => `/v1/coordinator/attachments/${attachment}/${part}`
export const takePath = (from: string, attachment: string) => `/v1/coordinator/attachments/${from}/${attachment}`
