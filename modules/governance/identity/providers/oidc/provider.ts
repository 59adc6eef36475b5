import type { ProviderRow } from '../store.ts'

/** A provider that speaks OpenID Connect: this node is a client of it. */
export type OidcProvider = ProviderRow & { readonly client_id: string }

export function oidcProvider(row: ProviderRow): OidcProvider {
  const { client_id } = row
  if (client_id === null) throw new Error('this provider does not speak OpenID Connect')
  return { ...row, client_id }
}
