/** The token space of a project as a peer is told of it: `linkage.key`. It travels sealed to the peer's node, and nothing else of it does. */
import { instantSchema } from '@gatehouse/core/schema'
import { z } from 'zod'

export const keyMessage = 'linkage.key'

export const keyBody = z.strictObject({
  /** Stands in every token: the project at the node whose token space it is. */
  audience: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/),
  keys: z
    .array(
      z.strictObject({
        key_id: z.string().regex(/^k\d{1,3}$/),
        /** 32 bytes, base64url; only of the key that makes tokens. Of those before it nothing but when they end. */
        key: z.string().length(43).optional(),
        not_before: instantSchema,
        not_after: instantSchema,
      }),
    )
    .min(1)
    .max(100),
})
export type KeyBody = z.output<typeof keyBody>
