/** The nouns of reviews and their limits. */
import { idSchema, instantSchema, pageQuery, sensitive } from '@gatehouse/core/schema'
import { reviewKindNames } from '@gatehouse/runtime/door/review-kind'
import { z } from 'zod'
import { staffRoles } from '../../access/index.ts'
import { deadlineDaysMax, panelsMax, quorumMax } from '../schema.ts'
import { submissionSchema } from '../submissions/schema.ts'
import { choices } from './decide.ts'
import { reviewStates } from './life.ts'

/** So long before the deadline those concerned are reminded; where the whole time is shorter than twice that, at its half. */
export const remindDays = 2
export const delegationDaysMax = 90
export const commentsMax = 200
export const commentCharactersMax = 4_000
/** Reviews of one institution that are open at the same time. */
export const openReviewsMax = 5_000
export const nonceBytes = 32
export const objectCharactersMax = 128

export const reviewKindSchema = z.enum(reviewKindNames)

const groupSchema = z.union([
  z.strictObject({ kind: z.literal('role'), id: z.union([z.enum(staffRoles), idSchema('role')]) }),
  z.strictObject({ kind: z.literal('team'), id: idSchema('team') }),
])
export const panelSchema = z
  .strictObject({ kind: z.enum(['role', 'team']), id: z.string().max(64), quorum: z.int().min(1).max(quorumMax) })
  .refine(({ kind, id }) => groupSchema.safeParse({ kind, id }).success, 'a role of the staff by its name or id, or a team by its id')
export const panelsSchema = z
  .array(panelSchema)
  .min(1)
  .max(panelsMax)
  .refine((panels) => new Set(panels.map(({ kind, id }) => `${kind} ${id}`)).size === panels.length, 'name each team or role once')

/** The id of a thing, as its own module names it. */
export const objectSchema = z.string().regex(/^[A-Za-z0-9:_-]{1,128}$/, 'the id of the thing')
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hex')

export const colleagueSchema = z.strictObject({ id: idSchema('user'), name: sensitive(z.string()) })

export const reviewSchema = z.strictObject({
  id: idSchema('review'),
  kind: reviewKindSchema,
  object: z.string(),
  /** SHA-256 (hex) of what is judged in this round. */
  digest: z.string(),
  author: z.string(),
  state: z.enum(reviewStates),
  /** Grows with each edit; votes are of one round. */
  round: z.int(),
  panels: z.array(z.strictObject({ kind: z.enum(['role', 'team']), id: z.string(), quorum: z.int(), voted: z.int() })),
  /** `vote`: yours. `agreement`: the votes differ, and one is yours. `revision`: it is yours and was returned. `null`: nothing of yours. */
  waits_for: z.enum(['vote', 'agreement', 'revision']).nullable(),
  opened_at: instantSchema,
  deadline: instantSchema,
  changed_at: instantSchema,
})
export type ReviewView = z.output<typeof reviewSchema>
export type WaitsFor = ReviewView['waits_for']

export const reviewPageSchema = z.strictObject({
  ...reviewSchema.shape,
  /** The own seat comes first; the others were handed over. */
  seats: z.array(z.strictObject({ holder: z.string(), panels: z.array(z.int()), taken: z.boolean() })),
  authors: z.array(z.string()),
  /** What is judged, where it was submitted at the desk itself; other things are read where they are kept. */
  submission: submissionSchema.nullable(),
  /** What each panel is called, in their order; `null` for a role of the product, which has words of its own. */
  panel_names: z.array(z.string().nullable()),
  /** Whether the thing is no longer what this round is about: votes wait until its author submits it again. */
  changed: z.boolean(),
  /** Whether others' votes and comments are hidden until all first votes are in. */
  blinded: z.boolean(),
  votes: z.array(
    z.strictObject({
      voter: z.string(),
      /** Whose seat it was cast from, where that is not the voter. */
      seat: z.string(),
      panel: z.int(),
      /** `null` while votes are hidden. */
      choice: z.enum(choices).nullable(),
      voted_at: instantSchema,
    }),
  ),
  comments: z.array(
    z.strictObject({
      id: idSchema('comment'),
      round: z.int(),
      author: z.string(),
      visibility: z.enum(['private', 'public']),
      text: sensitive(z.string()),
      said_at: instantSchema,
    }),
  ),
  /** What whoever asks is called whom they see here. */
  people: z.array(colleagueSchema),
})
export type ReviewPage = z.output<typeof reviewPageSchema>

export const shows = ['waiting', 'mine', 'all'] as const
export const reviewPageQuery = z.strictObject({
  ...pageQuery,
  cursor: idSchema('review').optional(),
  /** `waiting`: something of mine is waited for. `mine`: I asked for it. `all` needs the right to see everybody's. */
  show: z.enum(shows).default('waiting'),
  /** Without it those that are open. */
  state: z.enum(reviewStates).optional(),
  kind: reviewKindSchema.optional(),
})

export const commentInput = sensitive(z.string().trim().min(1).max(commentCharactersMax))

export const delegationSchema = z.strictObject({
  id: idSchema('delegation'),
  from: colleagueSchema,
  to: colleagueSchema,
  begun_at: instantSchema,
  ends_at: instantSchema,
})

export const ruleSchema = z.strictObject({
  kind: reviewKindSchema,
  summary: z.string(),
  panels: z.array(panelSchema),
  deadline_days: z.int().min(1).max(deadlineDaysMax),
  /** Whether there has to be a review. */
  demanded: z.boolean(),
  /** Whether `demanded` can be chosen. */
  optional: z.boolean(),
  /** When the institution last said something; `null` while it is as the product ships it. */
  changed_at: instantSchema.nullable(),
})
