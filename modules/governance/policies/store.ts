import { type Id, parseId } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Policy } from '@gatehouse/policy/document'
import type { OwnPurpose } from '@gatehouse/policy/purposes'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { z } from 'zod'
import type { PolicyItem, policyPageQuery } from './schema.ts'
import type { VersionState } from './states.ts'

export interface PolicyRow {
  readonly id: Id<'policy'>
  readonly uid: string
  readonly created_at: Instant
  readonly retired_at: Instant | null
}

export interface VersionSummaryRow {
  readonly version: number
  readonly state: VersionState
  /** Hex. */
  readonly digest: string
  readonly author: string
  readonly created_at: Instant
  readonly published_at: Instant | null
  readonly ended_at: Instant | null
}

export interface VersionRow extends VersionSummaryRow {
  readonly document: Policy
}

const policyColumns = 'id, uid, created_at, retired_at'
const summaryColumns = `version, state, encode(digest, 'hex') AS digest, author, created_at, published_at, ended_at`

export interface ActiveRow {
  readonly policy: Id<'policy'>
  readonly version: number
  readonly digest: string
  readonly document: Policy
}

/** What names the recipient comes before what names everyone: the first rule in order gives a field its mask. */
export function activeFor(tx: Tx, assignee: string): Promise<ActiveRow[]> {
  return tx.query<ActiveRow>(
    {
      name: 'policies-active-for',
      text: `SELECT v.policy_id AS policy, v.version, encode(v.digest, 'hex') AS digest, v.document
        FROM policies.version v JOIN policies.policy p ON p.tenant_id = v.tenant_id AND p.id = v.policy_id
        WHERE v.tenant_id = $1 AND v.state = 'active' AND v.assignee IN ($2, '*')
        ORDER BY v.assignee = '*', p.uid`,
    },
    [tx.tenant, assignee],
  )
}

export async function findPolicy(tx: Tx, key: string): Promise<PolicyRow | undefined> {
  const id = parseId<'policy'>(key)
  const rows = await tx.query<PolicyRow>(`SELECT ${policyColumns} FROM policies.policy WHERE tenant_id = $1 AND ${id === undefined ? 'uid' : 'id'} = $2`, [
    tx.tenant,
    id ?? key,
  ])
  return rows[0]
}

/** Holds the policy until the act ends, so that two changes of one policy happen one after the other. */
export async function lockPolicy(tx: Tx, key: string): Promise<PolicyRow | undefined> {
  const id = parseId<'policy'>(key)
  const rows = await tx.query<PolicyRow>(
    `SELECT ${policyColumns} FROM policies.policy WHERE tenant_id = $1 AND ${id === undefined ? 'uid' : 'id'} = $2 FOR UPDATE`,
    [tx.tenant, id ?? key],
  )
  return rows[0]
}

