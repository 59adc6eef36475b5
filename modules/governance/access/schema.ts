/** The nouns of access and their limits. */
import { idSchema, instantSchema, sensitive, slugSchema } from '@gatehouse/core/schema'
import { actions } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { areas, levels } from './areas.ts'
import { roleNames } from './role-names.ts'

export const limits = {
  rolesMax: 200,
  grantsMax: 100,
  conditionCharactersMax: 500,
  /** Holders of a role that are listed one by one; a team counts as one. */
  holdersMax: 1_000,
  /** People who are named in the answer to "who may". */
  namedMax: 1_000,
  emergencyMinutesMax: 60,
  /** Rights that one person may have taken at the same time. */
  emergenciesOpenMax: 3,
} as const

export const areaSchema = z.enum(areas)
export const actionSchema = z.enum(actions)
/** One product or one project of the institution. */
export const scopeSchema = z.strictObject({ kind: z.enum(['product', 'project']), id: z.uuid() })
export type Scope = z.output<typeof scopeSchema>
/** Roles in a project come with membership, so only in a product they are given here. */
export const productSchema = z.strictObject({ kind: z.literal('product'), id: z.uuid() })
/** The same in an address: `product/<id>`. */
export const productText = z
  .string()
  .regex(/^product\/[0-9a-f-]{36}$/, 'a product, such as product/0198c1de-7b3a-7c4d-8e5f-000000000001')
  .transform((text): z.output<typeof productSchema> => ({ kind: 'product', id: text.slice('product/'.length) }))

export const grantSchema = z.strictObject({
  area: areaSchema,
  level: z.enum(levels),
  scope: scopeSchema.optional(),
  /** CEL over sensitivity, category, consent_scope, purpose and now; without it the right holds always. */
  condition: z.string().trim().min(1).max(limits.conditionCharactersMax).optional(),
})
export type RoleGrant = z.output<typeof grantSchema>

const summary = z.string().trim().max(300)
export const roleInput = z.strictObject({ name: slugSchema, summary: summary.default(''), grants: z.array(grantSchema).min(1).max(limits.grantsMax) })

export const ownRoleSchema = z.strictObject({
  id: idSchema('role'),
  name: z.string(),
  summary: z.string(),
  grants: z.array(grantSchema),
  updated_at: instantSchema,
  updated_by: z.string(),
})
export type OwnRole = z.output<typeof ownRoleSchema>

/** A role that ships with the product by name, or one of the institution's own by id. */
export const roleRefSchema = z.union([z.enum(roleNames), idSchema('role')])

export const holderSchema = z.strictObject({
  kind: z.enum(['user', 'team']),
  id: z.uuid(),
  /** The product or project in which alone it holds; null in the whole institution. */
  scope: scopeSchema.nullable(),
  ends_at: instantSchema.nullable(),
})
export type Holder = z.output<typeof holderSchema>

/** One relationship of the path that grants, from the thing to the person. */
export const stepSchema = z.strictObject({
  object: z.string(),
  relation: z.string(),
  subject: z.string(),
  condition: z.string().nullable(),
  ends_at: instantSchema.nullable(),
})
export type Step = z.output<typeof stepSchema>

export const answerSchema = z.enum(['yes', 'no', 'conditional'])

export const emergencySchema = z.strictObject({
  id: idSchema('emergency'),
  user: idSchema('user'),
  area: z.string(),
  action: z.string(),
  purpose: z.string(),
  reason: sensitive(z.string()),
  started_at: instantSchema,
  ends_at: instantSchema,
  ended_at: instantSchema.nullable(),
  review: z.enum(['justified', 'not_justified']).nullable(),
  reviewed_by: idSchema('user').nullable(),
  reviewed_at: instantSchema.nullable(),
})
export type Emergency = z.output<typeof emergencySchema>
