import { z } from 'zod'
import { blank, type Mask } from './mask.ts'

const schema = z.strictObject({ mask: z.literal('phone'), keep_last: z.int().min(0).max(4).default(2), keep_country: z.boolean().default(true) })

const number = /^\+?[\d\s()./-]+$/
/** ITU-T E.164: country codes of one and two digits; all others have three. */
const countryCode = /^(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/

/** Keeps the number's own spacing. A country code is one only after a plus. */
export const phone: Mask<z.infer<typeof schema>> = {
  kind: 'phone',
  title: 'The country code and last digits of a telephone number',
  schema,
  appliesTo: () => ['string'],
  declares: () => blank,
  apply(value, { keep_last, keep_country }) {
    if (typeof value !== 'string' || !number.test(value)) return { fault: 'the value is no telephone number' }
    const digits = value.replaceAll(/\D/g, '')
    if (digits.length < 7 || digits.length > 15) return { fault: 'a telephone number has 7 to 15 digits' }
    const first = keep_country && value.startsWith('+') ? (countryCode.exec(digits)?.[0].length ?? 0) : 0
    let position = 0
    const hide = (digit: string) => {
      const at = position++
      return at < first || at >= digits.length - keep_last ? digit : '*'
    }
    return { value: value.replaceAll(/\d/g, hide) }
  },
}
