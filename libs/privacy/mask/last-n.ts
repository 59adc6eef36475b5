import { z } from 'zod'
import { fillSchema, fillText } from './fill.ts'
import { blank, type Mask } from './mask.ts'

const schema = z.strictObject({
  mask: z.literal('last_n'),
  n: z.int().min(1).max(32),
  fill: fillSchema,
  /** Leaves spaces, hyphens and the like in their places: `***-**-6789`. */
  keep_separators: z.boolean().default(true),
})

export const lastN: Mask<z.infer<typeof schema>> = {
  kind: 'last_n',
  title: 'The last n characters, the rest hidden',
  schema,
  appliesTo: () => ['string'],
  declares: () => blank,
  apply(value, { n, fill, keep_separators }) {
    if (typeof value !== 'string') return { fault: 'last_n treats text only' }
    return { value: fillText(value, 0, n, fill, keep_separators) }
  },
}
