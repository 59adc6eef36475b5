import { z } from 'zod'
import { blank, type Mask } from './mask.ts'

const schema = z.strictObject({
  mask: z.literal('number_bucket'),
  /** Where one bucket ends and the next begins; a number on an edge belongs to the upper one. */
  edges: z
    .array(z.number())
    .min(1)
    .max(100)
    .refine((edges) => edges.every((edge, at) => at === 0 || edge > (edges[at - 1] ?? edge)), 'write the edges in ascending order'),
})

export const numberBucket: Mask<z.infer<typeof schema>> = {
  kind: 'number_bucket',
  title: 'The range the number lies in',
  schema,
  appliesTo: () => ['integer', 'number'],
  declares: () => blank,
  apply(value, { edges }) {
    if (typeof value !== 'number' || !Number.isFinite(value)) return { fault: 'the value is no number' }
    const above = edges.findIndex((edge) => value < edge)
    if (above === 0) return { value: `< ${edges[0]}` }
    if (above < 0) return { value: `>= ${edges.at(-1)}` }
    return { value: `${edges[above - 1]} to < ${edges[above]}` }
  },
}
