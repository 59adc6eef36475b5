import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Body, type Row } from '../../../api.ts'
import { type Cursor, type CursorPage, cursorPages, pageSize } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'
import type { FilterValues } from '../../../ui/record-list/columns.ts'
import { countByOwner } from './key-state.ts'
import { lastCallDays } from './last-call.ts'
import { mergeCalls } from './merge-calls.ts'

export type Partner = Row<'/v1/partners'>
export type PartnerWithKeys = Answer<'/v1/partners/{partner}'>
export type ReceiverKey = PartnerWithKeys['keys'][number]
export type ApiKey = Row<'/v1/api-keys'>
export type Engineer = Row<'/v1/engineers'>

/** The first part of every key, for `useLive`. */
export const partnersKey = ['partners'] as const

const dayMs = 86_400_000
/** How far back the list looks for a partner's last call. */
export const lastCallWithinDays = 90
/** So many keys are read for the counts; an institution has tens. */
const keysCountedMax = 2_000
/** So many calls of a partner are shown; the log has the rest. */
const callsShown = 50

export const refreshPartners = () => queryClient.invalidateQueries({ queryKey: partnersKey })

export function partnerPages({ status }: FilterValues) {
  const query = { status: status as Partner['status'] | undefined }
  return cursorPages<Partner>([...partnersKey, 'list', query], (cursor, signal) =>
    ask(() => api.GET('/v1/partners', { params: { query: { ...query, ...cursor, limit: pageSize } }, signal })),
  )
}

export function partnerQuery(partner: string) {
  return queryOptions({
    queryKey: [...partnersKey, partner],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/partners/{partner}', { params: { path: { partner } }, signal })),
  })
}

/** Partner by day of its last request, from the counted log. */
export function lastCallsQuery() {
  return queryOptions({
    queryKey: [...partnersKey, 'last-calls'],
    queryFn: async ({ signal }) => {
      const to = new Date(Math.ceil(Date.now() / dayMs) * dayMs)
      const from = new Date(to.getTime() - lastCallWithinDays * dayMs)
      const query = { from: from.toISOString(), to: to.toISOString(), outcome: 'requested', rows: 'partner', columns: 'day' } as const
      return lastCallDays(await ask(() => api.GET('/v1/insight/heat-map', { params: { query }, signal })))
    },
  })
}

/** By the partner's id how many of its API keys hold today. */
export function keyCountsQuery() {
  return queryOptions({
    queryKey: [...partnersKey, 'key-counts'],
    queryFn: async ({ signal }): Promise<ReadonlyMap<string, number>> => {
      const keys: ApiKey[] = []
      let cursor: Cursor | undefined = {}
      while (cursor !== undefined && keys.length < keysCountedMax) {
        const page: CursorPage<ApiKey> = await ask(() => api.GET('/v1/api-keys', { params: { query: { ...cursor, limit: pageSize } }, signal }))
        keys.push(...page.data)
        cursor = page.next === null ? undefined : { cursor: page.next }
      }
      return countByOwner(keys, Date.now())
    },
  })
}

/** The partner's latest requests, granted and refused, newest first. */
export function callsQuery(partner: string) {
  return queryOptions({
    queryKey: [...partnersKey, partner, 'calls'],
    queryFn: async ({ signal }) => {
      const query = { partner, limit: callsShown }
      const [granted, refused] = await Promise.all([
        ask(() => api.GET('/v1/releases', { params: { query }, signal })),
        ask(() => api.GET('/v1/refusals', { params: { query }, signal })),
      ])
      return mergeCalls(granted.data, refused.data, callsShown)
    },
  })
}

/** Purposes that a partner may have something for: those of its policies, or, where these are not open to the reader, of its past requests. */
export function partnerPurposesQuery(partner: PartnerWithKeys, readsPolicies: boolean) {
  return queryOptions({
    queryKey: [...partnersKey, partner.id, 'purposes', readsPolicies],
    queryFn: async ({ signal }) => {
      const tree = await ask(() => api.GET('/v1/purposes', { signal }))
      const used = readsPolicies ? await purposesOfPolicies(partner.reference, signal) : await purposesOfReleases(partner.id, signal)
      return { used: tree.data.filter(({ term }) => used.has(term)), all: tree.data }
    },
  })
}

async function purposesOfPolicies(assignee: string, signal: AbortSignal): Promise<Set<string>> {
  const policies = await ask(() => api.GET('/v1/policies', { params: { query: { assignee, state: 'active', limit: 20 } }, signal }))
  const read = await Promise.all(policies.data.map(({ id }) => ask(() => api.GET('/v1/policies/{policy}', { params: { path: { policy: id } }, signal }))))
  const rules = read.flatMap(({ shown }) => shown.document.permission as readonly { readonly purpose?: readonly string[] }[])
  return new Set(rules.flatMap(({ purpose = [] }) => purpose))
}

async function purposesOfReleases(partner: string, signal: AbortSignal): Promise<Set<string>> {
  const releases = await ask(() => api.GET('/v1/releases', { params: { query: { partner, limit: pageSize } }, signal }))
  return new Set(releases.data.map(({ purpose }) => purpose))
}

export async function registerPartner(body: { reference: string; name: string }): Promise<Partner> {
  return ask(() => api.POST('/v1/partners', { body }))
}

export async function updatePartner(
  partner: string,
  body: { name?: string; status?: Exclude<Partner['status'], 'expired'>; expires_at?: string | null; reason?: string },
): Promise<void> {
  await ask(() => api.PATCH('/v1/partners/{partner}', { params: { path: { partner } }, body }))
}

export async function addReceiverKey(partner: string, body: { certificate_pem?: string; jwk?: { kty: string }; label?: string }): Promise<void> {
  await ask(() => api.POST('/v1/partners/{partner}/keys', { params: { path: { partner } }, body }))
}

export async function removeReceiverKey(partner: string, key: string): Promise<void> {
  await ask(() => api.DELETE('/v1/partners/{partner}/keys/{key}', { params: { path: { partner, key } } }))
}

export function apiKeysQuery(partner: string) {
  return queryOptions({
    queryKey: [...partnersKey, partner, 'api-keys'],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/api-keys', { params: { query: { partner, limit: pageSize } }, signal })),
  })
}

export async function issueApiKey(body: Body<'/v1/api-keys'>): Promise<string> {
  return (await ask(() => api.POST('/v1/api-keys', { body }))).key
}

export async function rotateApiKey(key: string): Promise<string> {
  return (await ask(() => api.POST('/v1/api-keys/{key}/rotation', { params: { path: { key } }, body: {} }))).key
}

export async function revokeApiKey(key: string): Promise<void> {
  await ask(() => api.DELETE('/v1/api-keys/{key}', { params: { path: { key } } }))
}

export function engineersQuery(partner: string) {
  return queryOptions({
    queryKey: [...partnersKey, partner, 'engineers'],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/engineers', { params: { query: { partner, limit: pageSize } }, signal })),
  })
}

export async function inviteEngineer(body: { partner: string; email: string; name: string }): Promise<string> {
  return (await ask(() => api.POST('/v1/engineers/invitations', { body }))).link
}
