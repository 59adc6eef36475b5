import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Row } from '../../../api.ts'
import { queryClient } from '../../../session.ts'

export type Review = Row<'/v1/link-reviews'>
export type PairRow = Row<'/v1/projects/{project}/link-reviews/{review}/pairs'>
export type OpenedPair = Answer<'/v1/projects/{project}/link-reviews/{review}/pairs/{pair}'>
export type Choice = NonNullable<PairRow['mine']>
export const reasons = [
  'as_compared',
  'identifiers_agree',
  'name_variant',
  'name_changed',
  'typing_error',
  'moved',
  'relatives',
  'twins',
  'different_dates',
  'different_identifiers',
  'common_name',
  'too_little',
  'other',
] as const
export type Reason = (typeof reasons)[number]

export const reviewsKey = ['link-reviews'] as const

export const reviewsQuery = queryOptions({
  queryKey: [...reviewsKey, 'list'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/link-reviews', { signal }))).data,
})

export interface InReview {
  readonly project: string
  readonly review: string
}

/** Numbers and states, without anything of the records. */
export const pairsQuery = ({ project, review }: InReview) =>
  queryOptions({
    queryKey: [...reviewsKey, project, review, 'pairs'],
    queryFn: async ({ signal }) =>
      (await ask(() => api.GET('/v1/projects/{project}/link-reviews/{review}/pairs', { params: { path: { project, review }, query: { limit: 500 } }, signal })))
        .data,
  })

/** Each look is in the ledger, so it is looked once, and forgotten as soon as it is not shown. */
export const pairQuery = ({ project, review }: InReview, pair: number) =>
  queryOptions({
    queryKey: [...reviewsKey, project, review, 'pair', pair],
    queryFn: ({ signal }) =>
      ask(() => api.GET('/v1/projects/{project}/link-reviews/{review}/pairs/{pair}', { params: { path: { project, review, pair } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    retry: false,
  })

export async function decide({ project, review }: InReview, pair: number, choice: Choice, reason: Reason) {
  const answer = await ask(() =>
    api.POST('/v1/projects/{project}/link-reviews/{review}/pairs/{pair}/decision', { params: { path: { project, review, pair } }, body: { choice, reason } }),
  )
  await queryClient.invalidateQueries({ queryKey: [...reviewsKey, project, review, 'pairs'] })
  await queryClient.invalidateQueries({ queryKey: [...reviewsKey, 'list'] })
  return answer
}

export async function closeReview({ project, review }: InReview) {
  const answer = await ask(() => api.POST('/v1/projects/{project}/link-reviews/{review}/close', { params: { path: { project, review } } }))
  await queryClient.invalidateQueries({ queryKey: reviewsKey })
  return answer
}
