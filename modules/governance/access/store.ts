import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Ways } from '@gatehouse/policy/relations/ways'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Condition } from './model.ts'
import type { Emergency, OwnRole, Scope } from './schema.ts'

export interface TupleRow {
  readonly object_type: string
  readonly object_id: string
  readonly relation: string
  readonly subject_type: string
  readonly subject_id: string
  readonly subject_relation: string
  readonly caveat: string | null
  readonly context: Readonly<Record<string, unknown>> | null
  readonly expires_at: Instant | null
}

/** A way of one check from its objects: rows that are read, and no more than these. */
export const rowsMax = 20_000

const columns = 't.object_type, t.object_id, t.relation, t.subject_type, t.subject_id, t.subject_relation, t.caveat, t.context, t.expires_at'

const revisionOf = { name: 'access/revision', text: 'SELECT revision FROM access.revision WHERE tenant_id = $1' }

export async function readRevision(tx: Tx, tenant: Id<'tenant'>): Promise<number> {
  return (await tx.query<{ revision: number }>(revisionOf, [tenant]))[0]?.revision ?? 0
}

/** Held until the transaction ends, so that revisions grow in the order of commits. */
export async function nextRevision(tx: Tx, tenant: Id<'tenant'>): Promise<number> {
  const rows = await tx.query<{ revision: number }>(
    'INSERT INTO access.revision AS r (tenant_id, revision) VALUES ($1, 1) ON CONFLICT (tenant_id) DO UPDATE SET revision = r.revision + 1 RETURNING revision',
    [tenant],
  )
  return rows[0]?.revision ?? 0
}

const reach = `WITH RECURSIVE reach (type, id) AS (
    SELECT * FROM unnest($2::text[], $3::text[])
    UNION
    SELECT t.subject_type, t.subject_id FROM reach r
      JOIN access.tuple t ON t.tenant_id = $1 AND t.object_type = r.type AND t.object_id = r.id AND t.leads_on
  )`

/**
 * What names a thing, or everybody of its type, and leads on or is of one of the objects: by a look into the index for each thing (`OFFSET 0`),
 * however many rows the planner expects. The types are a filter and no look of their own, so that a plan costs the same whatever they are, and one
 * is kept instead of made for each check.
 */
const naming = (thing: string): string => `LATERAL (SELECT ${columns} FROM access.tuple t WHERE t.tenant_id = $1 AND t.subject_type = ${thing}_type
    AND t.subject_id IN (${thing}_id, '*') AND (t.object_type = ANY($6::text[]) OR (t.object_type = ANY($2::text[]) AND t.object_id = ANY($3::text[]))) OFFSET 0) AS t`

/** From the subject up to the objects. */
const climb = `WITH RECURSIVE climbed AS (
    SELECT ${columns} FROM (SELECT $4::text, $5::text) AS s (subject_type, subject_id) CROSS JOIN ${naming('s.subject')}
    UNION
    SELECT ${columns} FROM climbed c CROSS JOIN ${naming('c.object')}
  )
  (SELECT ${columns} FROM climbed t LIMIT ${rowsMax})`

const between = { name: 'access/between', text: climb }

/** Where the schema has arrows over all of a relation, these relations as a whole. */
const betweenWhole = {
  name: 'access/between-whole',
  text: `${climb}
  UNION ALL
  (SELECT ${columns} FROM (SELECT object_type, object_id FROM climbed UNION SELECT * FROM unnest($2::text[], $3::text[])) AS x (type, id)
    JOIN unnest($7::text[], $8::text[]) AS whole (type, relation) USING (type)
    CROSS JOIN LATERAL (SELECT ${columns} FROM access.tuple t
      WHERE t.tenant_id = $1 AND t.object_type = x.type AND t.object_id = x.id AND t.relation = whole.relation OFFSET 0) AS t LIMIT ${rowsMax})`,
}

/**
 * What a check of one subject needs, in one look, and hardly anything else of groups, roles and objects of any size. A circle ends by itself, since
 * UNION keeps a row once. Where relations are read as a whole, a row may come twice.
 */
export function tuplesBetween(
  tx: Tx,
  tenant: Id<'tenant'>,
  objects: readonly { type: string; id: string }[],
  subject: { type: string; id: string },
  { through, whole }: Ways,
): Promise<TupleRow[]> {
  const values = [tenant, objects.map(({ type }) => type), objects.map(({ id }) => id), subject.type, subject.id, through]
  if (whole.length === 0) return tx.query<TupleRow>(between, values)
  return tx.query<TupleRow>(betweenWhole, [...values, whole.map(({ type }) => type), whole.map(({ relation }) => relation)])
}

