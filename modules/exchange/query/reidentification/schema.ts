import { idSchema, instantSchema, sensitive } from '@gatehouse/core/schema'
import { z } from 'zod'
import { limits } from '../schema.ts'

export const tokenText = z.string().regex(/^[A-Za-z0-9_-]{16,128}$/, 'a token as it stands in the result')

export const reidentificationView = z.strictObject({
  id: idSchema('reidentification'),
  project: idSchema('project'),
  result: idSchema('query_result'),
  asked_by: z.string(),
  asked_at: instantSchema,
  /** How many tokens were asked about, and how many were found. */
  asked: z.int(),
  found: z.int(),
  opened_at: instantSchema.nullable(),
  expires_at: instantSchema,
})

export const reidentified = reidentificationView.extend({
  people: z.array(z.strictObject({ token: z.string(), identifier: sensitive(z.string()) })).max(limits.reidentifiedMax),
})
