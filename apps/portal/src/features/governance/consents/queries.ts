import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Row } from '../../../api.ts'
import { queryClient } from '../../../session.ts'

/** The first part of every key, for `useLive`. */
export const consentsKey = ['consents'] as const

/** Entries that change what the overview counts. Searches are entries too, and change nothing. */
export const consentActs = ['consents.give', 'consents.import', 'consents.withdraw', 'consents.withdraw_mine'] as const

const consentsShown = 100
const choicesMax = 200

export type Consent = Awaited<ReturnType<typeof searchConsents>>['data'][number]
export type ConsentTerms = Parameters<typeof giveConsent>[0]

export function overviewQuery() {
  return queryOptions({
    queryKey: [...consentsKey, 'overview'],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/consents/overview', { signal })),
  })
}

/** The outside id of a person travels in the body only. */
export function searchConsents(userId: string, signal?: AbortSignal) {
  return ask(() => api.POST('/v1/consents/search', { body: { user_id: userId, limit: consentsShown }, ...(signal === undefined ? {} : { signal }) }))
}

/** The key lives in this tab's memory alone. Each reading is an entry of the log, so it happens only when somebody asks. */
export function consentsOfQuery(userId: string) {
  return queryOptions({
    queryKey: [...consentsKey, 'of', userId],
    queryFn: ({ signal }) => searchConsents(userId, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
}

export interface Choices {
  readonly purposes: readonly Row<'/v1/purposes'>[]
  readonly partners: readonly Row<'/v1/partners'>[]
  readonly recordTypes: readonly string[]
}

/** What a consent can name. */
export function choicesQuery() {
  return queryOptions({
    queryKey: [...consentsKey, 'choices'],
    queryFn: async ({ signal }): Promise<Choices> => {
      const query = { limit: choicesMax }
      const [purposes, partners, recordTypes] = await Promise.all([
        ask(() => api.GET('/v1/purposes', { signal })),
        ask(() => api.GET('/v1/partners', { params: { query: { ...query, status: 'active' } }, signal })),
        ask(() => api.GET('/v1/vault/record-types', { signal })),
      ])
      return { purposes: purposes.data, partners: partners.data, recordTypes: recordTypes.data.map(({ record_type }) => record_type) }
    },
  })
}

export type Guardian = Awaited<ReturnType<typeof guardians>>[number]
export type AgeRule = Answer<'/v1/consent-settings'>

async function guardians(userId: string, signal?: AbortSignal) {
  return (await ask(() => api.POST('/v1/guardians/search', { body: { user_id: userId }, ...(signal === undefined ? {} : { signal }) }))).guardians
}

export function guardiansQuery(userId: string) {
  return queryOptions({
    queryKey: [...consentsKey, 'guardians', userId],
    queryFn: ({ signal }) => guardians(userId, signal),
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
}

export function offersQuery() {
  return queryOptions({
    queryKey: [...consentsKey, 'offers'],
    queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/consent-offers', { signal }))).data,
  })
}

export function ageRuleQuery() {
  return queryOptions({ queryKey: [...consentsKey, 'age-rule'], queryFn: ({ signal }) => ask(() => api.GET('/v1/consent-settings', { signal })) })
}

export function optOutsQuery(userId: string) {
  return queryOptions({
    queryKey: [...consentsKey, 'opt-outs', userId],
    queryFn: async ({ signal }) => (await ask(() => api.POST('/v1/opt-outs/search', { body: { user_id: userId }, signal }))).opt_outs,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
}

export function exemptionsQuery() {
  return queryOptions({
    queryKey: [...consentsKey, 'exemptions'],
    queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/opt-out-exemptions', { signal }))).data,
  })
}

const refresh = () => queryClient.invalidateQueries({ queryKey: consentsKey })

export async function giveConsent(body: {
  user_id: string
  purposes: string[]
  recipients: string[]
  data_classes: string[]
  from?: string
  until?: string
  method: 'electronic_form' | 'electronic_signature' | 'paper' | 'verbal' | 'other'
  evidence_reference?: string
  notice_version?: string
  language?: string
}) {
  const given = await ask(() => api.POST('/v1/consents', { body }))
  await refresh()
  return given
}

export async function recordGuardian(body: {
  user_id: string
  guardian_user_id: string
  basis: Guardian['basis']
  jointly: boolean
  born?: string
  until?: string
  label?: string
  evidence_reference?: string
}): Promise<void> {
  await ask(() => api.POST('/v1/guardians', { body }))
  await refresh()
}

export async function revokeGuardian(guardianship: string, userId: string): Promise<void> {
  await ask(() => api.POST('/v1/guardians/{guardianship}/revoke', { params: { path: { guardianship } }, body: { user_id: userId } }))
  await refresh()
}

export async function createOffer(body: {
  title: string
  about: string
  purposes: string[]
  recipients: string[]
  data_classes: string[]
  valid_days?: number
}): Promise<void> {
  await ask(() => api.POST('/v1/consent-offers', { body }))
  await refresh()
}

export async function retireOffer(offer: string): Promise<void> {
  await ask(() => api.DELETE('/v1/consent-offers/{offer}', { params: { path: { offer } } }))
  await refresh()
}

export async function exemptPurpose(body: { purpose: string; law: string }): Promise<void> {
  await ask(() => api.POST('/v1/opt-out-exemptions', { body }))
  await refresh()
}

export async function unexemptPurpose(purpose: string): Promise<void> {
  await ask(() => api.DELETE('/v1/opt-out-exemptions/{purpose}', { params: { path: { purpose } } }))
  await refresh()
}

export async function updateAgeRule(rule: AgeRule): Promise<void> {
  await ask(() => api.PUT('/v1/consent-settings', { body: rule }))
  await refresh()
}

export async function withdrawConsent(consent: string, body: { user_id: string; reason?: string }): Promise<void> {
  await ask(() => api.POST('/v1/consents/{consent}/withdraw', { params: { path: { consent } }, body }))
  await refresh()
}

/** The outside id of a person travels in the body only. */
export function moreOfConsent(consent: string, userId: string) {
  const asked = { params: { path: { consent } }, body: { user_id: userId } }
  return queryOptions({
    queryKey: [...consentsKey, 'more', consent, userId],
    queryFn: async ({ signal }) => {
      const [{ versions }, { copies }] = await Promise.all([
        ask(() => api.POST('/v1/consents/{consent}/versions', { ...asked, signal })),
        ask(() => api.POST('/v1/consents/{consent}/copies', { ...asked, signal })),
      ])
      return { versions, copies }
    },
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
}

export async function readReceipt(consent: string, userId: string) {
  return ask(() => api.POST('/v1/consents/{consent}/receipt', { params: { path: { consent } }, body: { user_id: userId } }))
}
