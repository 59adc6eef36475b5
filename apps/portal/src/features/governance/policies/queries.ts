import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import type { FilterValues } from '../../../ui/record-list/columns.ts'
import type { SampleRecord } from './sample.ts'

export type PolicyItem = Row<'/v1/policies'>
export type Policy = Answer<'/v1/policies/{policy}'>
export type Version = Answer<'/v1/policies/{policy}/versions/{version}'>
export type VersionSummary = Policy['versions'][number]
export type Explained = Version['explained']
export type Comparison = Answer<'/v1/policies/{policy}/compare'>
export type Template = Row<'/v1/policy-templates'>
export type RecordType = Row<'/v1/vault/record-types'>
export type Vocabulary = Answer<'/v1/policy-vocabulary'>
export type Shown = Awaited<ReturnType<typeof preview>>
export type ShownField = Shown['records'][number][number]

/** The first part of every key, for `useLive`. */
export const policiesKey = ['policies'] as const
/** What happens to policies in the ledger's words; the rest of `policies.*` is looking and trying. */
export const policyNews = ['policies.create', 'policies.draft', 'policies.publish', 'policies.retire']

const forGood = { staleTime: Number.POSITIVE_INFINITY }

export function policyPages({ state, assignee, purpose }: FilterValues) {
  const query = { state: state as PolicyItem['state'] | undefined, assignee, purpose }
  return cursorPages<PolicyItem>([...policiesKey, 'list', query], (cursor, signal) =>
    ask(() => api.GET('/v1/policies', { params: { query: { ...query, ...cursor, limit: pageSize } }, signal })),
  )
}

export function policyQuery(policy: string) {
  return queryOptions({
    queryKey: [...policiesKey, policy],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/policies/{policy}', { params: { path: { policy } }, signal })),
  })
}

/** A version's document never changes; its state may. */
export function versionQuery(policy: string, version: number) {
  return queryOptions({
    queryKey: [...policiesKey, policy, 'version', version],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/policies/{policy}/versions/{version}', { params: { path: { policy, version } }, signal })),
  })
}

export function comparisonQuery(policy: string, from: number, to: number) {
  return queryOptions({
    queryKey: [...policiesKey, policy, 'comparison', from, to],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/policies/{policy}/compare', { params: { path: { policy }, query: { from, to } }, signal })),
    ...forGood,
  })
}

export const templatesQuery = queryOptions({
  queryKey: ['policy-templates'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/policy-templates', { signal }))).data,
  ...forGood,
})

export const vocabularyQuery = queryOptions({
  queryKey: ['policy-vocabulary'],
  queryFn: ({ signal }) => ask(() => api.GET('/v1/policy-vocabulary', { signal })),
  ...forGood,
})

export const recordTypesQuery = queryOptions({
  queryKey: ['record-types', 'for-policies'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/vault/record-types', { signal }))).data,
})

/** So many are offered as receivers; another reference can be typed. */
const partnersMax = 1_000

export const receiversQuery = queryOptions({
  queryKey: ['partners', 'for-policies'],
  queryFn: async ({ signal }) => {
    const found: Row<'/v1/partners'>[] = []
    for (let cursor: string | null = null; found.length < partnersMax; ) {
      const page: Answer<'/v1/partners'> = await ask(() =>
        api.GET('/v1/partners', { params: { query: { limit: pageSize, ...(cursor === null ? {} : { cursor }) } }, signal }),
      )
      found.push(...page.data)
      if (page.next === null) break
      cursor = page.next
    }
    return found
  },
})

/** The document as it would be kept, and in sentences; or a problem with the place of every fault. */
export function explanationQuery(document: unknown) {
  return queryOptions({
    queryKey: ['policy-explanation', document],
    queryFn: ({ signal }) => ask(() => api.POST('/v1/policies/explain', { body: { document: document as Record<string, unknown> }, signal })),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
    ...forGood,
  })
}

export interface Trial {
  readonly document?: Record<string, unknown>
  readonly policy?: string
  readonly version?: number
  readonly purpose: string
  readonly record_type?: string
  readonly action?: 'release' | 'read' | 'query' | 'aggregate' | 'export' | 'verify' | 'run'
  readonly sample: readonly SampleRecord[]
}

function preview({ sample, ...trial }: Trial, signal: AbortSignal) {
  return ask(() => api.POST('/v1/policies/preview', { body: { ...trial, sample: sample.map((record) => ({ ...record })) }, signal }))
}

/** The sample may have been typed from life, so nothing of it outlasts the page. */
export function previewQuery(trial: Trial) {
  return queryOptions({
    queryKey: ['policy-preview', trial],
    queryFn: ({ signal }) => preview(trial, signal),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
    ...forGood,
  })
}

export interface Beginning {
  readonly template: string
  readonly uid: string
  readonly partner: string
  readonly record_type: string
  readonly fields: readonly Pick<RecordType['fields'][number], 'name' | 'type' | 'sensitivity'>[]
}

export async function fillTemplate({ template, fields, ...body }: Beginning): Promise<unknown> {
  const filled = await ask(() =>
    api.POST('/v1/policy-templates/{template}', { params: { path: { template } }, body: { ...body, fields: fields.map((field) => ({ ...field })) } }),
  )
  return filled.document
}

export function createPolicy(document: unknown) {
  return ask(() => api.POST('/v1/policies', { body: { document: document as Record<string, unknown> } }))
}

export function saveVersion(policy: string, document: unknown, ifVersion: number) {
  return ask(() =>
    api.POST('/v1/policies/{policy}/versions', {
      params: { path: { policy } },
      body: { document: document as Record<string, unknown>, if_version: ifVersion },
    }),
  )
}

/** Asks that a version be put in force. Two people must, by the same name of the policy. */
export async function publishVersion(policy: string, version: number): Promise<'waiting' | 'done'> {
  const answer = await ask(() => api.POST('/v1/policies/{policy}/versions/{version}/publish', { params: { path: { policy, version } } }))
  return 'status' in answer ? 'waiting' : 'done'
}

export async function retirePolicy(policy: string): Promise<void> {
  await ask(() => api.POST('/v1/policies/{policy}/retire', { params: { path: { policy } } }))
}
