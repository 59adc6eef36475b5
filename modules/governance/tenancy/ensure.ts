import { type Moment, momentOf } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { type Tenant, type TenantSettings, tenantNameSchema, tenantSlugSchema } from './schema.ts'
import { findBySlug, insertTenant } from './store.ts'

/**
 * Finds the institution, or makes it. Runs when a node starts, before there is anybody who could ask through the door; two
 * processes that start together get the same one. Name and settings are used only for a new institution.
 */
export async function ensureTenant(node: Node, slug: string, name: string, settings: Partial<TenantSettings> = {}): Promise<Tenant> {
  const wanted = { slug: tenantSlugSchema.parse(slug), name: tenantNameSchema.parse(name) }
  return node.database.transaction('node', async (tx) => {
    const known = (await findBySlug(tx, wanted.slug)) ?? (await addTenant(tx, momentOf(node.source), wanted.slug, wanted.name, settings))
    // Another process made it between the two looks.
    const made = known ?? (await findBySlug(tx, wanted.slug))
    if (made === undefined) throw new Error(`the tenant ${wanted.slug} was written but cannot be read back`)
    return made
  })
}

/**
 * A new institution. Its keys are made when something is first sealed under them. In the scope of the node, since nobody belongs to it yet.
 * @returns `undefined` where another has the slug
 */
export async function addTenant(
  tx: Tx,
  moment: Pick<Moment, 'now' | 'newId'>,
  slug: string,
  name: string,
  settings: Partial<TenantSettings> = {},
): Promise<Tenant | undefined> {
  const id = moment.newId<'tenant'>()
  await insertTenant(tx, id, slug, name, settings, moment.now)
  const there = await findBySlug(tx, slug)
  return there?.id === id ? there : undefined
}
