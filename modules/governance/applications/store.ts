import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { KeyScope } from '../access/index.ts'
import type { Application } from './schema.ts'
import type { ApplicationState } from './states.ts'

type Tenant = Id<'tenant'>

// Applications

export interface ApplicationRow extends Pick<Application, 'name' | 'purpose' | 'claims' | 'redirect_uris' | 'acts_by_itself' | 'proves_key' | 'confidential'> {
  readonly tenant_id: Tenant
  readonly id: Id<'application'>
  readonly owner_kind: 'partner' | 'user'
  readonly owner_id: string
  readonly registered_by: string
  readonly secret_hash: Uint8Array | null
  readonly scopes: KeyScope[]
  readonly deployment_id: Id<'deployment'> | null
  readonly client_id: string | null
  readonly state: ApplicationState
  readonly revision: number
  readonly created_at: Instant
  readonly updated_at: Instant
}

const columns = `tenant_id, id, name, purpose, owner_kind, owner_id, registered_by, confidential, secret_hash, redirect_uris, scopes, claims,
  acts_by_itself, proves_key, deployment_id, client_id, state, revision, created_at, updated_at`

/** @returns false where the deployment knows another application by this client id */
export async function insertApplication(tx: Tx, row: ApplicationRow): Promise<boolean> {
  return (
    (await tx.change(
      `INSERT INTO applications.application (${columns})
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) ON CONFLICT DO NOTHING`,
      [
        row.tenant_id,
        row.id,
        row.name,
        row.purpose,
        row.owner_kind,
        row.owner_id,
        row.registered_by,
        row.confidential,
        row.secret_hash,
        row.redirect_uris,
        JSON.stringify(row.scopes),
        row.claims,
        row.acts_by_itself,
        row.proves_key,
        row.deployment_id,
        row.client_id,
        row.state,
        row.revision,
        row.created_at,
        row.updated_at,
      ],
    )) === 1
  )
}

export async function updateApplication(tx: Tx, row: ApplicationRow): Promise<void> {
  await tx.change(
    `UPDATE applications.application SET name = $3, purpose = $4, redirect_uris = $5, scopes = $6, claims = $7, acts_by_itself = $8, proves_key = $9, secret_hash = $10,
       state = $11, revision = $12, updated_at = $13 WHERE tenant_id = $1 AND id = $2`,
    [
      row.tenant_id,
      row.id,
      row.name,
      row.purpose,
      row.redirect_uris,
      JSON.stringify(row.scopes),
      row.claims,
      row.acts_by_itself,
      row.proves_key,
      row.secret_hash,
      row.state,
      row.revision,
      row.updated_at,
    ],
  )
}

export async function applicationById(tx: Tx, tenant: Tenant, id: string): Promise<ApplicationRow | undefined> {
  return (await tx.query<ApplicationRow>(`SELECT ${columns} FROM applications.application WHERE tenant_id = $1 AND id = $2`, [tenant, id]))[0]
}

/** Holds it until the act ends, so that two changes happen one after the other. */
export async function lockApplication(tx: Tx, tenant: Tenant, id: string): Promise<ApplicationRow | undefined> {
  return (await tx.query<ApplicationRow>(`SELECT ${columns} FROM applications.application WHERE tenant_id = $1 AND id = $2 FOR UPDATE`, [tenant, id]))[0]
}

/** In the node's scope: an application proves itself before anybody knows whose it is. */
export async function anyApplication(tx: Tx, id: Id<'application'>): Promise<ApplicationRow | undefined> {
  return (await tx.query<ApplicationRow>({ name: 'applications-any', text: `SELECT ${columns} FROM applications.application WHERE id = $1` }, [id]))[0]
}

/** With an owner only theirs. */
export async function applicationRows(
  tx: Tx,
  tenant: Tenant,
  owner: string | undefined,
  state: ApplicationState | undefined,
  after: string | undefined,
  limit: number,
): Promise<ApplicationRow[]> {
  return tx.query<ApplicationRow>(
    `SELECT ${columns} FROM applications.application WHERE tenant_id = $1 AND ($2::uuid IS NULL OR owner_id = $2) AND ($3::text IS NULL OR state = $3)
       AND ($4::uuid IS NULL OR id > $4) ORDER BY id LIMIT $5`,
    [tenant, owner ?? null, state ?? null, after ?? null, limit],
  )
}

// Connections

export interface ConnectionRow {
  readonly tenant_id: Tenant
  readonly id: Id<'connection'>
  readonly application_id: Id<'application'>
  readonly user_id: Id<'user'>
  readonly scope: string
  readonly audience: string
  readonly created_at: Instant
  readonly ended_at: Instant | null
}

const connectionColumns = 'tenant_id, id, application_id, user_id, scope, audience, created_at, ended_at'

