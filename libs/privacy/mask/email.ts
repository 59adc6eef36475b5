import { z } from 'zod'
import { blank, type Mask } from './mask.ts'

const schema = z.strictObject({
  mask: z.literal('email'),
  /** `domain` shows where the mailbox is, `first_letter` one letter more. */
  show: z.enum(['domain', 'first_letter']).default('domain'),
})

const address = /^[^\s@]{1,64}@[^\s@]{1,255}$/

/** Three stars whatever the length of the name, so that the length tells nothing. */
export const email: Mask<z.infer<typeof schema>> = {
  kind: 'email',
  title: 'The domain of an e-mail address',
  schema,
  appliesTo: () => ['string'],
  declares: () => ({ ...blank, keepsFormat: true }),
  apply(value, { show }) {
    if (typeof value !== 'string' || !address.test(value)) return { fault: 'the value is no e-mail address' }
    const [first = ''] = value
    return { value: `${show === 'first_letter' ? first : ''}***${value.slice(value.lastIndexOf('@'))}` }
  },
}
