/** What one node says to another, and what of it stands open on the outside. */
import { idSchema, instantSchema, jsonValue } from '@gatehouse/core/schema'
import { z } from 'zod'
import { mailboxLimits, nodeNameSchema } from '../../coordinator/index.ts'

export const messageLimits = {
  bodyBytes: 262_144,
  threadCharacters: 100,
  /** A day less than a mailbox keeps one, so that no clock that runs ahead makes it too long. */
  lifeDays: mailboxLimits.lifeDays - 1,
  attachments: mailboxLimits.attachmentsPerMessage,
  attachmentBytes: mailboxLimits.partBytes * mailboxLimits.partsPerAttachment,
  /** How far a sender's clock may run ahead. */
  skewSeconds: 300,
  /** How long the key before a change still counts for what is on its way. */
  overlapDays: mailboxLimits.lifeDays,
  reasonCharacters: 60,
  detailCharacters: 500,
  /** How long ended messages are shown. */
  keptDays: 30,
} as const

/** Of the form of messages. */
export const messageVersion = 1

export const kindName = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z_]*([.][a-z_]+)+$/)
export const threadSchema = z.string().max(messageLimits.threadCharacters)
export const attachmentSchema = z.object({
  name: z.string().min(1).max(100),
  id: z.uuid(),
  size: z.int().min(0).max(messageLimits.attachmentBytes),
})

/** Members that a newer node adds are passed over. */
export const messageSchema = z.object({
  v: z.literal(messageVersion),
  id: idSchema('message'),
  from: nodeNameSchema,
  to: nodeNameSchema,
  kind: kindName,
  version: z.int().min(1),
  thread: threadSchema,
  /** From 1 in each thread; 0 for what has no place in one. */
  sequence: z.int().min(0),
  sent_at: instantSchema,
  expires_at: instantSchema,
  /** Who stands behind it, in the sender's project. */
  on_behalf_of: z.string().max(4_096).optional(),
  /** The sender's project, where the token is of a provider, who knows none. */
  project: z.uuid().optional(),
  body: jsonValue,
  attachments: z.array(attachmentSchema).max(messageLimits.attachments).default([]),
})
export type Message = z.output<typeof messageSchema>
