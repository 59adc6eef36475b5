/** What nodes and a linkage unit say to one another about a run. */
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { limits as planLimits } from '@gatehouse/query/plan/schema'
import { encodingsMax } from '@gatehouse/query/steps/group'
import { z } from 'zod'
import { nodeNameSchema } from '../../../coordinator/index.ts'
import { sourceName, tablePlace } from '../schema.ts'

export const unitKinds = {
  compare: 'query.compare',
  encodings: 'query.encodings',
  refused: 'query.encodings_refused',
  groups: 'query.groups',
} as const

export const limits = {
  /** Bytes of one encoding: a balanced filter of 1,024 bits. */
  encodingBytes: 256,
  /** Of all sources with each other; a core compares some 60 million in a second. */
  comparisonsMax: 20_000_000_000,
  /** Pairs that reach the threshold. */
  pairsMax: 5_000_000,
  /** Of one asking node, at once. */
  openMax: 20,
  /** Of one node, whose question has not come. */
  waitingMax: 20,
} as const

const sources = z.array(sourceName).min(1).max(planLimits.sourcesMax)

/** `query.compare`: whose encodings will come, and what is to be done with them. */
export const compareBody = z.strictObject({
  run: idSchema('query_run'),
  attempt: z.literal(1),
  parties: z
    .array(z.strictObject({ node: nodeNameSchema, sources }))
    .min(2)
    .max(planLimits.sourcesMax),
  threshold: z.number().gt(0.6).max(1),
  partial: z.boolean(),
  /** Who has sent nothing by then is left out, or it is given up. */
  wait_until: instantSchema,
  deadline_at: instantSchema,
})
export type CompareBody = z.output<typeof compareBody>

/** `query.encodings`: they lie beside it, sealed, each source by itself. No row is called by anything but its place. */
export const encodingsBody = z.strictObject({
  asker: nodeNameSchema,
  run: idSchema('query_run'),
  tables: z.record(sourceName, tablePlace.extend({ records: z.int().min(0).max(encodingsMax) })),
  /** The key of both ways, sealed to the unit once more, so that it can be kept as it came. */
  key: z.string().max(4_096),
  deadline_at: instantSchema,
})
export type EncodingsBody = z.output<typeof encodingsBody>

export const encodingsRefusedBody = z.strictObject({ run: idSchema('query_run'), reason: z.string().regex(/^[a-z_]{1,60}$/) })

/** `query.groups`: to each party what became of its own; to the node that asked, also who was left out. */
export const groupsBody = z.strictObject({
  run: idSchema('query_run'),
  tables: z.record(sourceName, tablePlace),
  absent: z.array(nodeNameSchema).max(planLimits.sourcesMax),
})
export type GroupsBody = z.output<typeof groupsBody>
