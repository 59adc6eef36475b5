import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '../db.ts'

export interface KekRow {
  readonly version: number
  /** The epoch whose key wraps it; null for one wrapped under the root key alone. */
  readonly epoch: number | null
  /** Whether that epoch is of the tenant's own series; null for one of the node's. */
  readonly own_epoch: boolean | null
  readonly wrapped: Uint8Array
}

export interface KekFacts {
  readonly version: number
  readonly epoch: number | null
  readonly own_epoch: boolean | null
  readonly created_at: Instant
  readonly retired_at: Instant | null
  readonly rewrapped_at: Instant | null
  readonly destroyed_at: Instant | null
}

export interface SecretRow {
  readonly kek_version: number
  readonly wrapped: Uint8Array
}

export async function newestKek(tx: Tx): Promise<KekRow | undefined> {
  return (
    await tx.query<KekRow>(
      'SELECT version, epoch, own_epoch, wrapped FROM keys.kek WHERE tenant_id = $1 AND wrapped IS NOT NULL ORDER BY version DESC LIMIT 1',
      [tx.tenant],
    )
  )[0]
}

export async function findKek(tx: Tx, version: number): Promise<KekRow | undefined> {
  return (
    await tx.query<KekRow>('SELECT version, epoch, own_epoch, wrapped FROM keys.kek WHERE tenant_id = $1 AND version = $2 AND wrapped IS NOT NULL', [
      tx.tenant,
      version,
    ])
  )[0]
}

export function listKeks(tx: Tx): Promise<KekFacts[]> {
  return tx.query('SELECT version, epoch, own_epoch, created_at, retired_at, rewrapped_at, destroyed_at FROM keys.kek WHERE tenant_id = $1 ORDER BY version', [
    tx.tenant,
  ])
}

/** False when there is one of that version already. */
export async function insertKek(tx: Tx, row: KekRow): Promise<boolean> {
  const inserted = await tx.change('INSERT INTO keys.kek (tenant_id, version, epoch, own_epoch, wrapped) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING', [
    tx.tenant,
    row.version,
    row.epoch,
    row.own_epoch,
    row.wrapped,
  ])
  return inserted === 1
}

export async function retireKeks(tx: Tx, below: number): Promise<void> {
  await tx.query('UPDATE keys.kek SET retired_at = clock_timestamp() WHERE tenant_id = $1 AND version < $2 AND retired_at IS NULL', [tx.tenant, below])
}

/** `anew` where something has moved only now: whoever read it before may hold it as it was. */
export async function markRewrapped(tx: Tx, below: number, anew: boolean): Promise<void> {
  await tx.query(
    'UPDATE keys.kek SET rewrapped_at = clock_timestamp() WHERE tenant_id = $1 AND version < $2 AND wrapped IS NOT NULL AND ($3 OR rewrapped_at IS NULL)',
    [tx.tenant, below, anew],
  )
}

/**
 * Seconds since everything under versions below this one had been moved, by the database's clock; `undefined` while that is not so, or
 * while a transaction still runs that began before: it may hold a row as it was then.
 */
export async function restedSeconds(tx: Tx, below: number): Promise<number | undefined> {
  const rows = await tx.query<{ rested: number | null }>(
    `SELECT extract(epoch FROM clock_timestamp() - max(k.rewrapped_at))::float8 AS rested FROM keys.kek k
      WHERE k.tenant_id = $1 AND k.version < $2 AND k.wrapped IS NOT NULL
      HAVING count(*) = count(k.rewrapped_at) AND NOT EXISTS (
        SELECT 1 FROM pg_stat_activity a WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.xact_start <= max(k.rewrapped_at))`,
    [tx.tenant, below],
  )
  return rows[0]?.rested ?? undefined
}

export function destroyKeks(tx: Tx, below: number): Promise<number> {
  return tx.change('UPDATE keys.kek SET wrapped = NULL, destroyed_at = clock_timestamp() WHERE tenant_id = $1 AND version < $2 AND wrapped IS NOT NULL', [
    tx.tenant,
    below,
  ])
}

export async function findSecret(tx: Tx, name: string): Promise<SecretRow | undefined> {
  return (await tx.query<SecretRow>('SELECT kek_version, wrapped FROM keys.secret WHERE tenant_id = $1 AND name = $2', [tx.tenant, name]))[0]
}

