import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'

/** @returns false where the peer was given this version before */
export async function insertIssued(tx: Tx, project: Id<'project'>, peer: string, version: number, at: Instant): Promise<boolean> {
  const inserted = await tx.change(
    'INSERT INTO linkage.issued_key (tenant_id, project_id, peer, version, issued_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
    [tx.tenant, project, peer, version, at],
  )
  return inserted === 1
}

export async function issuedPeers(tx: Tx, project: Id<'project'>): Promise<string[]> {
  const rows = await tx.query<{ peer: string }>('SELECT DISTINCT peer FROM linkage.issued_key WHERE tenant_id = $1 AND project_id = $2 ORDER BY peer', [
    tx.tenant,
    project,
  ])
  return rows.map(({ peer }) => peer)
}

export interface ReceivedKey {
  readonly peer: string
  readonly audience: string
  readonly key_id: string
  readonly kek_version: number
  readonly wrapped: Uint8Array
  readonly not_before: Instant
  readonly not_after: Instant
  readonly received_at: Instant
}

type Name = Pick<ReceivedKey, 'peer' | 'audience' | 'key_id'>

/** What came first stays: a key of this name never becomes another. */
export async function putReceived(tx: Tx, row: ReceivedKey): Promise<void> {
  await tx.change(
    `INSERT INTO linkage.received_key (tenant_id, peer, audience, key_id, kek_version, wrapped, not_before, not_after, received_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      ON CONFLICT (tenant_id, peer, audience, key_id) DO UPDATE SET not_after = least(linkage.received_key.not_after, excluded.not_after)`,
    [tx.tenant, row.peer, row.audience, row.key_id, row.kek_version, row.wrapped, row.not_before, row.not_after, row.received_at],
  )
}

/** An end is only ever brought forward, so that messages in another order come to the same. */
export async function setWindow(tx: Tx, { peer, audience, key_id, not_after }: Name & Pick<ReceivedKey, 'not_after'>): Promise<void> {
  await tx.change('UPDATE linkage.received_key SET not_after = least(not_after, $5) WHERE tenant_id = $1 AND peer = $2 AND audience = $3 AND key_id = $4', [
    tx.tenant,
    peer,
    audience,
    key_id,
    not_after,
  ])
}

export async function findReceived(tx: Tx, { peer, audience, key_id }: Name): Promise<ReceivedKey | undefined> {
  const rows = await tx.query<ReceivedKey>(
    `SELECT peer, audience, key_id, kek_version, wrapped, not_before, not_after, received_at FROM linkage.received_key
      WHERE tenant_id = $1 AND peer = $2 AND audience = $3 AND key_id = $4`,
    [tx.tenant, peer, audience, key_id],
  )
  return rows[0]
}

// Keys under the tenant's

type OldKey = Name & Pick<ReceivedKey, 'kek_version' | 'wrapped'>

export function oldKeys(tx: Tx, below: number, after: readonly (string | number)[] | undefined, limit: number): Promise<OldKey[]> {
  const [peer = '', audience = '', key = ''] = (after ?? []).map(String)
  return tx.query(
    `SELECT peer, audience, key_id, kek_version, wrapped FROM linkage.received_key
      WHERE tenant_id = $1 AND kek_version < $2 AND (peer, audience, key_id) > ($3, $4, $5) ORDER BY peer, audience, key_id LIMIT $6 FOR UPDATE SKIP LOCKED`,
    [tx.tenant, below, peer, audience, key, limit],
  )
}

export async function storeKeys(
  tx: Tx,
  kekVersion: number,
  rows: readonly { readonly place: readonly (string | number)[]; readonly wrapped: Uint8Array }[],
): Promise<void> {
  for (const { place, wrapped } of rows) {
    await tx.change('UPDATE linkage.received_key SET kek_version = $2, wrapped = $3 WHERE tenant_id = $1 AND peer = $4 AND audience = $5 AND key_id = $6', [
      tx.tenant,
      kekVersion,
      wrapped,
      ...place.map(String),
    ])
  }
}

export async function countOldKeys(tx: Tx, below: number): Promise<number> {
  const rows = await tx.query<{ count: number }>('SELECT count(*) FROM linkage.received_key WHERE tenant_id = $1 AND kek_version < $2', [tx.tenant, below])
  return rows[0]?.count ?? 0
}
