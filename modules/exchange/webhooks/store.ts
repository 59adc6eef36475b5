import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { DeliveryState, DeliveryView, WebhookState } from './schema.ts'

export interface WebhookRow {
  readonly id: Id<'webhook'>
  readonly owner: Id<'partner'> | null
  readonly url: string
  /** null for all. */
  readonly types: readonly string[] | null
  readonly state: WebhookState
  readonly resting_until: Instant | null
  readonly last_delivered_at: Instant | null
  readonly created_at: Instant
}

export interface SecretRow {
  readonly kek_version: number
  readonly wrapped: Uint8Array
}

const columns = 'id, owner, url, types, state, resting_until, last_delivered_at, created_at'
const deliveryColumns = 'id, event_id, type, state, attempts, last_attempt_at, last_status, last_error, delivered_at, created_at'

/** @returns false when the owner has `max` webhooks already */
export async function insertWebhook(tx: Tx, row: Pick<WebhookRow, 'id' | 'owner' | 'url' | 'types' | 'created_at'>, max: number): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO webhooks.webhook (tenant_id, id, owner, url, types, state, created_at)
      SELECT $1, $2::uuid, $3::uuid, $4, $5::text[], 'active', $6
      WHERE (SELECT count(*) FROM webhooks.webhook WHERE tenant_id = $1 AND owner IS NOT DISTINCT FROM $3::uuid) < $7`,
    [tx.tenant, row.id, row.owner, row.url, row.types, row.created_at, max],
  )
  return inserted === 1
}

export async function webhookById(tx: Tx, id: Id<'webhook'>): Promise<WebhookRow | undefined> {
  const rows = await tx.query<WebhookRow>({ name: 'webhooks-by-id', text: `SELECT ${columns} FROM webhooks.webhook WHERE tenant_id = $1 AND id = $2` }, [
    tx.tenant,
    id,
  ])
  return rows[0]
}

/** Holds the webhook until the act ends, so that two changes of one webhook happen one after the other. */
export async function lockWebhook(tx: Tx, id: Id<'webhook'>): Promise<WebhookRow | undefined> {
  const rows = await tx.query<WebhookRow>(`SELECT ${columns} FROM webhooks.webhook WHERE tenant_id = $1 AND id = $2 FOR UPDATE`, [tx.tenant, id])
  return rows[0]
}

export interface WebhookFilter {
  readonly owner: Id<'partner'> | undefined
  readonly state: WebhookState | undefined
  readonly after: Id<'webhook'> | undefined
}

export function listWebhooks(tx: Tx, { owner, state, after }: WebhookFilter, limit: number): Promise<WebhookRow[]> {
  return tx.query<WebhookRow>(
    `SELECT ${columns} FROM webhooks.webhook
      WHERE tenant_id = $1 AND ($2::uuid IS NULL OR owner = $2) AND ($3::text IS NULL OR state = $3) AND ($4::uuid IS NULL OR id > $4)
      ORDER BY id LIMIT $5`,
    [tx.tenant, owner ?? null, state ?? null, after ?? null, limit],
  )
}

export function activeWebhooks(tx: Tx): Promise<WebhookRow[]> {
  return tx.query<WebhookRow>(
    { name: 'webhooks-active', text: `SELECT ${columns} FROM webhooks.webhook WHERE tenant_id = $1 AND state = 'active' ORDER BY id` },
    [tx.tenant],
  )
}

export async function updateWebhook(tx: Tx, { id, types, state }: Pick<WebhookRow, 'id' | 'types' | 'state'>): Promise<void> {
  await tx.query('UPDATE webhooks.webhook SET types = $3, state = $4, resting_until = NULL WHERE tenant_id = $1 AND id = $2', [tx.tenant, id, types, state])
}

export async function deleteWebhook(tx: Tx, id: Id<'webhook'>): Promise<void> {
  await tx.query('DELETE FROM webhooks.webhook WHERE tenant_id = $1 AND id = $2', [tx.tenant, id])
}

export async function insertSecret(tx: Tx, webhook: Id<'webhook'>, id: Id<'key'>, secret: SecretRow, now: Instant): Promise<void> {
  await tx.query('INSERT INTO webhooks.secret (tenant_id, webhook_id, id, kek_version, wrapped, created_at) VALUES ($1, $2, $3, $4, $5, $6)', [
    tx.tenant,
    webhook,
    id,
    secret.kek_version,
    secret.wrapped,
    now,
  ])
}

/** Gives the newest secret its end and removes those whose end has come. */
export async function endSecrets(tx: Tx, webhook: Id<'webhook'>, now: Instant, until: Instant): Promise<void> {
  await Promise.all([
    tx.query('DELETE FROM webhooks.secret WHERE tenant_id = $1 AND webhook_id = $2 AND signs_until <= $3', [tx.tenant, webhook, now]),
    tx.query('UPDATE webhooks.secret SET signs_until = $3 WHERE tenant_id = $1 AND webhook_id = $2 AND signs_until IS NULL', [tx.tenant, webhook, until]),
  ])
}

/** Newest first: the header lists the newest signature first. */
export function signingSecrets(tx: Tx, webhook: Id<'webhook'>, now: Instant): Promise<SecretRow[]> {
  return tx.query<SecretRow>(
    {
      name: 'webhooks-signing-secrets',
      text: `SELECT kek_version, wrapped FROM webhooks.secret
        WHERE tenant_id = $1 AND webhook_id = $2 AND (signs_until IS NULL OR signs_until > $3) ORDER BY signs_until DESC NULLS FIRST, id DESC`,
    },
    [tx.tenant, webhook, now],
  )
}

export interface OldSecretRow extends SecretRow {
  readonly webhook_id: Id<'webhook'>
  readonly id: Id<'key'>
}

/** The next secrets after the place that lie under a version of the tenant's key below this one. */
export function oldSecrets(tx: Tx, below: number, after: readonly [string, string], limit: number): Promise<OldSecretRow[]> {
  return tx.query(
    `SELECT webhook_id, id, kek_version, wrapped FROM webhooks.secret
      WHERE tenant_id = $1 AND kek_version < $2 AND (webhook_id, id) > ($3, $4) ORDER BY webhook_id, id LIMIT $5 FOR UPDATE SKIP LOCKED`,
    [tx.tenant, below, after[0], after[1], limit],
  )
}

export async function moveSecrets(tx: Tx, kekVersion: number, secrets: readonly Omit<OldSecretRow, 'kek_version'>[]): Promise<void> {
  await tx.query(
    `UPDATE webhooks.secret s SET kek_version = $2, wrapped = m.wrapped FROM unnest($3::uuid[], $4::uuid[], $5::bytea[]) AS m(webhook_id, id, wrapped)
      WHERE s.tenant_id = $1 AND s.webhook_id = m.webhook_id AND s.id = m.id`,
    [tx.tenant, kekVersion, secrets.map((row) => row.webhook_id), secrets.map((row) => row.id), secrets.map((row) => row.wrapped)],
  )
}

export async function countOldSecrets(tx: Tx, below: number): Promise<number> {
  const rows = await tx.query<{ count: number }>('SELECT count(*) FROM webhooks.secret WHERE tenant_id = $1 AND kek_version < $2', [tx.tenant, below])
  return rows[0]?.count ?? 0
}

export interface NewDelivery {
  readonly webhook: Id<'webhook'>
  readonly id: Id<'delivery'>
  readonly event: Id<'event'>
  readonly type: string
  readonly body: string
}

/** @returns those that were not there yet */
export function insertDeliveries(
  tx: Tx,
  rows: readonly NewDelivery[],
  attemptsMax: number,
  now: Instant,
): Promise<{ webhook_id: Id<'webhook'>; id: Id<'delivery'> }[]> {
  return tx.query(
    {
      name: 'webhooks-insert-deliveries',
      text: `INSERT INTO webhooks.delivery (tenant_id, webhook_id, id, event_id, type, body, attempts_max, created_at)
        SELECT $1, d.webhook_id, d.id, d.event_id, d.type, d.body, $7, $8
        FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[]) AS d(webhook_id, id, event_id, type, body)
        ON CONFLICT (tenant_id, webhook_id, event_id) DO NOTHING RETURNING webhook_id, id`,
    },
    [
      tx.tenant,
      rows.map((row) => row.webhook),
      rows.map((row) => row.id),
      rows.map((row) => row.event),
      rows.map((row) => row.type),
      rows.map((row) => row.body),
      attemptsMax,
      now,
    ],
  )
}

/** Newest first; ids grow with time. */
export function listDeliveries(
  tx: Tx,
  webhook: Id<'webhook'>,
  filter: { readonly state?: DeliveryState | undefined; readonly before?: Id<'delivery'> | undefined },
  limit: number,
): Promise<DeliveryView[]> {
  return tx.query<DeliveryView>(
    `SELECT ${deliveryColumns} FROM webhooks.delivery
      WHERE tenant_id = $1 AND webhook_id = $2 AND ($3::text IS NULL OR state = $3) AND ($4::uuid IS NULL OR id < $4)
      ORDER BY id DESC LIMIT $5`,
    [tx.tenant, webhook, filter.state ?? null, filter.before ?? null, limit],
  )
}

export interface Attempt {
  readonly event_id: Id<'event'>
  readonly body: string
  /** This one's number, and the number of the last. */
  readonly attempts: number
  readonly attempts_max: number
  readonly created_at: Instant
}

/** Counted before anything is sent, so that an attempt whose process ends counts too. */
export async function beginAttempt(tx: Tx, webhook: Id<'webhook'>, delivery: Id<'delivery'>, now: Instant): Promise<Attempt | undefined> {
  const rows = await tx.query<Attempt>(
    {
      name: 'webhooks-begin-attempt',
      text: `UPDATE webhooks.delivery SET attempts = attempts + 1, last_attempt_at = $4
        WHERE tenant_id = $1 AND webhook_id = $2 AND id = $3 AND state = 'pending' AND attempts < attempts_max
        RETURNING event_id, body, attempts, attempts_max, created_at`,
    },
    [tx.tenant, webhook, delivery, now],
  )
  return rows[0]
}

export interface AttemptResult {
  readonly state: DeliveryState
  readonly status: number | undefined
  readonly error: string | undefined
  readonly deliveredAt: Instant | undefined
}

/** A delivery that another attempt has delivered meanwhile stays delivered. */
export async function endAttempt(tx: Tx, webhook: Id<'webhook'>, delivery: Id<'delivery'>, result: AttemptResult): Promise<void> {
  await tx.query(
    {
      name: 'webhooks-end-attempt',
      text: `UPDATE webhooks.delivery SET state = $4, last_status = $5, last_error = $6, delivered_at = $7
        WHERE tenant_id = $1 AND webhook_id = $2 AND id = $3 AND state <> 'delivered'`,
    },
    [tx.tenant, webhook, delivery, result.state, result.status ?? null, result.error ?? null, result.deliveredAt ?? null],
  )
}

/** Allows `more` attempts. @returns `undefined` when there is no such delivery, or it is still being tried */
export async function reopenDelivery(tx: Tx, webhook: Id<'webhook'>, delivery: Id<'delivery'>, more: number): Promise<DeliveryView | undefined> {
  const rows = await tx.query<DeliveryView>(
    `UPDATE webhooks.delivery SET state = 'pending', attempts_max = attempts + $4, delivered_at = NULL
      WHERE tenant_id = $1 AND webhook_id = $2 AND id = $3 AND NOT (state = 'pending' AND attempts < attempts_max)
      RETURNING ${deliveryColumns}`,
    [tx.tenant, webhook, delivery, more],
  )
  return rows[0]
}

export async function deliveryById(tx: Tx, webhook: Id<'webhook'>, delivery: Id<'delivery'>): Promise<DeliveryView | undefined> {
  const rows = await tx.query<DeliveryView>(`SELECT ${deliveryColumns} FROM webhooks.delivery WHERE tenant_id = $1 AND webhook_id = $2 AND id = $3`, [
    tx.tenant,
    webhook,
    delivery,
  ])
  return rows[0]
}

export async function noteDelivered(tx: Tx, webhook: Id<'webhook'>, now: Instant): Promise<void> {
  await tx.query(
    { name: 'webhooks-note-delivered', text: 'UPDATE webhooks.webhook SET last_delivered_at = $3, resting_until = NULL WHERE tenant_id = $1 AND id = $2' },
    [tx.tenant, webhook, now],
  )
}

export async function letRest(tx: Tx, webhook: Id<'webhook'>, until: Instant): Promise<void> {
  await tx.query({ name: 'webhooks-let-rest', text: 'UPDATE webhooks.webhook SET resting_until = $3 WHERE tenant_id = $1 AND id = $2' }, [
    tx.tenant,
    webhook,
    until,
  ])
}

/** @returns false when it was not active any more */
export async function pauseWebhook(tx: Tx, webhook: Id<'webhook'>): Promise<boolean> {
  const changed = await tx.change(`UPDATE webhooks.webhook SET state = 'paused' WHERE tenant_id = $1 AND id = $2 AND state = 'active'`, [tx.tenant, webhook])
  return changed === 1
}

/** Parks a webhook to which nothing was delivered since the given time. @returns false when something was, or it was not active */
export async function parkWebhook(tx: Tx, webhook: Id<'webhook'>, since: Instant): Promise<boolean> {
  const changed = await tx.change(
    `UPDATE webhooks.webhook SET state = 'parked'
      WHERE tenant_id = $1 AND id = $2 AND state = 'active' AND (last_delivered_at IS NULL OR last_delivered_at < $3)`,
    [tx.tenant, webhook, since],
  )
  return changed === 1
}

/** For all tenants at once. */
export async function forgetDeliveries(tx: Tx, before: Instant): Promise<number> {
  return tx.change(`DELETE FROM webhooks.delivery WHERE created_at < $1 AND state <> 'pending'`, [before])
}

/** A body is JSON text, and an id in it stands between quotes. */
export function deleteDeliveriesAbout(tx: Tx, id: string): Promise<number> {
  return tx.change(`DELETE FROM webhooks.delivery WHERE tenant_id = $1 AND strpos(body, '"' || $2 || '"') > 0`, [tx.tenant, id])
}
