import { idSchema, instantSchema, sensitive } from '@gatehouse/core/schema'
import { z } from 'zod'
import { inputOfProject, limits } from '../schema.ts'
import { reidentificationStates } from './states.ts'

export const tokenText = z
  .string()
  .max(400)
  .regex(/^fit1(\.[A-Za-z0-9:_-]{1,128}){4}$/, 'a pseudonym as it stands in the result')

export const reidentificationInput = inputOfProject.extend({ reidentification: idSchema('reidentification') })

export const reidentificationView = z.strictObject({
  id: idSchema('reidentification'),
  project: idSchema('project'),
  result: idSchema('query_result'),
  state: z.enum(reidentificationStates),
  reason: sensitive(z.string()),
  /** The two who asked, and to whom alone the answer is opened. */
  asked_by: z.tuple([z.string(), z.string()]),
  asked_at: instantSchema,
  asked: z.int().describe('How many were asked about'),
  found: z.int().describe('Of how many somebody was found. Whoever objected, is restricted, archived or erased is found by nobody.'),
  detail: z.string().nullable(),
  opened_by: z.array(z.string()),
  expires_at: instantSchema,
})
export type ReidentificationView = z.output<typeof reidentificationView>

export const reidentified = reidentificationView.extend({
  people: z.array(z.strictObject({ token: z.string(), identifier: sensitive(z.string()) })).max(limits.reidentifiedMax),
})
