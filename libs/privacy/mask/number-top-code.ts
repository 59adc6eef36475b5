import { z } from 'zod'
import { blank, type Mask } from './mask.ts'

const schema = z
  .strictObject({ mask: z.literal('number_top_code'), max: z.number(), min: z.number().optional() })
  .refine(({ min, max }) => min === undefined || min < max, { path: ['min'], message: 'write a min below max' })

/** Rare high values (an age of 104, a very large income) point at one person; above `max` all look alike. */
export const numberTopCode: Mask<z.infer<typeof schema>> = {
  kind: 'number_top_code',
  title: 'The number, but never above a largest (or below a smallest) one',
  schema,
  appliesTo: () => ['integer', 'number'],
  declares: () => ({ ...blank, keepsFormat: true, keepsOrder: true }),
  apply(value, { max, min }) {
    if (typeof value !== 'number' || Number.isNaN(value)) return { fault: 'the value is no number' }
    return { value: Math.max(Math.min(value, max), min ?? -Number.MAX_VALUE) }
  },
}
