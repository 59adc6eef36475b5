import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Body, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import type { FilterValues } from '../../../ui/record-list/columns.ts'

export type ReviewItem = Row<'/v1/reviews'>
export type Review = Answer<'/v1/reviews/{review}'>
export type Ballot = Body<'/v1/reviews/{review}/vote'>
export type Rule = Row<'/v1/review-rules'>
export type Show = 'waiting' | 'mine' | 'all'
export type Delegations = Answer<'/v1/delegations'>

export const reviewsKey = ['reviews'] as const
export const delegationsKey = ['delegations'] as const
/** What may change a review, or who sits where. */
export const reviewNews = [
  'approvals.request_review',
  'approvals.vote',
  'approvals.conclude',
  'approvals.comment',
  'approvals.resubmit',
  'approvals.withdraw_review',
  'approvals.expire_review',
  'approvals.revise',
  'approvals.submit',
  'approvals.delegate',
  'approvals.end_delegation',
]

/** Reviews of one part of the desk, by deadline. */
export const reviewPages =
  (show: Show) =>
  ({ state, kind }: FilterValues) =>
    cursorPages<ReviewItem>([...reviewsKey, 'list', show, state, kind], (cursor, signal) =>
      ask(() =>
        api.GET('/v1/reviews', {
          params: {
            query: {
              show,
              ...cursor,
              limit: pageSize,
              ...(state === undefined ? {} : { state: state as ReviewItem['state'] }),
              ...(kind === undefined ? {} : { kind: kind as ReviewItem['kind'] }),
            },
          },
          signal,
        }),
      ),
    )

export const reviewQuery = (review: string) =>
  queryOptions({
    queryKey: [...reviewsKey, review],
    queryFn: ({ signal }) => ask<Review>(() => api.GET('/v1/reviews/{review}', { params: { path: { review } }, signal })),
  })

/** The open review of a thing, where there is one. */
export const reviewOfQuery = (kind: ReviewItem['kind'], object: string) =>
  queryOptions({
    queryKey: [...reviewsKey, 'of', kind, object],
    queryFn: async ({ signal }) => {
      const page = await ask(() => api.GET('/v1/reviews', { params: { query: { show: 'all', kind, limit: pageSize } }, signal }))
      return page.data.find((one) => one.object === object) ?? null
    },
  })

export type Submission = NonNullable<Review['submission']>
export type Terms = Omit<Body<'/v1/submissions'>, 'kind'>

/** @returns the review that has begun */
export async function submit(kind: Submission['kind'], terms: Terms): Promise<string> {
  return (await ask(() => api.POST('/v1/submissions', { body: { kind, ...terms } }))).id
}
export async function reviseSubmission(submission: string, body: Terms): Promise<void> {
  await ask(() => api.PUT('/v1/submissions/{submission}', { params: { path: { submission } }, body }))
}
export const boardsQuery = queryOptions({
  queryKey: ['boards'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/submissions/boards', { signal }))).data,
})
export const letterQuery = (review: string) =>
  queryOptions({
    queryKey: [...reviewsKey, review, 'letter'],
    queryFn: ({ signal }) => ask<Answer<'/v1/reviews/{review}/letter'>>(() => api.GET('/v1/reviews/{review}/letter', { params: { path: { review } }, signal })),
  })

export const delegationsQuery = queryOptions({
  queryKey: delegationsKey,
  queryFn: ({ signal }) => ask<Delegations>(() => api.GET('/v1/delegations', { signal })),
})

export const rulesQuery = queryOptions({
  queryKey: [...reviewsKey, 'rules'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/review-rules', { signal }))).data,
})

const of = (review: string) => ({ params: { path: { review } } })

export async function askReview(kind: ReviewItem['kind'], object: string): Promise<string> {
  return (await ask(() => api.POST('/v1/reviews', { body: { kind, object } }))).id
}
export async function castVote(review: string, body: Ballot): Promise<ReviewItem> {
  return ask(() => api.POST('/v1/reviews/{review}/vote', { ...of(review), body }))
}
export async function concludeReview(review: string): Promise<void> {
  await ask(() => api.POST('/v1/reviews/{review}/conclude', of(review)))
}
export async function sayAbout(review: string, visibility: 'private' | 'public', text: string): Promise<void> {
  await ask(() => api.POST('/v1/reviews/{review}/comments', { ...of(review), body: { visibility, text } }))
}
export async function resubmitReview(review: string): Promise<void> {
  await ask(() => api.POST('/v1/reviews/{review}/resubmit', of(review)))
}
export async function withdrawReview(review: string): Promise<void> {
  await ask(() => api.DELETE('/v1/reviews/{review}', of(review)))
}
export async function handOver(to: string, ends_at: string): Promise<void> {
  await ask(() => api.POST('/v1/delegations', { body: { to, ends_at } }))
}
export async function takeBack(delegation: string): Promise<void> {
  await ask(() => api.DELETE('/v1/delegations/{delegation}', { params: { path: { delegation } } }))
}

export type Emergency = Row<'/v1/emergencies'>
export const emergenciesKey = ['emergencies'] as const
export const emergencyNews = ['access.break_glass', 'access.end_emergency', 'access.review_emergency']

/** Those that nobody has reviewed, the latest first. */
export const emergenciesQuery = queryOptions({
  queryKey: emergenciesKey,
  queryFn: async ({ signal }) =>
    (await ask(() => api.GET('/v1/emergencies', { params: { query: { limit: 100 } }, signal }))).data.filter(({ review }) => review === null),
})

export async function reviewEmergency(emergency: string, review: 'justified' | 'not_justified'): Promise<void> {
  await ask(() => api.POST('/v1/emergencies/{emergency}/review', { params: { path: { emergency } }, body: { review } }))
}

export async function setRule(kind: ReviewItem['kind'], rule: Pick<Rule, 'panels' | 'deadline_days' | 'demanded'>): Promise<'done' | 'waiting'> {
  const answer = await ask(() => api.PUT('/v1/review-rules/{kind}', { params: { path: { kind } }, body: rule }))
  return 'status' in answer ? 'waiting' : 'done'
}

/** Teams that a panel can be, for whoever may know them. */
export const groupsQuery = (mayKnow: boolean) =>
  queryOptions({
    queryKey: [...reviewsKey, 'teams', mayKnow],
    queryFn: async ({ signal }) => (mayKnow ? (await ask(() => api.GET('/v1/teams', { params: { query: { limit: pageSize } }, signal }))).data : []),
  })
