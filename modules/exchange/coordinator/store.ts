/** Everything here belongs to the node itself, in whichever scope it is asked. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Health, TakenMessage, WaitingMessage } from './protocol/exchange.ts'
import type { NodeState } from './schema.ts'

export interface NodeRow {
  readonly name: string
  readonly state: NodeState
  readonly card: string
  readonly fingerprint: string
  /** The public key in base64url. */
  readonly signing: string
  readonly generation: number
  readonly health: Health | null
  readonly last_poll_at: Instant | null
  readonly registered_at: Instant
}

const columns = 'name, state, card, fingerprint, signing, generation, health, last_poll_at, registered_at'

export async function nodeNamed(tx: Tx, name: string): Promise<NodeRow | undefined> {
  const rows = await tx.query<NodeRow>({ name: 'coordinator-node', text: `SELECT ${columns} FROM coordinator.node WHERE tenant_id = $1 AND name = $2` }, [
    nodeTenant,
    name,
  ])
  return rows[0]
}

export async function lockNode(tx: Tx, name: string): Promise<NodeRow | undefined> {
  const rows = await tx.query<NodeRow>(`SELECT ${columns} FROM coordinator.node WHERE tenant_id = $1 AND name = $2 FOR UPDATE`, [nodeTenant, name])
  return rows[0]
}

export function listNodes(tx: Tx): Promise<(NodeRow & { waiting: number })[]> {
  return tx.query(
    `SELECT ${columns}, (SELECT count(*) FROM coordinator.message m WHERE m.tenant_id = n.tenant_id AND m.to_node = n.name) AS waiting
      FROM coordinator.node n WHERE tenant_id = $1 ORDER BY name`,
    [nodeTenant],
  )
}

export async function countNodes(tx: Tx, state: NodeState): Promise<number> {
  const rows = await tx.query<{ count: number }>('SELECT count(*) FROM coordinator.node WHERE tenant_id = $1 AND state = $2', [nodeTenant, state])
  return rows[0]?.count ?? 0
}

type Card = Pick<NodeRow, 'name' | 'card' | 'fingerprint' | 'signing' | 'generation'>

/** @returns false where another registered the name meanwhile */
export async function insertNode(tx: Tx, { name, card, fingerprint, signing, generation }: Card, now: Instant): Promise<boolean> {
  const added = await tx.change(
    `INSERT INTO coordinator.node (tenant_id, name, state, card, fingerprint, signing, generation, registered_at, changed_at)
      VALUES ($1, $2, 'proposed', $3, $4, $5, $6, $7, $7) ON CONFLICT DO NOTHING`,
    [nodeTenant, name, card, fingerprint, signing, generation, now],
  )
  return added === 1
}

export async function replaceCard(tx: Tx, { name, card, fingerprint, signing, generation }: Card, now: Instant): Promise<void> {
  await tx.query('UPDATE coordinator.node SET card = $3, fingerprint = $4, signing = $5, generation = $6, changed_at = $7 WHERE tenant_id = $1 AND name = $2', [
    nodeTenant,
    name,
    card,
    fingerprint,
    signing,
    generation,
    now,
  ])
}

export async function setNodeState(tx: Tx, name: string, state: NodeState, now: Instant): Promise<void> {
  await tx.query('UPDATE coordinator.node SET state = $3, changed_at = $4 WHERE tenant_id = $1 AND name = $2', [nodeTenant, name, state, now])
}

export async function deleteNode(tx: Tx, name: string): Promise<void> {
  await tx.query('DELETE FROM coordinator.node WHERE tenant_id = $1 AND name = $2', [nodeTenant, name])
}

export async function notePoll(tx: Tx, name: string, health: Health | undefined, now: Instant): Promise<void> {
  await tx.query(
    {
      name: 'coordinator-poll',
      text: 'UPDATE coordinator.node SET last_poll_at = $3, health = coalesce($4::jsonb, health) WHERE tenant_id = $1 AND name = $2',
    },
    [nodeTenant, name, now, health === undefined ? null : JSON.stringify(health)],
  )
}

export interface Load {
  readonly name: string
  readonly state: NodeState
  readonly messages: number
  readonly bytes: number
}

/** How much waits for each of them. */
export function loadOf(tx: Tx, names: readonly string[]): Promise<Load[]> {
  return tx.query<Load>(
    {
      name: 'coordinator-load',
      text: `SELECT n.name, n.state, coalesce(m.messages, 0) AS messages, coalesce(m.bytes, 0) + coalesce(p.bytes, 0) AS bytes
        FROM coordinator.node n
        LEFT JOIN LATERAL (SELECT count(*) AS messages, sum(length(sealed)) AS bytes FROM coordinator.message WHERE tenant_id = $1 AND to_node = n.name) m ON true
        LEFT JOIN LATERAL (SELECT sum(size) AS bytes FROM coordinator.part WHERE tenant_id = $1 AND to_node = n.name) p ON true
        WHERE n.tenant_id = $1 AND n.name = ANY($2::text[])`,
    },
    [nodeTenant, names],
  )
}

export interface NewMessage {
  readonly id: Id<'message'>
  readonly to: string
  readonly expires_at: Instant
  readonly sealed: string
}

