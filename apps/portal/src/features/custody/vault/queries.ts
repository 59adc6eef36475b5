import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, GatehouseError, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import { following } from './following.ts'

export type Overview = Answer<'/v1/vault'>
export type Check = Row<'/v1/vault/verifications'>
export type Verifying = NonNullable<Answer<'/v1/vault/verifying'>['verifying']>
export type ChainFault = Check['faults'][number]

export const vaultKey = ['vault'] as const
/** How often one looks how far a check is. */
export const watchMs = 1_000
/** A page of checks holds every fault of each, so few are read at once. */
const checksPerPage = 20

export const overviewQuery = queryOptions({
  queryKey: [...vaultKey, 'overview'],
  queryFn: ({ signal }) => ask(() => api.GET('/v1/vault', { signal })),
})

/** The check that is going on, or null; looked at again and again while there is one. */
export const verifyingQuery = queryOptions({
  queryKey: [...vaultKey, 'verifying'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/vault/verifying', { signal }))).verifying,
  refetchInterval: ({ state }) => (state.data ? watchMs : false),
})

export function checkPages() {
  return cursorPages<Check>([...vaultKey, 'checks'], (cursor, signal) =>
    ask(() => api.GET('/v1/vault/verifications', { params: { query: { ...cursor, limit: checksPerPage } }, signal })),
  )
}

/** The newest check, with its faults. */
export const newestCheck = queryOptions({
  queryKey: [...vaultKey, 'newest'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/vault/verifications', { params: { query: { limit: 1 } }, signal }))).data[0] ?? null,
})

/** One check. The API lists them by their ids, newest first, and so the one wanted comes first behind the id that follows on it. */
export function checkQuery(check: string) {
  return queryOptions({
    queryKey: [...vaultKey, 'check', check],
    queryFn: async ({ signal }) => {
      const { data } = await ask(() => api.GET('/v1/vault/verifications', { params: { query: { cursor: following(check), limit: 1 } }, signal }))
      const found = data.find(({ id }) => id === check)
      if (found === undefined) throw new GatehouseError({ type: '/problems/door/not-found', title: 'There is no such check', status: 404 })
      return found
    },
  })
}

/** A job walks all chains; the check then stands in the list. */
export function verifyVault() {
  return ask(() => api.POST('/v1/vault/verifications'))
}

export type Block = Awaited<ReturnType<typeof blocksOf>>['data'][number]

function blocksOf(userId: string, cursor: string | undefined) {
  return ask(() => api.POST('/v1/vault/blocks', { body: { user_id: userId, limit: pageSize, ...(cursor === undefined ? {} : { cursor }) } }))
}

function describe(userId: string, recordType: string) {
  return ask(() => api.POST('/v1/vault/describe', { body: { user_id: userId, record_type: recordType } }))
}

export interface Chain {
  readonly subject: string
  readonly blocks: readonly Block[]
  /** Whether there are more than these. */
  readonly more: boolean
  readonly records: readonly Awaited<ReturnType<typeof describe>>[]
}

/** Nothing of it enters the cache, and the outside id stands in no address: both are gone when the page is left. */
export async function lookUp(userId: string): Promise<Chain> {
  const first = await blocksOf(userId, undefined)
  const types = [...new Set(first.data.map(({ record_type }) => record_type))]
  const records = await Promise.all(types.map((type) => describe(userId, type)))
  return { subject: first.subject_id, blocks: first.data, more: first.next !== null, records }
}
