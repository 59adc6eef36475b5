/** What nodes say to one another about a run, and how a part of it is seen. */
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { limits as planLimits, queryPlanSchema } from '@gatehouse/query/plan/schema'
import { fieldTypes, sensitivities } from '@gatehouse/tabular/field'
import { z } from 'zod'
import { toldCount } from '../schema.ts'
import { partStates } from './states.ts'

export const limits = {
  /** How often a part is asked for anew whose tables could not be opened. */
  attemptsMax: 3,
  /** Without a word of the plan. */
  deadlineHours: 24,
  /** Tables that one peer may tell one project of. */
  foreignTablesMax: 500,
  /** How long a question for a catalogue waits. */
  catalogueHours: 24,
} as const

export const sourceName = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/)
const reason = z.string().regex(/^[a-z_]{1,60}$/)
/** What every message about a part says first; `query.part_cancel` says no more. */
export const ofPart = z.strictObject({ run: idSchema('query_run'), attempt: z.int().min(1).max(limits.attemptsMax) })

/** What a table file is called where it was written: its chunks are bound to it. */
export const tablePlace = z.strictObject({ tenant: z.string().max(64), file: z.string().max(300) })

/** `query.part`: the whole plan, for the receiver works out by itself what its part of it is. */
export const partBody = ofPart.extend({
  plan: queryPlanSchema,
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  sources: z.array(sourceName).min(1).max(planLimits.sourcesMax),
  /** The token space and the version of its key, which travels by itself. */
  audience: z.string().max(64),
  key_id: z.string().regex(/^k\d{1,3}$/),
  /** Under which the tables come back: 32 bytes, base64url. */
  content_key: z.string().length(43),
  deadline_at: instantSchema,
})
export type PartBody = z.output<typeof partBody>

/** `query.part_state`: what the node is at. */
export const partStateBody = ofPart.extend({ state: z.enum(['working', 'awaiting_approval']) })

/** `query.part_refused`: a code, and nothing of a table, a row or a person. */
export const partRefusedBody = ofPart.extend({ reason })

/** Figures as the node tells them: rounded, and absent where they are about too few people. */
const partFigures = z.strictObject({
  rows_in: z.int().nullable(),
  rows_out: z.int().nullable(),
  /** How far each quasi-identifier was coarsened before it left. */
  levels: z.record(sourceName, z.int().min(0).max(100)),
})

/** By what the node decided, so that a cell can be walked back to it: ids of its own, which its own people can look up. */
export const partDecision = z.strictObject({
  run: idSchema('query_run'),
  plan: idSchema('query_plan'),
  version: z.int(),
  review: idSchema('review').nullable(),
  floor: z.int().min(1),
})

/** `query.part_result`: the tables lie beside it, sealed, chunk by chunk. */
export const partResultBody = ofPart.extend({
  tables: z.record(sourceName, tablePlace),
  figures: z.record(sourceName, partFigures),
  decision: partDecision,
})
export type PartResultBody = z.output<typeof partResultBody>

export const partAnswer = partResultBody.pick({ figures: true, decision: true })
export type PartAnswer = z.output<typeof partAnswer>

/** `catalogue.request` and `catalogue.answer`. */
export const catalogueRequestBody = z.strictObject({ project: idSchema('project') })
export const foreignTable = z.strictObject({
  reference: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}\.[a-z0-9][a-z0-9_-]{0,62}$/),
  title: z.string().max(200),
  description: z.string().max(4_000).nullable(),
  rows: z.int().nullable(),
  floor: z.int().min(1).max(1_000_000),
  schema_version: z.int(),
  columns: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(200),
        type: z.enum(fieldTypes),
        semantic: z.string().max(100).nullable(),
        sensitivity: z.enum(sensitivities),
        nullable: z.boolean(),
        identifier_role: z.enum(['none', 'subject', 'direct', 'quasi', 'sensitive']),
        weight_hint: z.number().min(0).max(1).nullable(),
        description: z.string().max(4_000).nullable(),
      }),
    )
    .max(1_024),
})
export type ForeignTable = z.output<typeof foreignTable>
export const catalogueAnswerBody = z.strictObject({
  project: idSchema('project'),
  tables: z.array(foreignTable).max(limits.foreignTablesMax),
  refused: reason.optional(),
})

/** A part as it is seen where the run was asked for. */
export const partView = z.strictObject({
  node: z.string(),
  sources: z.array(z.string()),
  links: z.boolean().describe('It is the linkage unit of the run, and holds no table of it'),
  state: z.enum(partStates),
  reason: z.string().nullable().describe('Why the node refused, by its code'),
  asked_at: instantSchema,
  deadline_at: instantSchema,
  changed_at: instantSchema,
  rows: z.array(z.strictObject({ source: z.string(), rows_in: toldCount, rows_out: toldCount })),
})
export type PartView = z.output<typeof partView>

/** What came of a node in a result. */
export const nodeOfResult = z.strictObject({
  node: z.string(),
  sources: z.array(z.string()),
  state: z.enum(partStates),
  reason: z.string().nullable(),
  decision: partDecision.nullable(),
  levels: z.record(z.string(), z.int()),
})
export type NodeOfResult = z.output<typeof nodeOfResult>
