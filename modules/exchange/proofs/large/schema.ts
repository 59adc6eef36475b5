import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { z } from 'zod'
import { stages } from '../kimchi/tasks.ts'
import { requestReasons, requestStates } from './states.ts'

/** Requests of an institution that wait or are under way. */
export const openRequestsMax = 20
export const aliveEveryMs = 1_000
/** A request whose job has been silent for so long is taken over. */
export const silentSeconds = 60

export const requestView = z.strictObject({
  id: idSchema('proof_request'),
  state: z.enum(requestStates),
  stage: z.enum(stages).nullable().describe('What is being done: gathering the set, hashing its tree, compiling the circuit, proving.'),
  stages: z.literal(stages.length),
  members: z.number().int().nullable().describe('How many stand in the set, once that is known and enough to be told.'),
  grantee: z.string(),
  purpose: z.string(),
  data_class: z.string(),
  verifier: z.string(),
  proof: idSchema('proof').nullable(),
  reason: z.enum(requestReasons).nullable().describe('Why there is none; docs/how-to/prove-large-sets.md says what to do about each.'),
  asked_at: instantSchema,
  finished_at: instantSchema.nullable(),
})
