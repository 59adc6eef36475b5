import { z } from 'zod'
import { fillSchema, fillText } from './fill.ts'
import { blank, type Mask } from './mask.ts'

const schema = z
  .strictObject({
    mask: z.literal('partial'),
    keep_first: z.int().min(0).max(32).default(0),
    keep_last: z.int().min(0).max(32).default(0),
    fill: fillSchema,
  })
  .refine((spec) => spec.keep_first + spec.keep_last > 0, 'keep at least one character at either end, or use redact')

export const partial: Mask<z.infer<typeof schema>> = {
  kind: 'partial',
  title: 'The first and last characters, the rest hidden',
  schema,
  appliesTo: () => ['string'],
  declares: () => blank,
  apply(value, { keep_first, keep_last, fill }) {
    if (typeof value !== 'string') return { fault: 'partial treats text only' }
    return { value: fillText(value, keep_first, keep_last, fill, false) }
  },
}
