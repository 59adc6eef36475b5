/** The nouns of anchors and their limits. */
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { z } from 'zod'
import { anchorFaults } from './anchor.ts'
import { anchorStates } from './states.ts'

export const targetsMax = 10
/** Confirmed anchors of one target that are looked at again until they are final. */
export const openMax = 50
/** A transaction that no block has taken for so long is sent again with the same number and a higher fee. */
export const stuckMinutes = 10
export const requestTimeoutMs = 15_000
export const answerBytesMax = 1024 * 1024
/** Confirmed anchors of one file. */
export const exportMax = 1_000

const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'one line of text')
const url = z.url({ protocol: /^https?$/ }).max(500)

export const evmSettings = z.strictObject({
  rpc_url: url,
  chain_id: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  contract: z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'an address has 40 hexadecimal digits after 0x'),
  confirmations: z.number().int().min(1).max(1_000).default(6).describe('Blocks, its own among them, after which an anchor counts as confirmed.'),
  final: z.number().int().min(1).max(10_000).default(64).describe('Blocks after which it is not looked at any more.'),
})
export type EvmSettings = z.output<typeof evmSettings>

export const timeStampSettings = z.strictObject({
  url,
  roots: z.array(z.string().max(20_000)).min(1).max(10).describe('Certificates (PEM) of the authorities that a time stamp must come from.'),
  policy: z
    .string()
    .regex(/^\d+(\.\d+)+$/)
    .optional()
    .describe('The object identifier of the policy to ask for.'),
})
export type TimeStampSettings = z.output<typeof timeStampSettings>

const every = z.number().int().min(1).max(10_080).default(60).describe('Minutes between two anchors, when the log has grown.')
export const newTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('evm'), name, every_minutes: every, settings: evmSettings }),
  z.strictObject({ kind: z.literal('time_stamp'), name, every_minutes: every, settings: timeStampSettings }),
])
export type NewTarget = z.output<typeof newTarget>

const fault = z.enum(anchorFaults).nullable().describe('What keeps it, as a word for programs; null where nothing does.')
const lastError = z.string().nullable().describe('The same as a sentence for people.')

export const anchorView = z.strictObject({
  id: idSchema('anchor'),
  target: idSchema('anchor_target'),
  size: z.number().int(),
  state: z.enum(anchorStates),
  attempts: z.number().int(),
  losses: z.number().int().describe('How often the chain took it back, or never took it.'),
  depth: z.number().int().nullable(),
  reference: z.record(z.string(), z.union([z.string(), z.number()])).nullable(),
  fault,
  last_error: lastError,
  created_at: instantSchema,
  sent_at: instantSchema.nullable(),
  confirmed_at: instantSchema.nullable(),
  looked_at: instantSchema.nullable().describe('When a turn last did something about it; there is one every minute.'),
})
export type AnchorView = z.output<typeof anchorView>

export const targetView = z.strictObject({
  id: idSchema('anchor_target'),
  kind: z.enum(['evm', 'time_stamp']),
  name: z.string(),
  every_minutes: z.number().int(),
  state: z.enum(['active', 'removed']),
  host: z.string(),
  chain_id: z.number().int().nullable(),
  contract: z.string().nullable(),
  account: z.string().nullable().describe('The account that pays for the transactions of this institution.'),
  last_size: z.number().int().nullable().describe('The largest checkpoint that is confirmed.'),
  last_confirmed_at: instantSchema.nullable(),
  waiting: z.number().int(),
  fault,
  last_error: lastError,
})

/** Described in docs/reference/anchors.md. */
export const fileSchema = z.strictObject({
  format: z.literal('gatehouse-anchors'),
  version: z.literal(1),
  origin: z.string(),
  anchors: z.array(
    z.strictObject({
      kind: z.enum(['evm', 'time_stamp']),
      size: z.number().int(),
      root: z.base64(),
      checkpoint: z.string(),
      receipt: z.record(z.string(), z.unknown()),
    }),
  ),
  consistency: z.array(z.strictObject({ from: z.number().int(), to: z.number().int(), proof: z.array(z.base64()) })),
})
