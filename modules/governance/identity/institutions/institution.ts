import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { z } from 'zod'
import type { Tenant } from '../../tenancy/index.ts'
import { email, inviteInput } from '../schema.ts'
import type { Staffing } from './store.ts'

/** `unclaimed` until its first administrator has set a password. */
export const standings = ['unclaimed', 'active'] as const

export const institutionSchema = z.strictObject({
  id: idSchema('tenant'),
  slug: z.string(),
  name: z.string(),
  created_at: instantSchema,
  standing: z.enum(standings),
  /** Accounts of the staff that can sign in. */
  staff: z.int(),
  /** Whether it is the institution that runs the node. */
  own: z.boolean(),
})
export type Institution = z.output<typeof institutionSchema>

/** Who is asked to be the first administrator. */
export const administratorInput = z.strictObject({ email, name: inviteInput.shape.name })

export function institutionOf({ id, slug, name, created_at }: Tenant, { staff = 0 }: Partial<Staffing>, own: boolean): Institution {
  return { id, slug, name, created_at, standing: staff === 0 ? 'unclaimed' : 'active', staff, own }
}
