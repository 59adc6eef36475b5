import { z } from 'zod'
import { blank, fieldTypes, type Mask } from './mask.ts'

const schema = z.strictObject({ mask: z.literal('drop') })

export const drop: Mask<z.infer<typeof schema>> = {
  kind: 'drop',
  title: 'The field is left out',
  schema,
  appliesTo: () => fieldTypes,
  declares: () => blank,
  apply: () => ({ drop: true }),
}
