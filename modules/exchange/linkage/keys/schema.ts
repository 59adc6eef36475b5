import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { z } from 'zod'

export const limits = {
  /** One rotation a month for eight years; a project is not longer. */
  versionsMax: 100,
  overlapDaysMax: 90,
} as const

/** `makes`: new tokens are made with it. `reads`: those that were made with it join still. `ended`: neither, for ever. */
export const keyStates = ['makes', 'reads', 'ended'] as const

export const tokenKeySchema = z.strictObject({
  id: idSchema('link_key'),
  /** Stands in each token that was made with it: `k1`. */
  key_id: z.string(),
  state: z.enum(keyStates),
  not_before: instantSchema,
  /** Null: until the project ends. */
  not_after: instantSchema.nullable(),
  made_by: z.string(),
  made_at: instantSchema,
  ended_by: z.string().nullable(),
})
export type TokenKey = z.output<typeof tokenKeySchema>

export const tokenKeysInput = z.strictObject({ project: idSchema('project') })
export const exampleProject = '0198c1de-7b3a-7c4d-8e5f-000000000001'

export const linkageIn = ({ project }: { readonly project: string }) => ({ type: 'linkage', scope: { kind: 'project' as const, id: project } })