/** @returns false when the uid is taken */
export async function insertPolicy(tx: Tx, policy: PolicyRow): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO policies.policy (tenant_id, ${policyColumns}) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, uid) DO NOTHING`,
    [tx.tenant, policy.id, policy.uid, policy.created_at, policy.retired_at],
  )
  return inserted === 1
}

export async function insertVersion(tx: Tx, policy: Id<'policy'>, row: VersionRow): Promise<void> {
  await tx.query(
    `INSERT INTO policies.version (tenant_id, policy_id, version, document, digest, assignee, state, author, created_at)
      VALUES ($1, $2, $3, $4, decode($5, 'hex'), $6, $7, $8, $9)`,
    [tx.tenant, policy, row.version, JSON.stringify(row.document), row.digest, row.document.assignee, row.state, row.author, row.created_at],
  )
}

export async function findVersion(tx: Tx, policy: Id<'policy'>, version: number): Promise<VersionRow | undefined> {
  const rows = await tx.query<VersionRow>(`SELECT ${summaryColumns}, document FROM policies.version WHERE tenant_id = $1 AND policy_id = $2 AND version = $3`, [
    tx.tenant,
    policy,
    version,
  ])
  return rows[0]
}

/** Newest first. */
export function listVersions(tx: Tx, policy: Id<'policy'>): Promise<VersionSummaryRow[]> {
  return tx.query<VersionSummaryRow>(`SELECT ${summaryColumns} FROM policies.version WHERE tenant_id = $1 AND policy_id = $2 ORDER BY version DESC`, [
    tx.tenant,
    policy,
  ])
}

/** Moves the versions in the given states, up to a version where one is named. */
export async function endVersions(
  tx: Tx,
  policy: Id<'policy'>,
  { from, to, before, at }: { readonly from: readonly VersionState[]; readonly to: VersionState; readonly before?: number; readonly at: Instant },
): Promise<void> {
  await tx.query(
    `UPDATE policies.version SET state = $3, ended_at = $4
      WHERE tenant_id = $1 AND policy_id = $2 AND state = ANY($5::text[]) AND ($6::int IS NULL OR version < $6)`,
    [tx.tenant, policy, to, at, from, before ?? null],
  )
}

export async function activateVersion(tx: Tx, policy: Id<'policy'>, version: number, at: Instant): Promise<void> {
  await tx.query(
    `UPDATE policies.version SET state = 'active', published_at = $4 WHERE tenant_id = $1 AND policy_id = $2 AND version = $3 AND state = 'draft'`,
    [tx.tenant, policy, version, at],
  )
}

export async function retirePolicy(tx: Tx, policy: Id<'policy'>, at: Instant): Promise<void> {
  await tx.query('UPDATE policies.policy SET retired_at = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenant, policy, at])
}

/** Ids grow with time, so the order of the ids is the order of creation and the last id of a page is its cursor. */
export function listPolicies(tx: Tx, filter: z.output<typeof policyPageQuery>, limit: number): Promise<PolicyItem[]> {
  const permission = { ...(filter.record_type && { target: filter.record_type }), ...(filter.purpose && { purpose: [filter.purpose] }) }
  return tx.query<PolicyItem>(
    `SELECT id, uid, title, assignee, state, active_version, active_since, newest_version, created_at, retired_at FROM (
      SELECT p.id, p.uid, shown.document->>'title' AS title, shown.assignee, shown.document,
        CASE WHEN p.retired_at IS NOT NULL THEN 'retired' WHEN numbers.active IS NULL THEN 'draft' ELSE 'active' END AS state,
        numbers.active AS active_version, numbers.since AS active_since, numbers.newest AS newest_version, p.created_at, p.retired_at
      FROM policies.policy p
      CROSS JOIN LATERAL (
        SELECT v.document, v.assignee FROM policies.version v WHERE v.tenant_id = p.tenant_id AND v.policy_id = p.id
        ORDER BY v.state = 'active' DESC, v.version DESC LIMIT 1
      ) shown
      CROSS JOIN LATERAL (
        SELECT max(v.version) AS newest, max(v.version) FILTER (WHERE v.state = 'active') AS active,
          max(v.published_at) FILTER (WHERE v.state = 'active') AS since
        FROM policies.version v WHERE v.tenant_id = p.tenant_id AND v.policy_id = p.id
      ) numbers
      WHERE p.tenant_id = $1 AND ($2::uuid IS NULL OR p.id > $2)
    ) policy
    WHERE ($3::text IS NULL OR state = $3) AND ($4::text IS NULL OR assignee = $4)
      AND ($5::jsonb IS NULL OR document::jsonb @> $5)
    ORDER BY id LIMIT $6`,
    [
      tx.tenant,
      filter.cursor ?? null,
      filter.state ?? null,
      filter.assignee ?? null,
      Object.keys(permission).length === 0 ? null : JSON.stringify({ permission: [permission] }),
      limit,
    ],
  )
}

export function ownPurposes(tx: Tx): Promise<OwnPurpose[]> {
  return tx.query<OwnPurpose>({ name: 'policies-own-purposes', text: 'SELECT slug, parent, label FROM policies.purpose WHERE tenant_id = $1 ORDER BY slug' }, [
    tx.tenant,
  ])
}

/** @returns false when the slug is taken */
export async function insertPurpose(tx: Tx, purpose: OwnPurpose, at: Instant): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO policies.purpose (tenant_id, slug, parent, label, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, slug) DO NOTHING`,
    [tx.tenant, purpose.slug, purpose.parent, purpose.label ?? null, at],
  )
  return inserted === 1
}

/** The kinds of records that a policy in force speaks of; tables of the catalogue, whose names have a dot, are none. */
export async function policyTargets(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ target: string }>(
    `SELECT DISTINCT r.rule ->> 'target' AS target FROM policies.version v CROSS JOIN LATERAL json_array_elements(v.document -> 'permission') AS r (rule)
      WHERE v.tenant_id = $1 AND v.state = 'active' AND r.rule ->> 'target' NOT LIKE '%.%' ORDER BY target LIMIT 500`,
    [tx.tenant],
  )
  return rows.map(({ target }) => target)
}
