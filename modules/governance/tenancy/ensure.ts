import { momentOf } from '@gatehouse/runtime/base/context'
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
    const known = await findBySlug(tx, wanted.slug)
    if (known !== undefined) return known
    const moment = momentOf(node.source)
    await insertTenant(tx, moment.newId<'tenant'>(), wanted.slug, wanted.name, settings, moment.now)
    const made = await findBySlug(tx, wanted.slug)
    if (made === undefined) throw new Error(`the tenant ${wanted.slug} was written but cannot be read back`)
    return made
  })
}
