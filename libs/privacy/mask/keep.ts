import { z } from 'zod'
import { fieldTypes, type Mask } from './mask.ts'

const schema = z.strictObject({ mask: z.literal('keep') })

export const keep: Mask<z.infer<typeof schema>> = {
  kind: 'keep',
  title: 'The value as it is',
  schema,
  appliesTo: () => fieldTypes,
  declares: () => ({ reversible: true, deterministic: true, keepsFormat: true, keepsEquality: true, keepsOrder: true }),
  apply: (value) => ({ value }),
  reverse: (masked) => masked,
}
