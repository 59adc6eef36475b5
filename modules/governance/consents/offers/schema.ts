import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { z } from 'zod'
import { line, termsSchema } from '../schema.ts'

/** Offers of an institution that are not retired. */
export const offersMax = 100

export const offerKeySchema = idSchema('consent_offer')

/** What a person is asked for: the terms, without what only the giving of a consent knows. */
export const offerTermsSchema = termsSchema.omit({ from: true, until: true, method: true, evidence_reference: true, offer: true })
export type OfferTerms = z.output<typeof offerTermsSchema>

export const newOfferSchema = offerTermsSchema.extend({
  title: line(120).describe('The question in a few words, as people read it'),
  about: z
    .string()
    .trim()
    .min(1)
    .max(2_000)
    .regex(/^[^\0\p{Cs}]*$/u, 'a zero byte cannot be kept')
    .describe('What happens, in plain words'),
  valid_days: z.int().min(1).max(3_650).optional().describe('How long a consent holds; until it is withdrawn where it is absent'),
})

export const offerSchema = z.strictObject({
  id: offerKeySchema,
  title: z.string(),
  about: z.string(),
  terms: offerTermsSchema,
  valid_days: z.int().nullable(),
  created_at: instantSchema,
  retired_at: instantSchema.nullable(),
})
export type OfferView = z.output<typeof offerSchema>

/** An offer as people read it. */
export const ownOfferSchema = z.strictObject({
  id: offerKeySchema,
  title: z.string(),
  about: z.string(),
  purposes: z.array(z.strictObject({ term: z.string(), label: z.string() })),
  recipients: z.array(z.strictObject({ reference: z.string(), name: z.string().nullable() })),
  data_classes: z.array(z.string()),
  valid_days: z.int().nullable(),
  /** The consent to it that is in force; giving it anew makes the next version of that one. */
  given: idSchema('consent').nullable(),
})
