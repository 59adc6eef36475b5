import type { Id } from '@gatehouse/core/id'
import { idSchema, instantSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { z } from 'zod'

/** The body of one entry. */
export const entryBytesMax = 16 * 1024
/** Entries that one integration takes: a transaction of some fifty milliseconds. */
export const integrationMax = 2_000
/** While acts keep coming, integrations begin this far apart, so that a checkpoint covers many of them. */
export const gatherMs = 300
/** Witnesses of one log. */
export const witnessesMax = 16
/** How often those are asked that have not cosigned the newest checkpoint. */
export const witnessAskMs = 2_000
export const witnessTimeoutMs = 5_000
/** An answer of a witness: a few signature lines. */
export const witnessBytesMax = 16 * 1024
/** How often every log is compared with the store of heads, also those that nobody writes to. */
export const headsLookMs = 60_000
/** How often the node's own log may speak of one tenant's head. */
export const announceMs = 60_000
/** Entries that an export, a watch or a verification reads at once. */
export const readAheadMax = 1_000
/** The newest entries of a tenant that one process keeps at hand for those who follow the log. */
export const tailMax = 4_000
/** How long a watch waits when no sequencer of its own process wakes it. */
export const watchPollMs = 500
/** Entries of one thing that are found, and proofs that are given, at once. */
export const evidenceMax = 1_000
/** Entries of one stretch, and checkpoints of one list. */
export const stretchMax = 256
export const checkpointsShownMax = 100

const text = z.string().min(1).max(200)

/** An entry as it was hashed. Ids, digests and counts; the person concerned only as a commitment. */
export const entryBodySchema = z.looseObject({
  v: z.literal(1),
  id: idSchema('entry'),
  stream: z.literal('audit'),
  type: text,
  at: instantSchema,
  actor: z.strictObject({ kind: text, id: text }),
  tenant: idSchema('tenant'),
  decision: z.enum(['permit', 'deny', 'pending', 'error']).optional(),
  subject_c: z.string().optional(),
  partner: idSchema('partner').optional(),
  purpose: text.optional(),
  object: z.strictObject({ kind: text, id: text }).optional(),
  details: z.record(z.string(), z.unknown()).optional(),
  trace: text.optional(),
  took_ms: z.number().int().min(0).optional().describe('From the beginning of the act to the writing of this entry.'),
})
export type EntryBody = z.output<typeof entryBodySchema>

export const entrySchema = z.strictObject({
  id: idSchema('entry'),
  index: z.number().int().nullable().describe('The place in the log, or null while no checkpoint covers the entry.'),
  integrated: z.boolean(),
  body: entryBodySchema,
})
export type Entry = z.output<typeof entrySchema>

export const entryPageSchema = pageSchema(entrySchema)

export const entryFilters = {
  type: text.optional(),
  actor: text.optional().describe('The id of who acted.'),
  decision: z.enum(['permit', 'deny', 'pending', 'error']).optional(),
  partner: idSchema('partner').optional(),
  purpose: text.optional(),
  object_kind: text.optional(),
  object_id: text.optional(),
  since: instantSchema.optional(),
  until: instantSchema.optional().describe('Excluded.'),
}

export const entryQuery = { ...entryFilters, ...pageQuery, cursor: idSchema('entry').optional(), order: z.enum(['asc', 'desc']).default('desc') }

export const indexSchema = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

export const proofSchema = z.strictObject({
  index: z.number().int(),
  body: z.base64(),
  proof: z.array(z.base64()),
})
export type EntryProof = z.output<typeof proofSchema>

export interface EntryEvidence {
  /** The signed note under which the proofs hold. */
  readonly checkpoint: string
  readonly entries: readonly EntryProof[]
}

export interface EntryFilter {
  readonly type?: string | undefined
  readonly actor?: string | undefined
  readonly decision?: string | undefined
  readonly partner?: Id<'partner'> | undefined
  readonly purpose?: string | undefined
  readonly object_kind?: string | undefined
  readonly object_id?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
  /** Not to be had from outside but by `ledger.list_subject`, which is audited. */
  readonly subject?: Id<'subject'> | undefined
  /** Set for a partner, who sees nothing else, whatever it filters by. */
  readonly visibleTo?: Id<'partner'> | undefined
}

/** The first place where the stored log contradicts itself or what was signed. */
export const logFaultSchema = z.strictObject({
  kind: z.enum([
    'entry_missing',
    'entry_altered',
    'entry_columns_differ',
    'entry_without_place',
    'position_beyond_head',
    'tile_altered',
    'checkpoint_root_differs',
    'checkpoint_not_signed',
    'checkpoint_missing',
    'head_root_differs',
    'head_not_signed',
    'log_rolled_back',
  ]),
  index: z.number().int().optional().describe('The index of the entry.'),
  entry: idSchema('entry').optional(),
  level: z.number().int().optional(),
  tile: z.number().int().optional(),
  at: z.number().int().optional().describe('The number of the hash in its tile.'),
  size: z.number().int().optional().describe('The size that the checkpoint speaks of.'),
  after_size: z.number().int().optional().describe('The last size whose signed root still fits: the change lies behind it.'),
})
export type LogFault = z.output<typeof logFaultSchema>

/** Generations of the log's key that sign one checkpoint. */
export const signersMax = 4
