import { stateMachine } from '@gatehouse/core/state-machine'

export const reviewStates = ['submitted', 'partially_reviewed', 'reviewed', 'returned', 'approved', 'rejected', 'withdrawn', 'expired'] as const
export type ReviewState = (typeof reviewStates)[number]
/** `vote`: further first votes are needed. `disclose`: all are in, and they differ. `edit`: another round, whether the thing changed or not. */
export type ReviewEvent = 'vote' | 'disclose' | 'approve' | 'return' | 'reject' | 'edit' | 'withdraw' | 'expire'

const judged = (from: ReviewState) =>
  [
    { from, on: 'vote', to: 'partially_reviewed' },
    { from, on: 'disclose', to: 'reviewed' },
    { from, on: 'approve', to: 'approved' },
    { from, on: 'return', to: 'returned' },
    { from, on: 'reject', to: 'rejected' },
  ] as const

const left = (from: ReviewState) =>
  [
    { from, on: 'edit', to: 'submitted' },
    { from, on: 'withdraw', to: 'withdrawn' },
    { from, on: 'expire', to: 'expired' },
  ] as const

/** The life of a review. Votes are hidden in `submitted` and `partially_reviewed`; from `reviewed` a vote that lapses leads back. */
export const reviewLife = stateMachine<ReviewState, ReviewEvent>('review', 'submitted', [
  ...judged('submitted'),
  ...left('submitted'),
  ...judged('partially_reviewed'),
  ...left('partially_reviewed'),
  ...judged('reviewed'),
  ...left('reviewed'),
  ...left('returned'),
])

export const openStates = reviewStates.filter((state) => !reviewLife.isFinal(state))