/** What the roles are given on the areas, straight. */
export function rightsOfRoles(tx: Tx, tenant: Id<'tenant'>, areas: readonly string[], roles: readonly string[]): Promise<TupleRow[]> {
  return tx.query<TupleRow>(
    {
      name: 'access/rights-of-roles',
      text: `SELECT ${columns} FROM access.tuple t
        WHERE t.tenant_id = $1 AND t.subject_type = 'role' AND t.subject_id = ANY($3::text[]) AND t.object_type = 'area' AND t.object_id = ANY($2::text[])`,
    },
    [tenant, areas, roles],
  )
}

/** All that can be reached from the objects, members and all: for the question who may. */
export function tuplesBehind(tx: Tx, tenant: Id<'tenant'>, objects: readonly { type: string; id: string }[], limit: number): Promise<TupleRow[]> {
  return tx.query<TupleRow>(
    `${reach} SELECT ${columns} FROM reach r JOIN access.tuple t ON t.tenant_id = $1 AND t.object_type = r.type AND t.object_id = r.id LIMIT $4`,
    [tenant, objects.map(({ type }) => type), objects.map(({ id }) => id), limit],
  )
}

/** All that names the subject, and what names that: for the question what it may. */
export function tuplesAhead(tx: Tx, tenant: Id<'tenant'>, subject: { type: string; id: string }, limit: number): Promise<TupleRow[]> {
  return tx.query<TupleRow>(
    `WITH RECURSIVE ahead (type, id) AS (
        SELECT $2::text, $3::text
        UNION
        SELECT t.object_type, t.object_id FROM ahead a
          JOIN access.tuple t ON t.tenant_id = $1 AND t.subject_type = a.type AND t.subject_id IN (a.id, '*')
      )
      SELECT ${columns} FROM ahead a JOIN access.tuple t ON t.tenant_id = $1 AND t.subject_type = a.type AND t.subject_id IN (a.id, '*') LIMIT $4`,
    [tenant, subject.type, subject.id, limit],
  )
}

/** A role in the whole institution, and in any product or project of it (`project/<id>/<role>`). Not by LIKE: the `_` of a role's name would stand for any letter. */
const ofRole = "(object_id = $2 OR right(object_id, length($2) + 1) = '/' || $2)"

export function holdersOfRole(tx: Tx, tenant: Id<'tenant'>, role: string, limit: number): Promise<TupleRow[]> {
  return tx.query<TupleRow>(
    `SELECT ${columns} FROM access.tuple t WHERE t.tenant_id = $1 AND t.object_type = 'role' AND ${ofRole} AND t.relation = 'holder'
      ORDER BY t.object_id, t.subject_type, t.subject_id LIMIT $3`,
    [tenant, role, limit],
  )
}

export async function putTuples(tx: Tx, tenant: Id<'tenant'>, revision: number, rows: readonly (TupleRow & { readonly leads_on: boolean })[]): Promise<void> {
  if (rows.length === 0) return
  await tx.change(
    `INSERT INTO access.tuple (tenant_id, object_type, object_id, relation, subject_type, subject_id, subject_relation, caveat, context, expires_at, leads_on, revision)
      SELECT $1, r.object_type, r.object_id, r.relation, r.subject_type, r.subject_id, r.subject_relation, r.caveat, r.context, r.expires_at, r.leads_on, $2
      FROM jsonb_to_recordset($3::jsonb) AS r (object_type text, object_id text, relation text, subject_type text, subject_id text, subject_relation text,
        caveat text, context jsonb, expires_at timestamptz, leads_on boolean)
      ON CONFLICT (tenant_id, object_type, object_id, relation, subject_type, subject_id, subject_relation)
      DO UPDATE SET caveat = excluded.caveat, context = excluded.context, expires_at = excluded.expires_at, leads_on = excluded.leads_on, revision = excluded.revision`,
    [tenant, revision, JSON.stringify(rows)],
  )
}

export async function dropTuples(tx: Tx, tenant: Id<'tenant'>, keys: readonly Omit<TupleRow, 'caveat' | 'context' | 'expires_at'>[]): Promise<void> {
  if (keys.length === 0) return
  await tx.change(
    `DELETE FROM access.tuple t USING jsonb_to_recordset($2::jsonb) AS r (object_type text, object_id text, relation text, subject_type text, subject_id text, subject_relation text)
      WHERE t.tenant_id = $1 AND (t.object_type, t.object_id, t.relation, t.subject_type, t.subject_id, t.subject_relation)
        = (r.object_type, r.object_id, r.relation, r.subject_type, r.subject_id, r.subject_relation)`,
    [tenant, JSON.stringify(keys)],
  )
}

