/** What people put before a panel themselves, where no module keeps it. */
import { idSchema, instantSchema, sensitive } from '@gatehouse/core/schema'
import { z } from 'zod'
import { deadlineDaysMax, panelsMax, quorumMax } from '../schema.ts'

export const submissionKindNames = ['data_disclosure', 'ethics_board', 'monitoring_board'] as const
export type SubmissionKind = (typeof submissionKindNames)[number]

const line = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'one line of text')

/** What is judged; the digest of the review is taken of it. */
export const submissionTerms = z.strictObject({
  title: sensitive(line),
  /** What it is filed under elsewhere: a query plan, a protocol, a report. */
  reference: sensitive(line),
  reasons: sensitive(z.string().trim().min(1).max(8_000)),
  /** Teams that judge besides the panels of the institution's rule: the controllers whose data it is, or the board. Each has to approve. */
  teams: z
    .array(z.strictObject({ id: idSchema('team'), quorum: z.int().min(1).max(quorumMax).default(1) }))
    .max(panelsMax)
    .refine((teams) => new Set(teams.map(({ id }) => id)).size === teams.length, 'name each team once'),
  /** Sooner than the rule of the kind; never later. */
  deadline_days: z.int().min(1).max(deadlineDaysMax).nullable().default(null),
})

export const submissionSchema = z.strictObject({
  id: idSchema('submission'),
  kind: z.enum(submissionKindNames),
  author: z.string(),
  ...submissionTerms.shape,
  teams: z.array(z.strictObject({ id: idSchema('team'), quorum: z.int() })),
  deadline_days: z.int().nullable(),
  submitted_at: instantSchema,
  changed_at: instantSchema,
})
export type Submission = z.output<typeof submissionSchema>

export const exampleSubmission = {
  title: 'Counts of admissions by month',
  reference: 'plan 2026-41',
  reasons: 'The hospital board asked for them; no cell is below ten.',
  teams: [{ id: '01980000-0000-7000-8000-0000000000dd', quorum: 1 }],
}