export async function insertConnection(tx: Tx, row: Omit<ConnectionRow, 'ended_at'>): Promise<void> {
  await tx.query(
    `INSERT INTO applications.connection (tenant_id, id, application_id, user_id, scope, audience, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [row.tenant_id, row.id, row.application_id, row.user_id, row.scope, row.audience, row.created_at],
  )
}

export async function openConnection(tx: Tx, tenant: Tenant, id: string): Promise<ConnectionRow | undefined> {
  return (
    await tx.query<ConnectionRow>(`SELECT ${connectionColumns} FROM applications.connection WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL`, [
      tenant,
      id,
    ])
  )[0]
}

/** Those of somebody that are open, oldest first. */
export async function connectionsOf(tx: Tx, tenant: Tenant, user: string, limit: number): Promise<ConnectionRow[]> {
  return tx.query<ConnectionRow>(
    `SELECT ${connectionColumns} FROM applications.connection WHERE tenant_id = $1 AND user_id = $2 AND ended_at IS NULL ORDER BY id LIMIT $3`,
    [tenant, user, limit],
  )
}

export interface ConnectionFilter {
  readonly id?: string
  readonly user?: string
  readonly application?: string
  /** Of whose applications. */
  readonly partner?: string
}

/** Codes and refresh tokens go at once; access tokens are looked at anew within a second. @returns the ids of those that were open */
export async function endConnections(tx: Tx, tenant: Tenant, { id, user, application, partner }: ConnectionFilter, now: Instant): Promise<Id<'connection'>[]> {
  const ended = await tx.query<{ id: Id<'connection'> }>(
    `UPDATE applications.connection SET ended_at = $5 WHERE tenant_id = $1 AND ended_at IS NULL
       AND ($2::uuid IS NULL OR id = $2) AND ($3::uuid IS NULL OR user_id = $3) AND ($4::uuid IS NULL OR application_id = $4)
       AND ($6::uuid IS NULL OR application_id IN (SELECT a.id FROM applications.application a WHERE a.tenant_id = $1 AND a.owner_kind = 'partner' AND a.owner_id = $6))
     RETURNING id`,
    [tenant, id ?? null, user ?? null, application ?? null, now, partner ?? null],
  )
  const ids = ended.map((row) => row.id)
  await tx.change('DELETE FROM applications.artifact WHERE tenant_id = $1 AND connection_id = ANY($2::uuid[])', [tenant, ids])
  return ids
}

// What the protocol keeps

export interface ArtifactRow {
  readonly payload: Record<string, unknown>
  readonly consumed_at: Instant | null
}

/** Holds it: of two who present one code or token the second finds what the first did with it. */
export async function lockArtifact(tx: Tx, tenant: Tenant, kind: string, hash: Uint8Array): Promise<ArtifactRow | undefined> {
  return (
    await tx.query<ArtifactRow>(
      {
        name: 'applications-artifact',
        text: 'SELECT payload, consumed_at FROM applications.artifact WHERE tenant_id = $1 AND kind = $2 AND id_hash = $3 FOR UPDATE',
      },
      [tenant, kind, hash],
    )
  )[0]
}

/** @returns false where it was there before */
export async function insertArtifact(
  tx: Tx,
  tenant: Tenant,
  kind: string,
  hash: Uint8Array,
  { connection, payload, expiresAt }: { readonly connection: string | null; readonly payload: Readonly<Record<string, unknown>>; readonly expiresAt: Instant },
): Promise<boolean> {
  return (
    (await tx.change(
      `INSERT INTO applications.artifact (tenant_id, kind, id_hash, connection_id, payload, expires_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
      [tenant, kind, hash, connection, JSON.stringify(payload), expiresAt],
    )) === 1
  )
}

export async function consumeArtifact(tx: Tx, tenant: Tenant, kind: string, hash: Uint8Array, now: Instant): Promise<void> {
  await tx.change('UPDATE applications.artifact SET consumed_at = $4 WHERE tenant_id = $1 AND kind = $2 AND id_hash = $3', [tenant, kind, hash, now])
}

export async function deleteArtifact(tx: Tx, tenant: Tenant, kind: string, hash: Uint8Array): Promise<void> {
  await tx.change('DELETE FROM applications.artifact WHERE tenant_id = $1 AND kind = $2 AND id_hash = $3', [tenant, kind, hash])
}

/** In the node's scope. */
export async function forgetArtifacts(tx: Tx, now: Instant): Promise<void> {
  await tx.change('DELETE FROM applications.artifact WHERE expires_at < $1', [now])
}

export interface Pass {
  readonly application: string
  readonly connection: string | undefined
  /** Hash of the token's own id. */
  readonly token: Uint8Array
}

