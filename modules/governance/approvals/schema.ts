import { idSchema, instantSchema, pageQuery } from '@gatehouse/core/schema'
import { stateMachine } from '@gatehouse/core/state-machine'
import { z } from 'zod'

/** What nobody seconded within a day was not urgent, or not right. */
export const approvalLifeSeconds = 24 * 60 * 60
/** So long before the end those who may second it are reminded. */
export const remindSeconds = 6 * 60 * 60
/** Of a rule; whoever submits may name as many teams besides. */
export const panelsMax = 8
export const quorumMax = 9
export const deadlineDaysMax = 180
/** How often a vote starts over when the approval it was meant for is closed under its hands. */
export const voteAttemptsMax = 5

export const approvalStates = ['open', 'done', 'withdrawn', 'expired'] as const
export type ApprovalState = (typeof approvalStates)[number]
export type ApprovalEvent = 'complete' | 'withdraw' | 'expire'

export const approvalLife = stateMachine<ApprovalState, ApprovalEvent>('approval', 'open', [
  { from: 'open', on: 'complete', to: 'done' },
  { from: 'open', on: 'withdraw', to: 'withdrawn' },
  { from: 'open', on: 'expire', to: 'expired' },
])

export const approvalSchema = z.strictObject({
  id: idSchema('approval'),
  /** What would happen: the operation, and the SHA-256 (hex) of the exact request. */
  operation: z.string(),
  request_digest: z.string(),
  /** The user who asked first. */
  author: z.string(),
  /** The users who asked for it so far, in order. */
  voters: z.array(z.string()),
  need: z.int(),
  state: z.enum(approvalStates),
  created_at: instantSchema,
  expires_at: instantSchema,
})
export type ApprovalEntry = z.output<typeof approvalSchema>

export const approvalPageQuery = z.strictObject({ ...pageQuery, cursor: idSchema('approval').optional() })
