import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { z } from 'zod'

export const urlLengthMax = 2_048
export const typesMax = 50
/** Per owner: a partner, or the institution itself. */
export const webhooksPerOwnerMax = 20
export const secretBytes = 32
/** How long the secret before the newest one still signs. */
export const overlapSeconds = 24 * 60 * 60
/** Secrets that sign at the same time, and so signatures in one header. */
export const signingSecretsMax = 4
export const lastDeliveriesMax = 10
export const deliveryKeptDays = 30

export const sendTimeoutMs = 10_000
/** An answer is not read for what it says, so a short one is enough. */
export const answerBytesMax = 16_384
/** How long a receiver that gave no answer at all is left alone. */
export const restSeconds = 30

export const deliverQueue = 'webhooks-deliver'
/**
 * The n-th retry comes 40 s · 2^n · (0.5 to 1) after the failure before it: the first after about a minute, the last after one to
 * two days, all of them within about three days (45 to 91 hours).
 */
export const deliverOptions = { retries: 12, retryDelaySeconds: 40, expireSeconds: 60, parallel: 8 }
export const attemptsPerJob = deliverOptions.retries + 1

export const webhookStates = ['active', 'paused', 'parked'] as const
export type WebhookState = (typeof webhookStates)[number]

export const deliveryStates = ['pending', 'delivered', 'dead'] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** The type of the event that `webhooks.test` announces; it reaches the tested webhook only, whatever types it takes. */
export const pingType = 'webhooks.ping'

const eventTypeSchema = z
  .string()
  .max(100)
  .regex(/^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)+$/, 'an event type reads <module>.<what happened>, such as release.redeemed')

export const typesSchema = z
  .union([z.literal('all'), z.array(eventTypeSchema).min(1).max(typesMax)], {
    error: `send "all" or a list of 1 to ${typesMax} event types such as release.redeemed`,
  })
  .describe('The event types wanted, or "all"')

export const webhookSchema = z.strictObject({
  id: idSchema('webhook'),
  owner: idSchema('partner').nullable().describe('The partner it belongs to; null for the institution’s own'),
  url: z.string(),
  types: typesSchema,
  state: z.enum(webhookStates).describe('parked: nothing could be delivered for three days, so nothing more is sent until somebody makes it active'),
  last_delivered_at: instantSchema.nullable(),
  created_at: instantSchema,
})
export type WebhookView = z.output<typeof webhookSchema>

export const webhookWithSecretSchema = webhookSchema.extend({
  secret: z.string().describe('The signing secret (whsec_…), shown this once'),
})

export const deliverySchema = z.strictObject({
  id: idSchema('delivery'),
  event_id: idSchema('event').describe('The webhook-id header, the same in every attempt'),
  type: z.string(),
  state: z.enum(deliveryStates).describe('dead: not delivered and not tried again unless it is replayed'),
  attempts: z.number().int(),
  last_attempt_at: instantSchema.nullable(),
  last_status: z.number().int().nullable().describe('The HTTP status of the last answer'),
  last_error: z.string().nullable(),
  delivered_at: instantSchema.nullable(),
  created_at: instantSchema,
})
export type DeliveryView = z.output<typeof deliverySchema>