/** The same message again changes nothing. @returns those that were not there */
export async function insertMessages(tx: Tx, from: string, messages: readonly NewMessage[], now: Instant): Promise<ReadonlySet<string>> {
  const added = await tx.query<{ to_node: string; id: string }>(
    {
      name: 'coordinator-leave',
      text: `INSERT INTO coordinator.message (tenant_id, to_node, id, from_node, sealed, left_at, expires_at)
        SELECT $1, m.to_node, m.id, $2, m.sealed, $3, m.expires_at
        FROM unnest($4::text[], $5::uuid[], $6::text[], $7::timestamptz[]) AS m(to_node, id, sealed, expires_at) ON CONFLICT DO NOTHING RETURNING to_node, id`,
    },
    [
      nodeTenant,
      from,
      now,
      messages.map((one) => one.to),
      messages.map((one) => one.id),
      messages.map((one) => one.sealed),
      messages.map((one) => one.expires_at),
    ],
  )
  return new Set(added.map(({ to_node, id }) => `${to_node} ${id}`))
}

/** Oldest first, as many as fit; one always does. */
export function waitingFor(tx: Tx, to: string, now: Instant, limit: number, charactersMax: number): Promise<WaitingMessage[]> {
  return tx.query<WaitingMessage>(
    {
      name: 'coordinator-waiting',
      text: `SELECT id, from_node AS "from", expires_at, sealed FROM (
          SELECT id, from_node, expires_at, sealed, left_at, sum(length(sealed)) OVER (ORDER BY left_at, id) AS so_far FROM (
            SELECT id, from_node, expires_at, sealed, left_at FROM coordinator.message
              WHERE tenant_id = $1 AND to_node = $2 AND expires_at > $3 ORDER BY left_at, id LIMIT $4) first) counted
        WHERE so_far <= $5 OR so_far = length(sealed) ORDER BY left_at, id`,
    },
    [nodeTenant, to, now, limit, charactersMax],
  )
}

export async function deleteTaken(tx: Tx, to: string, taken: readonly TakenMessage[]): Promise<void> {
  await tx.query(
    {
      name: 'coordinator-taken',
      text: `DELETE FROM coordinator.message m USING unnest($3::text[], $4::uuid[]) AS t(from_node, id)
        WHERE m.tenant_id = $1 AND m.to_node = $2 AND m.from_node = t.from_node AND m.id = t.id`,
    },
    [nodeTenant, to, taken.map(({ from }) => from), taken.map(({ id }) => id)],
  )
}

export interface PartRow {
  readonly from_node: string
  readonly attachment: string
  readonly part: number
}

/** @returns false where the part is there already, for the same receiver or another */
export async function insertPart(tx: Tx, part: PartRow & { readonly to: string; readonly size: number; readonly expires_at: Instant }): Promise<boolean> {
  const added = await tx.change(
    `INSERT INTO coordinator.part (tenant_id, from_node, attachment, part, to_node, size, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    [nodeTenant, part.from_node, part.attachment, part.part, part.to, part.size, part.expires_at],
  )
  return added === 1
}

/** @returns its size, where it is there for that receiver */
export async function partFor(tx: Tx, to: string, { from_node, attachment, part }: PartRow): Promise<number | undefined> {
  const rows = await tx.query<{ size: number }>(
    'SELECT size FROM coordinator.part WHERE tenant_id = $1 AND to_node = $2 AND from_node = $3 AND attachment = $4 AND part = $5',
    [nodeTenant, to, from_node, attachment, part],
  )
  return rows[0]?.size
}

export function deleteParts(tx: Tx, to: string, from: string, attachment: string): Promise<PartRow[]> {
  return tx.query<PartRow>(
    'DELETE FROM coordinator.part WHERE tenant_id = $1 AND to_node = $2 AND from_node = $3 AND attachment = $4 RETURNING from_node, attachment, part',
    [nodeTenant, to, from, attachment],
  )
}

/** What nobody came for in time. */
export async function deleteExpired(tx: Tx, now: Instant, limit: number): Promise<{ messages: number; parts: PartRow[] }> {
  const messages = await tx.change('DELETE FROM coordinator.message WHERE tenant_id = $1 AND expires_at <= $2', [nodeTenant, now])
  const parts = await tx.query<PartRow>(
    `DELETE FROM coordinator.part WHERE (tenant_id, from_node, attachment, part) IN (
        SELECT tenant_id, from_node, attachment, part FROM coordinator.part WHERE tenant_id = $1 AND expires_at <= $2 LIMIT $3)
      RETURNING from_node, attachment, part`,
    [nodeTenant, now, limit],
  )
  return { messages, parts }
}

export async function putRelease(tx: Tx, version: string, manifest: string, now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO coordinator.release (tenant_id, version, manifest, offered_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT (tenant_id, version) DO UPDATE SET manifest = $3, offered_at = $4`,
    [nodeTenant, version, manifest, now],
  )
}

/** The latest first. */
export async function listReleases(tx: Tx, limit: number): Promise<string[]> {
  const rows = await tx.query<{ manifest: string }>('SELECT manifest FROM coordinator.release WHERE tenant_id = $1 ORDER BY offered_at DESC LIMIT $2', [
    nodeTenant,
    limit,
  ])
  return rows.map(({ manifest }) => manifest)
}
