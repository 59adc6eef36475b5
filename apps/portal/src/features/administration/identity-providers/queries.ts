import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Body } from '../../../api.ts'
import { pageSize } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'

export type Provider = Answer<'/v1/identity-providers'>['data'][number]
export type NewProvider = Body<'/v1/identity-providers'>
/** What can be said of a provider when it is added and later; the secret only where it is to be another one. */
export type ProviderSettings = Pick<
  Provider,
  'name' | 'groups_claim' | 'teams' | 'creates_accounts' | 'roles' | 'required' | 'signs_out' | 'trusts_email' | 'factors'
> & {
  domains: string[]
}
export type Protocol = Provider['protocol']
export type SamlSettings = Required<NonNullable<NewProvider['saml']>>
/** What is said of it in its protocol. */
export type Spoken = Pick<NewProvider, 'client_id' | 'client_secret' | 'saml'>

export const providersKey = ['identity-providers'] as const

export const providersQuery = queryOptions({
  queryKey: providersKey,
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/identity-providers', { signal }))).data,
})

export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/teams', { params: { query: { limit: pageSize } }, signal }))).data,
})

const refresh = () => queryClient.invalidateQueries({ queryKey: providersKey })

export async function addProvider(body: NewProvider): Promise<void> {
  await ask(() => api.POST('/v1/identity-providers', { body }))
  await refresh()
}

export async function changeProvider(provider: string, body: ProviderSettings & Spoken): Promise<void> {
  await ask(() => api.PATCH('/v1/identity-providers/{provider}', { params: { path: { provider } }, body }))
  await refresh()
}

export async function removeProvider(provider: string): Promise<void> {
  await ask(() => api.DELETE('/v1/identity-providers/{provider}', { params: { path: { provider } } }))
  await refresh()
}

export type Provisioning = { readonly token: string; readonly base_uri: string }

/** @returns what the directory is to be told; the token is shown this once */
export async function issueToken(provider: string): Promise<Provisioning> {
  const issued = await ask(() => api.POST('/v1/identity-providers/{provider}/provisioning-token', { params: { path: { provider } } }))
  await refresh()
  return issued
}

export async function endToken(provider: string): Promise<void> {
  await ask(() => api.DELETE('/v1/identity-providers/{provider}/provisioning-token', { params: { path: { provider } } }))
  await refresh()
}

export const readMetadata = (metadata: string) => ask(() => api.POST('/v1/identity-providers/saml-metadata', { body: { metadata } }))

export const tryProvider = (provider: string) => ask(() => api.POST('/v1/identity-providers/{provider}/trial', { params: { path: { provider } } }))

export async function proveDomain(provider: string, domain: string): Promise<void> {
  await ask(() => api.POST('/v1/identity-providers/{provider}/domains/{domain}/proof', { params: { path: { provider, domain } } }))
  await refresh()
}
