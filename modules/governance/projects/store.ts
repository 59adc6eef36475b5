import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Member, Product, Project, Source } from './schema.ts'
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

const projectColumns = 'id, title, description, purpose, agreement, starts_at, ends_at, state, revision, created_by, created_at'

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
        AND ($5::uuid[] IS NULL OR EXISTS (SELECT 1 FROM projects.member m WHERE m.tenant_id = $1 AND m.project_id = p.id AND m.holder_id = ANY($5)))
      ORDER BY id LIMIT $6`,
    [tx.tenant, after ?? null, state ?? null, now, of ?? null, limit],
  )
}

export async function insertProject(tx: Tx, p: Project): Promise<void> {
  await tx.change(`INSERT INTO projects.project (tenant_id, ${projectColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, [
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

const memberColumns = 'id, kind, holder_id AS holder, role, added_by, added_at'

export function membersOf(tx: Tx, project: Id<'project'>): Promise<Member[]> {
  return tx.query<Member>(`SELECT ${memberColumns} FROM projects.member WHERE tenant_id = $1 AND project_id = $2 ORDER BY id`, [tx.tenant, project])
}

/** @returns false where the account or team is a member already */
export async function insertMember(tx: Tx, project: Id<'project'>, { id, kind, holder, role, added_by, added_at }: Member): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO projects.member (tenant_id, project_id, id, kind, holder_id, role, added_by, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT (tenant_id, project_id, kind, holder_id) DO NOTHING`,
    [tx.tenant, project, id, kind, holder, role, added_by, added_at],
  )
  return inserted === 1
}

export async function deleteMember(tx: Tx, project: Id<'project'>, id: Id<'member'>): Promise<Member | undefined> {
  const text = `DELETE FROM projects.member WHERE tenant_id = $1 AND project_id = $2 AND id = $3 RETURNING ${memberColumns}`
  return (await tx.query<Member>(text, [tx.tenant, project, id]))[0]
}

const sourceColumns = 'id, kind, reference, added_by, added_at'

export function sourcesOf(tx: Tx, project: Id<'project'>): Promise<Source[]> {
  return tx.query<Source>(`SELECT ${sourceColumns} FROM projects.source WHERE tenant_id = $1 AND project_id = $2 ORDER BY id`, [tx.tenant, project])
}

/** @returns false where the project works with it already */
export async function insertSource(tx: Tx, project: Id<'project'>, { id, kind, reference, added_by, added_at }: Source): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO projects.source (tenant_id, project_id, ${sourceColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (tenant_id, project_id, kind, reference) DO NOTHING`,
    [tx.tenant, project, id, kind, reference, added_by, added_at],
  )
  return inserted === 1
}

export async function deleteSource(tx: Tx, project: Id<'project'>, id: Id<'source'>): Promise<Source | undefined> {
  const text = `DELETE FROM projects.source WHERE tenant_id = $1 AND project_id = $2 AND id = $3 RETURNING ${sourceColumns}`
  return (await tx.query<Source>(text, [tx.tenant, project, id]))[0]
}
