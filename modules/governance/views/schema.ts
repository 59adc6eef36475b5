/** The nouns of views and their limits. */
import { idSchema, instantSchema, slugSchema } from '@gatehouse/core/schema'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Resource } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'

export const viewsMax = 50
export const nameLengthMax = 100
/** Of ASCII, so these are bytes. */
export const queryLengthMax = 1_024

/** The list that a view is of, such as `releases`. Which lists there are is the page's affair. */
export const listSchema = slugSchema

export const viewInput = z.strictObject({
  list: listSchema,
  name: z
    .string()
    .trim()
    .min(1)
    .max(nameLengthMax)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'a name is one line of text'),
  query: z
    .string()
    .max(queryLengthMax)
    .regex(/^[\x21-\x7e]*$/, 'the part of an address behind "?", with everything but ASCII percent-encoded'),
})

export const viewSchema = viewInput.extend({ id: idSchema('view'), saved_at: instantSchema })
export type View = z.output<typeof viewSchema>

export const ownView = (_input: unknown, { id }: Principal): Resource => ({ type: 'view', owner: id })
