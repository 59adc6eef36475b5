import { z } from 'zod'
import { blank, fieldTypes, type Mask } from './mask.ts'

const schema = z.strictObject({ mask: z.literal('redact') })

/** Gives null, which fits a field of every type and does not tell whether there was a value. */
export const redact: Mask<z.infer<typeof schema>> = {
  kind: 'redact',
  title: 'The field stays, its value becomes null',
  schema,
  appliesTo: () => fieldTypes,
  declares: () => blank,
  apply: () => ({ value: null }),
}