export async function insertSecret(tx: Tx, name: string, kekVersion: number, wrapped: Uint8Array): Promise<void> {
  await tx.query('INSERT INTO keys.secret (tenant_id, name, kek_version, wrapped) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
    tx.tenant,
    name,
    kekVersion,
    wrapped,
  ])
}

/** The names of the tenant's secrets and when each was made; never what they are. */
export function listSecrets(tx: Tx): Promise<{ name: string; created_at: Instant }[]> {
  return tx.query('SELECT name, created_at FROM keys.secret WHERE tenant_id = $1 ORDER BY name', [tx.tenant])
}

/** True when any tenant has a key: the database has been sealed before, so a missing root key is a loss and not a beginning. */
export async function isSealed(tx: Tx): Promise<boolean> {
  const rows = await tx.query<{ sealed: boolean }>('SELECT EXISTS (SELECT 1 FROM keys.kek) AS sealed')
  return rows[0]?.sealed === true
}

export interface KeyHolder {
  readonly tenant: Id<'tenant'>
  readonly epoch: number | null
  readonly own_epoch: boolean | null
  /** Whether older versions are left. */
  readonly older: boolean
}

/** Every tenant that has a key, with what the newest version lies under. From the node's scope. */
export function listKeyHolders(tx: Tx): Promise<KeyHolder[]> {
  return tx.query(
    `SELECT tenant_id AS tenant, (array_agg(epoch ORDER BY version DESC))[1] AS epoch, (array_agg(own_epoch ORDER BY version DESC))[1] AS own_epoch, count(*) > 1 AS older
      FROM keys.kek WHERE wrapped IS NOT NULL GROUP BY tenant_id ORDER BY tenant_id`,
  )
}

/** The epochs whose keys a living tenant key still needs, of the node's series and of the tenants'. From the node's scope. */
export function neededEpochs(tx: Tx): Promise<{ tenant: Id<'tenant'>; epoch: number; own_epoch: boolean | null }[]> {
  return tx.query('SELECT tenant_id AS tenant, epoch, own_epoch FROM keys.kek WHERE wrapped IS NOT NULL AND epoch IS NOT NULL')
}

/** Tenant keys that lie under the root key alone, in a database of any version: a change of the root key would lose them. From the node's scope. */
export async function countUnderRoot(tx: Tx): Promise<number> {
  const columns = await tx.query<{ name: string }>("SELECT attname::text AS name FROM pg_attribute WHERE attrelid = to_regclass('keys.kek')")
  if (columns.length === 0) return 0
  if (!columns.some(({ name }) => name === 'epoch')) return (await tx.query<{ n: number }>('SELECT count(*) AS n FROM keys.kek'))[0]?.n ?? 0
  return (await tx.query<{ n: number }>('SELECT count(*) AS n FROM keys.kek WHERE wrapped IS NOT NULL AND epoch IS NULL'))[0]?.n ?? 0
}

/**
 * From now on the tenant gets no key and no secret any more. Waits for those who are just making one, and whoever comes after finds it ended. From the node's scope.
 */
export async function endKeys(tx: Tx, tenant: Id<'tenant'>): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtext('keys.ended'), hashtext($1))", [tenant])
  await tx.query(
    `INSERT INTO gatehouse.forgetting (tenant_id, keys_ended_at) VALUES ($1, clock_timestamp())
      ON CONFLICT (tenant_id) DO UPDATE SET keys_ended_at = coalesce(gatehouse.forgetting.keys_ended_at, excluded.keys_ended_at)`,
    [tenant],
  )
}

/** Asked before a key or secret is made; until the transaction ends the answer stays true. */
export async function keysEnded(tx: Tx): Promise<boolean> {
  await tx.query("SELECT pg_advisory_xact_lock_shared(hashtext('keys.ended'), hashtext($1))", [tx.tenant])
  return (await tx.query('SELECT 1 FROM gatehouse.forgetting WHERE tenant_id = $1 AND keys_ended_at IS NOT NULL', [tx.tenant])).length > 0
}

/** Tenants whose keys have ended. From the node's scope. */
export async function endedTenants(tx: Tx): Promise<Id<'tenant'>[]> {
  return (await tx.query<{ tenant: Id<'tenant'> }>('SELECT tenant_id AS tenant FROM gatehouse.forgetting WHERE keys_ended_at IS NOT NULL')).map(
    ({ tenant }) => tenant,
  )
}

interface PagedSecret {
  readonly name: string
  readonly version: number
  readonly kek_version: number
  readonly wrapped: Uint8Array
}

