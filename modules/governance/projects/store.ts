import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { HolderOf, Member, Product, Project, Source } from './schema.ts'
import type { ProjectState } from './states.ts'

// Products

const productColumns = 'id, slug, name, description, purposes, revision, created_at, ended_at'

export function listProductRows(tx: Tx): Promise<Product[]> {
  return tx.query<Product>(`SELECT ${productColumns} FROM projects.product WHERE tenant_id = $1 ORDER BY id`, [tx.tenant])
}

export async function productById(tx: Tx, id: Id<'product'>, lock = false): Promise<Product | undefined> {
  const text = `SELECT ${productColumns} FROM projects.product WHERE tenant_id = $1 AND id = $2${lock ? ' FOR UPDATE' : ''}`
  return (await tx.query<Product>(text, [tx.tenant, id]))[0]
}

/** @returns false where another has the slug */
export async function insertProduct(tx: Tx, product: Product): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO projects.product (tenant_id, ${productColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (tenant_id, slug) DO NOTHING`,
    [tx.tenant, product.id, product.slug, product.name, product.description, product.purposes, product.revision, product.created_at, product.ended_at],
  )
  return inserted === 1
}

export async function changeProduct(tx: Tx, { id, name, description, purposes, revision, ended_at }: Product): Promise<void> {
  await tx.change('UPDATE projects.product SET name = $3, description = $4, purposes = $5, revision = $6, ended_at = $7 WHERE tenant_id = $1 AND id = $2', [
    tx.tenant,
    id,
    name,
    description,
    purposes,
    revision,
    ended_at,
  ])
}

// Projects

const projectColumns = 'id, title, description, purpose, partner_id AS partner, agreement, starts_at, ends_at, state, revision, created_by, created_at'

export async function projectById(tx: Tx, id: Id<'project'>, lock = false): Promise<Project | undefined> {
  const text = `SELECT ${projectColumns} FROM projects.project WHERE tenant_id = $1 AND id = $2${lock ? ' FOR UPDATE' : ''}`
  return (await tx.query<Project>(text, [tx.tenant, id]))[0]
}

export interface ProjectFilter {
  readonly after: Id<'project'> | undefined
  readonly state: ProjectState | undefined
  /** The accounts and teams of whose projects alone it is asked. */
  readonly of: readonly string[] | undefined
  readonly now: Instant
  readonly limit: number
}

export function listProjectRows(tx: Tx, { after, state, of, now, limit }: ProjectFilter): Promise<Project[]> {
  return tx.query<Project>(
    `SELECT ${projectColumns} FROM projects.project p
      WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id > $2) AND ($3::text IS NULL OR $3 = CASE WHEN ends_at <= $4 THEN 'ended' ELSE state END)
        AND ($5::uuid[] IS NULL OR EXISTS (SELECT 1 FROM projects.member m WHERE m.tenant_id = $1 AND m.project_id = p.id AND m.holder_id = ANY($5) AND m.state = 'admitted'))
      ORDER BY id LIMIT $6`,
    [tx.tenant, after ?? null, state ?? null, now, of ?? null, limit],
  )
}

export async function insertProject(tx: Tx, p: Project): Promise<void> {
  const into = 'id, title, description, purpose, partner_id, agreement, starts_at, ends_at, state, revision, created_by, created_at'
  await tx.change(`INSERT INTO projects.project (tenant_id, ${into}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, [
    tx.tenant,
    p.id,
    p.title,
    p.description,
    p.purpose,
    p.partner,
    p.agreement === null ? null : JSON.stringify(p.agreement),
    p.starts_at,
    p.ends_at,
    p.state,
    p.revision,
    p.created_by,
    p.created_at,
  ])
}

export async function changeProject(tx: Tx, p: Project): Promise<void> {
  await tx.change(
    `UPDATE projects.project SET title = $3, description = $4, purpose = $5, agreement = $6, starts_at = $7, ends_at = $8, state = $9, revision = $10
      WHERE tenant_id = $1 AND id = $2`,
    [
      tx.tenant,
      p.id,
      p.title,
      p.description,
      p.purpose,
      p.agreement === null ? null : JSON.stringify(p.agreement),
      p.starts_at,
      p.ends_at,
      p.state,
      p.revision,
    ],
  )
}

// Members and sources

const memberColumns = 'id, kind, holder_id AS holder, role, state, added_by, added_at'

export function membersOf(tx: Tx, project: Id<'project'>): Promise<Member[]> {
  return tx.query<Member>(`SELECT ${memberColumns} FROM projects.member WHERE tenant_id = $1 AND project_id = $2 ORDER BY id`, [tx.tenant, project])
}

/** @returns false where the account or team is a member already */
export async function insertMember(tx: Tx, project: Id<'project'>, { id, kind, holder, role, state, added_by, added_at }: Member): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO projects.member (tenant_id, project_id, id, kind, holder_id, role, state, added_by, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      ON CONFLICT (tenant_id, project_id, kind, holder_id) DO NOTHING`,
    [tx.tenant, project, id, kind, holder, role, state, added_by, added_at],
  )
  return inserted === 1
}

export async function deleteMember(tx: Tx, project: Id<'project'>, id: Id<'member'>): Promise<Member | undefined> {
  const text = `DELETE FROM projects.member WHERE tenant_id = $1 AND project_id = $2 AND id = $3 RETURNING ${memberColumns}`
  return (await tx.query<Member>(text, [tx.tenant, project, id]))[0]
}

const sourceColumns = 'id, kind, reference, state, added_by, added_at'

export function sourcesOf(tx: Tx, project: Id<'project'>): Promise<Source[]> {
  return tx.query<Source>(`SELECT ${sourceColumns} FROM projects.source WHERE tenant_id = $1 AND project_id = $2 ORDER BY id`, [tx.tenant, project])
}

/** @returns false where the project works with it already */
export async function insertSource(tx: Tx, project: Id<'project'>, { id, kind, reference, state, added_by, added_at }: Source): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO projects.source (tenant_id, project_id, ${sourceColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT (tenant_id, project_id, kind, reference) DO NOTHING`,
    [tx.tenant, project, id, kind, reference, state, added_by, added_at],
  )
  return inserted === 1
}

