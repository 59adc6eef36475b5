/** The vault's nouns and its limits. */
import { idSchema, instantSchema, slugSchema } from '@gatehouse/core/schema'
import { fieldTypes, type Semantic, semantics, sensitivities } from '@gatehouse/tabular/field'
import { z } from 'zod'

/** Rows of one import transaction. */
export const batchRowsMax = 500
/** Bytes of the file of one import transaction, for files with very long rows. */
export const batchBytesMax = 4_194_304
/** Faulty rows an import tells one by one; the rest is counted. */
export const rejectsMax = 1_000
/** Characters of a sample from which a mapping is proposed. */
export const sampleLengthMax = 1_000_000
export const sampleRowsMax = 10_000
/** Heads in one `vault.head` entry of the ledger. */
export const headsPerEntryMax = 64
/** Blocks that are read at a time when chains are walked. */
export const walkPageBlocks = 256
export const verifyQueue = 'vault-verify'
/** Blocks that one may wait for at a connection while they are walked: some ten seconds. More are for the job. */
export const verifyAtOnceMax = 50_000
/** How often a walk tells how far it is. */
export const walkToldMs = 1_000
/** Faults a verification tells one by one; the rest is counted. */
export const faultsMax = 1_000
/** An import that has not moved for this long is taken for dead and may be sent again. */
export const importStaleMs = 30_000

export const fieldSchema = z.strictObject({
  name: z.string(),
  type: z.enum(fieldTypes),
  semantic: z.enum(Object.keys(semantics) as [Semantic, ...Semantic[]]).optional(),
  sensitivity: z.enum(sensitivities),
  nullable: z.boolean(),
  description: z.string().optional(),
})

export const formatSchema = z.enum(['csv', 'ndjson', 'json'])

export const recordTypeSchema = z.strictObject({
  record_type: slugSchema,
  version: z.number().int(),
  fields: z.array(fieldSchema),
  subject_column: z.string().nullable(),
  created_at: instantSchema,
})

/** `column` is a column's name from the mapping; no message and no column ever repeats what the file says. */
export const rejectSchema = z.strictObject({ line: z.number().int(), column: z.string().optional(), message: z.string() })
export type Reject = z.output<typeof rejectSchema>

export const progressSchema = z.strictObject({
  /** Rows of the file that have been dealt with, the rejected ones among them. */
  read: z.number().int(),
  imported: z.number().int(),
  /** Rows that say the same as the person's latest record of this type. */
  repeated: z.number().int(),
  rejected: z.number().int(),
  /** People whose first block this import wrote. */
  subjects: z.number().int(),
  batches: z.number().int(),
  bytes: z.number().int(),
})
export type Progress = z.output<typeof progressSchema>

export const noProgress: Progress = { read: 0, imported: 0, repeated: 0, rejected: 0, subjects: 0, batches: 0, bytes: 0 }

/** A block in the form in which it is signed, hashed and handed out as evidence. */
export const blockSchema = z.strictObject({
  block_id: idSchema('block'),
  user_id: idSchema('subject'),
  /** Base64url of the sealed bytes. */
  encrypted_data: z.string(),
  /** SHA-256 of the sealed bytes, hex. */
  data_hash: z.string(),
  /** SHA-256 of the canonical JSON of the whole block before, hex; 64 zeros for the first. */
  previous_hash: z.string(),
  timestamp: instantSchema,
  /** Ed25519, base64. */
  signature: z.string(),
})

export const faultNames = ['data_hash', 'signature', 'previous_hash', 'block_hash', 'sequence', 'head', 'head_missing', 'blocks_missing'] as const
export type ChainFaultName = (typeof faultNames)[number]

export const chainFaultSchema = z.strictObject({
  subject_id: idSchema('subject'),
  /** Absent where the block itself is missing. */
  block_id: idSchema('block').optional(),
  sequence: z.number().int(),
  fault: z.enum(faultNames),
})
export type ChainFault = z.output<typeof chainFaultSchema>

/** What an export of sealed blocks calls itself in its first line. */
export const exportFormat = 'gatehouse-vault/v1'
