import { z } from 'zod'
import { blank, fieldTypes, type Mask } from './mask.ts'

const schema = z.strictObject({ mask: z.literal('constant'), value: z.union([z.string().max(200), z.number(), z.boolean()]) })

export const constant: Mask<z.infer<typeof schema>> = {
  kind: 'constant',
  title: 'The same value for everyone',
  schema,
  appliesTo: () => fieldTypes,
  declares: () => blank,
  apply: (_, { value }) => ({ value }),
}
