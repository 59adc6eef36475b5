import { z } from 'zod'
import { blank, type Mask } from './mask.ts'

const schema = z.strictObject({ mask: z.literal('geo_prefix'), keep: z.int().min(1).max(8) })

/** The beginning of a postcode, geohash or area code, which names a larger area. A code that is no longer than the part kept is hidden. */
export const geoPrefix: Mask<z.infer<typeof schema>> = {
  kind: 'geo_prefix',
  title: 'The first characters of a postcode or area code',
  schema,
  appliesTo: () => ['string'],
  declares: () => ({ ...blank, keepsOrder: true }),
  apply(value, { keep }) {
    if (typeof value !== 'string') return { fault: 'geo_prefix treats text only' }
    const characters = Array.from(value)
    return characters.length > keep ? { value: characters.slice(0, keep).join('') } : { fault: 'the code is no longer than the part that would be kept' }
  },
}