/** For each of the passes, in their order: the state of its application where neither its connection has ended nor its token was revoked. */
export async function passesHolding(tx: Tx, tenant: Tenant, passes: readonly Pass[]): Promise<(ApplicationState | undefined)[]> {
  const rows = await tx.query<{ at: number; state: ApplicationState }>(
    {
      name: 'applications-passes',
      text: `SELECT p.at::int, a.state FROM unnest($2::uuid[], $3::uuid[], $4::bytea[]) WITH ORDINALITY AS p(application, connection, token, at)
        JOIN applications.application a ON a.tenant_id = $1 AND a.id = p.application
        LEFT JOIN applications.connection c ON c.tenant_id = $1 AND c.id = p.connection AND c.application_id = a.id AND c.ended_at IS NULL
        WHERE (p.connection IS NULL OR c.id IS NOT NULL)
          AND NOT EXISTS (SELECT 1 FROM applications.artifact r WHERE r.tenant_id = $1 AND r.kind = 'revoked' AND r.id_hash = p.token)`,
    },
    [tenant, passes.map((one) => one.application), passes.map((one) => one.connection ?? null), passes.map((one) => one.token)],
  )
  const states = new Map(rows.map(({ at, state }) => [at - 1, state]))
  return passes.map((_, at) => states.get(at))
}

// Deployments

export interface DeploymentRow {
  readonly tenant_id: Tenant
  readonly id: Id<'deployment'>
  readonly name: string
  readonly issuer: string | null
  readonly jwks_uri: string | null
  readonly audience: string | null
  readonly created_at: Instant
}

const deploymentColumns = 'tenant_id, id, name, issuer, jwks_uri, audience, created_at'

/** @returns false where its issuer or audience is listed already */
export async function insertDeployment(tx: Tx, row: DeploymentRow): Promise<boolean> {
  return (
    (await tx.change(`INSERT INTO applications.deployment (${deploymentColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`, [
      row.tenant_id,
      row.id,
      row.name,
      row.issuer,
      row.jwks_uri,
      row.audience,
      row.created_at,
    ])) === 1
  )
}

export async function deploymentRows(tx: Tx, tenant: Tenant): Promise<DeploymentRow[]> {
  return tx.query<DeploymentRow>(`SELECT ${deploymentColumns} FROM applications.deployment WHERE tenant_id = $1 ORDER BY id`, [tenant])
}

/** @returns false where another one has its audience */
export async function updateDeployment(tx: Tx, { tenant_id: tenant, id, name, jwks_uri: keys, audience }: DeploymentRow): Promise<boolean> {
  return (
    (await tx.change(
      `UPDATE applications.deployment SET name = $3, jwks_uri = $4, audience = $5 WHERE tenant_id = $1 AND id = $2
       AND NOT EXISTS (SELECT 1 FROM applications.deployment WHERE tenant_id = $1 AND id <> $2 AND audience = $5)`,
      [tenant, id, name, keys, audience],
    )) === 1
  )
}

/** @returns false while applications come in by it */
export async function deleteDeployment(tx: Tx, tenant: Tenant, id: Id<'deployment'>): Promise<boolean> {
  const used = await tx.query(`SELECT 1 FROM applications.application WHERE tenant_id = $1 AND deployment_id = $2 AND state <> 'retired' LIMIT 1`, [tenant, id])
  if (used.length > 0) return false
  await tx.change('UPDATE applications.application SET deployment_id = NULL, client_id = NULL WHERE tenant_id = $1 AND deployment_id = $2', [tenant, id])
  return (await tx.change('DELETE FROM applications.deployment WHERE tenant_id = $1 AND id = $2', [tenant, id])) === 1
}

export async function deploymentOfIssuer(tx: Tx, tenant: Tenant, issuer: string): Promise<DeploymentRow | undefined> {
  return (await tx.query<DeploymentRow>(`SELECT ${deploymentColumns} FROM applications.deployment WHERE tenant_id = $1 AND issuer = $2`, [tenant, issuer]))[0]
}

export async function applicationOfClient(tx: Tx, tenant: Tenant, deployment: Id<'deployment'>, client: string): Promise<ApplicationRow | undefined> {
  return (
    await tx.query<ApplicationRow>(`SELECT ${columns} FROM applications.application WHERE tenant_id = $1 AND deployment_id = $2 AND client_id = $3`, [
      tenant,
      deployment,
      client,
    ])
  )[0]
}

// Signing keys

/** In the node's scope. */
export async function signingGeneration(tx: Tx): Promise<number> {
  return (await tx.query<{ generation: number }>('SELECT generation FROM applications.signing WHERE tenant_id = $1', [nodeTenant]))[0]?.generation ?? 0
}

export async function nextSigningGeneration(tx: Tx): Promise<number> {
  const rows = await tx.query<{ generation: number }>(
    `INSERT INTO applications.signing AS s (tenant_id, generation) VALUES ($1, 1) ON CONFLICT (tenant_id) DO UPDATE SET generation = s.generation + 1 RETURNING generation`,
    [nodeTenant],
  )
  return rows[0]?.generation ?? 0
}