/** Every row in which a role stands, as holder's object or as bearer. */
export async function dropRoleTuples(tx: Tx, tenant: Id<'tenant'>, role: string, only: 'rights' | 'all'): Promise<void> {
  await tx.change(`DELETE FROM access.tuple WHERE tenant_id = $1 AND subject_type = 'role' AND subject_id = $2`, [tenant, role])
  if (only === 'all') await tx.change(`DELETE FROM access.tuple WHERE tenant_id = $1 AND object_type = 'role' AND ${ofRole}`, [tenant, role])
}

/** Every relationship of a subject, straight; used when an account is closed. */
export async function dropSubjectTuples(tx: Tx, tenant: Id<'tenant'>, type: string, id: string): Promise<number> {
  return tx.change('DELETE FROM access.tuple WHERE tenant_id = $1 AND subject_type = $2 AND subject_id = $3', [tenant, type, id])
}

/** Rows whose end is long past: they grant nothing, and go so that the table does not grow. */
export async function dropEnded(tx: Tx, before: Instant, limit: number): Promise<number> {
  return tx.change(`DELETE FROM access.tuple WHERE ctid IN (SELECT ctid FROM access.tuple WHERE expires_at < $1 LIMIT $2)`, [before, limit])
}

// Products and projects

interface ScopeRow {
  readonly ends_at: Instant | null
}

export async function putScope(tx: Tx, tenant: Id<'tenant'>, { kind, id }: Scope, endsAt: Instant | null): Promise<void> {
  await tx.change(
    `INSERT INTO access.scope (tenant_id, kind, id, ends_at) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, kind, id) DO UPDATE SET ends_at = excluded.ends_at`,
    [tenant, kind, id, endsAt],
  )
}

export async function lockScope(tx: Tx, tenant: Id<'tenant'>, { kind, id }: Scope): Promise<ScopeRow | undefined> {
  return (await tx.query<ScopeRow>('SELECT ends_at FROM access.scope WHERE tenant_id = $1 AND kind = $2 AND id = $3 FOR SHARE', [tenant, kind, id]))[0]
}

/** What holds in it: rights on its areas, and roles held there. */
const inScope = "object_type IN ('area', 'role') AND object_id LIKE $2 || '/%'"

export async function moveScopeEnd(tx: Tx, tenant: Id<'tenant'>, { kind, id }: Scope, endsAt: Instant | null): Promise<void> {
  await tx.change(`UPDATE access.tuple SET expires_at = $3 WHERE tenant_id = $1 AND ${inScope}`, [tenant, `${kind}/${id}`, endsAt])
}

export async function dropScope(tx: Tx, tenant: Id<'tenant'>, { kind, id }: Scope): Promise<void> {
  await tx.change('DELETE FROM access.scope WHERE tenant_id = $1 AND kind = $2 AND id = $3', [tenant, kind, id])
  await tx.change(`DELETE FROM access.tuple WHERE tenant_id = $1 AND ${inScope}`, [tenant, `${kind}/${id}`])
  await tx.change('DELETE FROM access.tuple WHERE tenant_id = $1 AND object_type = $2 AND object_id = $3', [tenant, kind, id])
}

// Conditions

export function conditionsOf(tx: Tx, tenant: Id<'tenant'>): Promise<Condition[]> {
  return tx.query<Condition>({ name: 'access/conditions', text: 'SELECT name, text FROM access.condition WHERE tenant_id = $1 ORDER BY name' }, [tenant])
}

