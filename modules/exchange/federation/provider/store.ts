import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { JSONWebKeySet } from 'jose'

export interface ProviderRow {
  readonly issuer: string
  readonly jwks_uri: string
  readonly audience: string
  readonly jwks: JSONWebKeySet | null
  readonly fetched_at: Instant | null
}

export async function providerOf(tx: Tx): Promise<ProviderRow | undefined> {
  const rows = await tx.query<ProviderRow>('SELECT issuer, jwks_uri, audience, jwks, fetched_at FROM federation.provider WHERE tenant_id = $1', [tx.tenant])
  return rows[0]
}

/** Another provider's keys are not kept for this one. */
export async function putProvider(tx: Tx, { issuer, jwks_uri, audience }: Omit<ProviderRow, 'jwks' | 'fetched_at'>): Promise<void> {
  await tx.query(
    `INSERT INTO federation.provider (tenant_id, issuer, jwks_uri, audience) VALUES ($1, $2, $3, $4)
      ON CONFLICT (tenant_id) DO UPDATE SET issuer = $2, jwks_uri = $3, audience = $4, jwks = NULL, fetched_at = NULL`,
    [tx.tenant, issuer, jwks_uri, audience],
  )
}

export async function deleteProvider(tx: Tx): Promise<boolean> {
  return (await tx.change('DELETE FROM federation.provider WHERE tenant_id = $1', [tx.tenant])) === 1
}

/** Of the provider that was asked, if it still is the one. */
export async function putKeys(tx: Tx, { jwks_uri }: ProviderRow, jwks: JSONWebKeySet, now: Instant): Promise<void> {
  await tx.query('UPDATE federation.provider SET jwks = $3, fetched_at = $4 WHERE tenant_id = $1 AND jwks_uri = $2', [
    tx.tenant,
    jwks_uri,
    JSON.stringify(jwks),
    now,
  ])
}