export function pageSecrets(tx: Tx, below: number, after: string, limit: number): Promise<PagedSecret[]> {
  return tx.query(
    `SELECT name, 0 AS version, kek_version, wrapped FROM keys.secret
      WHERE tenant_id = $1 AND kek_version < $2 AND name > $3 ORDER BY name LIMIT $4 FOR UPDATE SKIP LOCKED`,
    [tx.tenant, below, after, limit],
  )
}

export async function storeSecrets(tx: Tx, kekVersion: number, names: readonly string[], wrapped: readonly Uint8Array[]): Promise<void> {
  await tx.query(
    `UPDATE keys.secret s SET kek_version = $2, wrapped = m.wrapped FROM unnest($3::text[], $4::bytea[]) AS m(name, wrapped)
      WHERE s.tenant_id = $1 AND s.name = m.name`,
    [tx.tenant, kekVersion, names, wrapped],
  )
}

export function pageStored(tx: Tx, below: number, after: readonly [string, number], limit: number): Promise<PagedSecret[]> {
  return tx.query(
    `SELECT name, version, kek_version, sealed AS wrapped FROM keys.stored_secret
      WHERE tenant_id = $1 AND kek_version < $2 AND (name, version) > ($3, $4) ORDER BY name, version LIMIT $5 FOR UPDATE SKIP LOCKED`,
    [tx.tenant, below, after[0], after[1], limit],
  )
}

export async function storeStored(
  tx: Tx,
  kekVersion: number,
  names: readonly string[],
  versions: readonly number[],
  sealed: readonly Uint8Array[],
): Promise<void> {
  await tx.query(
    `UPDATE keys.stored_secret s SET kek_version = $2, sealed = m.sealed FROM unnest($3::text[], $4::integer[], $5::bytea[]) AS m(name, version, sealed)
      WHERE s.tenant_id = $1 AND s.name = m.name AND s.version = m.version`,
    [tx.tenant, kekVersion, names, versions, sealed],
  )
}

export async function countOlder(tx: Tx, below: number): Promise<{ secrets: number; stored: number }> {
  const rows = await tx.query<{ secrets: number; stored: number }>(
    `SELECT (SELECT count(*) FROM keys.secret WHERE tenant_id = $1 AND kek_version < $2) AS secrets,
      (SELECT count(*) FROM keys.stored_secret WHERE tenant_id = $1 AND kek_version < $2) AS stored`,
    [tx.tenant, below],
  )
  return rows[0] ?? { secrets: 0, stored: 0 }
}

export interface SigningRow {
  readonly generation: number
  /** The entry of the log that names this generation. */
  readonly entry_id: Id<'entry'>
  readonly begun_at: Instant
  /** Until when the generation before signs along. */
  readonly earlier_until: Instant
}

/** The generations of a signing key after its first, oldest first. */
export function listSigning(tx: Tx, name: string): Promise<SigningRow[]> {
  return tx.query('SELECT generation, entry_id, begun_at, earlier_until FROM keys.signing WHERE tenant_id = $1 AND name = $2 ORDER BY generation', [
    tx.tenant,
    name,
  ])
}

/** Whether a key was ended in the moment its successor began: it may be in wrong hands. */
export function isTakenBack(successor: SigningRow | undefined): boolean {
  return successor !== undefined && successor.earlier_until <= successor.begun_at
}

/** How many generations there are, and how many of them every process has had the time to hear of. */
export async function countSigning(tx: Tx, name: string, settleSeconds: number): Promise<{ all: number; settled: number }> {
  const rows = await tx.query<{ all: number; settled: number }>(
    `SELECT 1 + count(*) AS all, 1 + count(*) FILTER (WHERE known_at <= clock_timestamp() - make_interval(secs => $3)) AS settled
      FROM keys.signing WHERE tenant_id = $1 AND name = $2`,
    [tx.tenant, name, settleSeconds],
  )
  return rows[0] ?? { all: 1, settled: 1 }
}

/** False where somebody else was faster. Generations before that were still signing along end no later. */
export async function insertSigning(tx: Tx, name: string, row: SigningRow): Promise<boolean> {
  await tx.query('UPDATE keys.signing SET earlier_until = least(earlier_until, $3) WHERE tenant_id = $1 AND name = $2', [tx.tenant, name, row.earlier_until])
  return (
    (await tx.change(
      `INSERT INTO keys.signing (tenant_id, name, generation, entry_id, begun_at, earlier_until) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
      [tx.tenant, name, row.generation, row.entry_id, row.begun_at, row.earlier_until],
    )) === 1
  )
}