export async function putConditions(tx: Tx, tenant: Id<'tenant'>, conditions: readonly Condition[]): Promise<void> {
  for (const { name, text } of conditions) {
    await tx.change('INSERT INTO access.condition (tenant_id, name, text) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [tenant, name, text])
  }
}

/** Conditions that no tuple names any more. */
export async function dropIdleConditions(tx: Tx, tenant: Id<'tenant'>): Promise<void> {
  await tx.change(
    `DELETE FROM access.condition c WHERE c.tenant_id = $1 AND NOT EXISTS (SELECT 1 FROM access.tuple t WHERE t.tenant_id = $1 AND t.caveat = c.name)`,
    [tenant],
  )
}

// Roles

const roleColumns = 'id, name, summary, grants, updated_at, updated_by'

export function ownRoles(tx: Tx, tenant: Id<'tenant'>): Promise<OwnRole[]> {
  return tx.query<OwnRole>(`SELECT ${roleColumns} FROM access.role WHERE tenant_id = $1 ORDER BY name`, [tenant])
}

export async function ownRoleName(tx: Tx, tenant: Id<'tenant'>, id: Id<'role'>): Promise<string | undefined> {
  return (await tx.query<{ name: string }>('SELECT name FROM access.role WHERE tenant_id = $1 AND id = $2', [tenant, id]))[0]?.name
}

export async function ownRoleForUpdate(tx: Tx, tenant: Id<'tenant'>, id: string): Promise<OwnRole | undefined> {
  return (await tx.query<OwnRole>(`SELECT ${roleColumns} FROM access.role WHERE tenant_id = $1 AND id = $2 FOR UPDATE`, [tenant, id]))[0]
}

/** @returns false where another role of the institution has the name */
export async function putRole(tx: Tx, tenant: Id<'tenant'>, role: OwnRole): Promise<boolean> {
  const taken = await tx.query('SELECT 1 FROM access.role WHERE tenant_id = $1 AND name = $2 AND id <> $3', [tenant, role.name, role.id])
  if (taken.length > 0) return false
  await tx.change(
    `INSERT INTO access.role (tenant_id, id, name, summary, grants, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (tenant_id, id) DO UPDATE SET name = excluded.name, summary = excluded.summary, grants = excluded.grants,
        updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
    [tenant, role.id, role.name, role.summary, JSON.stringify(role.grants), role.updated_at, role.updated_by],
  )
  return true
}

export async function dropRole(tx: Tx, tenant: Id<'tenant'>, id: string): Promise<void> {
  await tx.change('DELETE FROM access.role WHERE tenant_id = $1 AND id = $2', [tenant, id])
}

// Emergencies

const emergencyColumns = 'id, user_id AS "user", area, action, purpose, reason, started_at, ends_at, ended_at, review, reviewed_by, reviewed_at'

export async function insertEmergency(
  tx: Tx,
  tenant: Id<'tenant'>,
  { id, user, area, action, purpose, reason, started_at, ends_at }: Emergency,
): Promise<void> {
  await tx.change(
    'INSERT INTO access.emergency (tenant_id, id, user_id, area, action, purpose, reason, started_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [tenant, id, user, area, action, purpose, reason, started_at, ends_at],
  )
}

export async function emergencyForUpdate(tx: Tx, tenant: Id<'tenant'>, id: Id<'emergency'>): Promise<Emergency | undefined> {
  return (await tx.query<Emergency>(`SELECT ${emergencyColumns} FROM access.emergency WHERE tenant_id = $1 AND id = $2 FOR UPDATE`, [tenant, id]))[0]
}

export function listEmergencyRows(tx: Tx, tenant: Id<'tenant'>, user: string | undefined, after: string | undefined, limit: number): Promise<Emergency[]> {
  return tx.query<Emergency>(
    `SELECT ${emergencyColumns} FROM access.emergency WHERE tenant_id = $1 AND ($2::uuid IS NULL OR user_id = $2) AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
    [tenant, user ?? null, after ?? null, limit],
  )
}

export async function openEmergencies(tx: Tx, tenant: Id<'tenant'>, user: string, now: Instant): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    'SELECT count(*) AS count FROM access.emergency WHERE tenant_id = $1 AND user_id = $2 AND ended_at IS NULL AND ends_at > $3',
    [tenant, user, now],
  )
  return rows[0]?.count ?? 0
}

export async function lockEmergencies(tx: Tx, user: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('access/emergency/' || $1, 0))`, [user])
}

export async function endEmergency(tx: Tx, tenant: Id<'tenant'>, id: Id<'emergency'>, now: Instant): Promise<void> {
  await tx.change('UPDATE access.emergency SET ended_at = $3 WHERE tenant_id = $1 AND id = $2', [tenant, id, now])
}

export async function reviewEmergency(tx: Tx, tenant: Id<'tenant'>, id: Id<'emergency'>, review: string, by: string, now: Instant): Promise<void> {
  await tx.change('UPDATE access.emergency SET review = $3, reviewed_by = $4, reviewed_at = $5 WHERE tenant_id = $1 AND id = $2', [tenant, id, review, by, now])
}

// A change that is tried and may be taken back

export async function trying<T>(tx: Tx, change: () => Promise<T>, keeps: (result: T) => Promise<boolean>): Promise<T | undefined> {
  await tx.query('SAVEPOINT before_change')
  const result = await change()
  if (await keeps(result)) {
    await tx.query('RELEASE SAVEPOINT before_change')
    return result
  }
  await tx.query('ROLLBACK TO SAVEPOINT before_change')
  return undefined
}