export async function deleteSource(tx: Tx, project: Id<'project'>, id: Id<'source'>): Promise<Source | undefined> {
  const text = `DELETE FROM projects.source WHERE tenant_id = $1 AND project_id = $2 AND id = $3 RETURNING ${sourceColumns}`
  return (await tx.query<Source>(text, [tx.tenant, project, id]))[0]
}

// What waits for holders

/** What is asked for under this id, held until the act ends: somebody as a member, or a source. */
export async function askedFor(
  tx: Tx,
  id: string,
): Promise<{ readonly project_id: Id<'project'>; readonly member?: Member; readonly source?: Source } | undefined> {
  const asked = (columns: string, table: string) =>
    `SELECT project_id, ${columns} FROM projects.${table} WHERE tenant_id = $1 AND id = $2 AND state = 'asked' FOR UPDATE`
  const [member] = await tx.query<Member & { project_id: Id<'project'> }>(asked(memberColumns, 'member'), [tx.tenant, id])
  if (member !== undefined) return { project_id: member.project_id, member: plain(member) }
  const [source] = await tx.query<Source & { project_id: Id<'project'> }>(asked(sourceColumns, 'source'), [tx.tenant, id])
  return source && { project_id: source.project_id, source: plain(source) }
}

const plain = <T extends { project_id: Id<'project'> }>({ project_id: _, ...row }: T) => row

export async function markAdmitted(tx: Tx, table: 'member' | 'source', project: Id<'project'>, id: string): Promise<void> {
  await tx.change(`UPDATE projects.${table} SET state = 'admitted' WHERE tenant_id = $1 AND project_id = $2 AND id = $3`, [tx.tenant, project, id])
}

// Holders

const holderColumns = 'kind, reference, team_id AS team, named_by, named_at'

export function listHolderRows(tx: Tx): Promise<HolderOf[]> {
  return tx.query<HolderOf>(`SELECT ${holderColumns} FROM projects.holder WHERE tenant_id = $1 ORDER BY kind, reference`, [tx.tenant])
}

export async function holderOf(tx: Tx, kind: Source['kind'], reference: string): Promise<HolderOf | undefined> {
  const text = `SELECT ${holderColumns} FROM projects.holder WHERE tenant_id = $1 AND kind = $2 AND reference = $3`
  return (await tx.query<HolderOf>(text, [tx.tenant, kind, reference]))[0]
}

/** The teams that answer for what the project works with; with `all`, and for what it asks for. */
export async function holdersOfProject(tx: Tx, project: Id<'project'>, which: 'all' | 'admitted' = 'all'): Promise<Id<'team'>[]> {
  const rows = await tx.query<{ team: Id<'team'> }>(
    `SELECT DISTINCT h.team_id AS team FROM projects.source s JOIN projects.holder h ON h.tenant_id = s.tenant_id AND h.kind = s.kind AND h.reference = s.reference
      WHERE s.tenant_id = $1 AND s.project_id = $2 AND ($3 = 'all' OR s.state = 'admitted') ORDER BY 1`,
    [tx.tenant, project, which],
  )
  return rows.map(({ team }) => team)
}

export async function putHolder(tx: Tx, { kind, reference, team, named_by, named_at }: HolderOf): Promise<void> {
  await tx.change(
    `INSERT INTO projects.holder (tenant_id, kind, reference, team_id, named_by, named_at) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (tenant_id, kind, reference) DO UPDATE SET team_id = excluded.team_id, named_by = excluded.named_by, named_at = excluded.named_at`,
    [tx.tenant, kind, reference, team, named_by, named_at],
  )
}

export async function deleteHolder(tx: Tx, kind: Source['kind'], reference: string): Promise<HolderOf | undefined> {
  const text = `DELETE FROM projects.holder WHERE tenant_id = $1 AND kind = $2 AND reference = $3 RETURNING ${holderColumns}`
  return (await tx.query<HolderOf>(text, [tx.tenant, kind, reference]))[0]
}

/** Whoever gives it a holder and whoever lets a project work with it wait for one another. */
export async function lockSource(tx: Tx, kind: Source['kind'], reference: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('projects/source/' || $1::text || $2::text || '/' || $3::text, 0))`, [
    tx.tenant,
    kind,
    reference,
  ])
}

export async function isInUse(tx: Tx, kind: Source['kind'], reference: string, now: Instant): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 FROM projects.source s JOIN projects.project p ON p.tenant_id = s.tenant_id AND p.id = s.project_id
      WHERE s.tenant_id = $1 AND s.kind = $2 AND s.reference = $3 AND p.state <> 'ended' AND p.ends_at > $4 LIMIT 1`,
    [tx.tenant, kind, reference, now],
  )
  return rows.length > 0
}
