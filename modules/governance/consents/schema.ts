/** The nouns of consents and their limits. */
import { idSchema, instantSchema, pageQuery, sensitive, slugSchema } from '@gatehouse/core/schema'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { AuditFacts, Resource } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { type Subject, userIdSchema } from '../../subjects/index.ts'

export const purposesMax = 50
export const recipientsMax = 100
export const dataClassesMax = 100
/** Versions of one consent, from the first to the newest. */
export const versionsMax = 200
/** Methods of processing and places of storage in a consent. */
export const processingMax = 20
export const importMax = 1_000
/** What one transaction of an import takes over. */
export const importBatch = 250

export const methods = ['electronic_form', 'electronic_signature', 'paper', 'verbal', 'other'] as const

const everyOr = (item: z.ZodType<string>) => z.union([z.literal('*'), item])
const distinct = (item: z.ZodType<string>, most: number) =>
  z
    .array(item)
    .min(1)
    .max(most)
    .refine((items) => new Set(items).size === items.length, 'name each only once')
export const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'one line of text')

/** How the data is handled, as the notice told the person; repeated in the receipt. */
export const processingSchema = z.strictObject({
  /** What is done with the data, such as `dpv:Store` or a word of the notice. */
  methods: distinct(line(100), processingMax).optional(),
  /** Where the data is kept. */
  storage_locations: distinct(line(100), processingMax).optional(),
  /** How long the recipients keep it: a duration as ISO 8601 writes it, such as `P2Y`. */
  retention_period: z
    .string()
    .regex(/^P(?=\d)(\d{1,3}Y)?(\d{1,3}M)?(\d{1,4}W)?(\d{1,5}D)?$/, 'a duration is written as ISO 8601 does, such as P2Y or P90D')
    .optional(),
  /** Whose law applies: ISO 3166. */
  jurisdiction: line(20).optional(),
})

/** What a person consents to, as it is sent. */
export const termsSchema = z.strictObject({
  /** Terms of the purpose tree. A consent to a purpose covers narrower ones. */
  purposes: distinct(z.string().min(1).max(128), purposesMax),
  /** References of partners, or `*`. */
  recipients: distinct(everyOr(slugSchema), recipientsMax),
  /** The partner that answers for the use, by reference; the institution itself where it is absent. Such a consent covers what that partner receives, and nothing else. */
  controller: slugSchema.optional(),
  /** Record types, or `*`. */
  data_classes: distinct(everyOr(slugSchema), dataClassesMax),
  /** In force from this moment; from now where it is absent. */
  from: instantSchema.optional(),
  /** In force until just before this moment; until withdrawn where it is absent. */
  until: instantSchema.optional(),
  method: z.enum(methods),
  /** Where the proof lies: the number of a form, a case or a recording. */
  evidence_reference: sensitive(line(200)).optional(),
  /** The version of the notice that the person was shown. */
  notice_version: line(100).optional(),
  /** The language of the notice (BCP 47). */
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language is a BCP 47 tag such as en or de-AT')
    .optional(),
  processing: processingSchema.optional(),
  /** The offer of the institution that was agreed to. */
  offer: idSchema('consent_offer').optional(),
})
export type Terms = z.output<typeof termsSchema>

export const consentKeySchema = idSchema('consent')
export const consentInputSchema = termsSchema.omit({ offer: true }).extend({ user_id: userIdSchema })
/** One that takes the place of another is recorded by itself, so an import has none. */
export const givenSchema = consentInputSchema.extend({
  /** The consent of the same person that this one takes the place of: the next version of it. */
  supersedes: consentKeySchema.optional(),
})
export const reasonSchema = sensitive(
  z
    .string()
    .trim()
    .min(1)
    .max(500)
    .regex(/^[^\0\p{Cs}]*$/u, 'a zero byte cannot be kept'),
)

/** `not_yet`, `in_force` and `expired` are the same row at another time; only giving, superseding and withdrawing are acts. */
export const consentStates = ['not_yet', 'in_force', 'expired', 'withdrawn', 'superseded'] as const

export const capacities = ['parental_responsibility', 'court_order', 'power_of_attorney'] as const

/** Who agreed in the person's place, and in which capacity. */
export const givenBySchema = z.strictObject({ capacity: z.enum(capacities), guardianships: z.array(idSchema('guardianship')).readonly() })
export type GivenBy = z.output<typeof givenBySchema>

const versionMembers = {
  /** 1 for the first, and one more for each that took its place. */
  version: z.int(),
  supersedes: consentKeySchema.nullable(),
  superseded_by: consentKeySchema.nullable(),
  superseded_at: instantSchema.nullable(),
  /** Null where the person agreed. */
  given_by: givenBySchema.nullable(),
  /** A guardian agreed, and the person, who is of age now, may confirm it. */
  to_confirm: z.boolean(),
  confirmed_at: instantSchema.nullable(),
}

export const consentSchema = z.strictObject({
  id: consentKeySchema,
  state: z.enum(consentStates),
  ...versionMembers,
  /** A partner's reference; null for the institution itself. */
  controller: z.string().nullable(),
  offer: idSchema('consent_offer').nullable(),
  purposes: z.array(z.string()),
  recipients: z.array(z.string()),
  data_classes: z.array(z.string()),
  from: instantSchema,
  until: instantSchema.nullable(),
  method: z.enum(methods),
  evidence_reference: sensitive(z.string()).nullable(),
  notice_version: z.string().nullable(),
  language: z.string().nullable(),
  processing: processingSchema.nullable(),
  given_at: instantSchema,
  withdrawn_at: instantSchema.nullable(),
  /** Hex SHA-256 of the consent's document; stands in the ledger. */
  digest: z.string(),
})
export type ConsentView = z.output<typeof consentSchema>

/** A consent in the words of the person who gave it. */
export const ownConsentSchema = z.strictObject({
  id: consentKeySchema,
  state: z.enum(consentStates),
  ...versionMembers,
  purposes: z.array(z.strictObject({ term: z.string(), label: z.string() })),
  /** `*` stands for anybody the institution works with, and has no name. */
  recipients: z.array(z.strictObject({ reference: z.string(), name: z.string().nullable() })),
  /** Record types; `*` for all. */
  data_classes: z.array(z.string()),
  method: z.enum(methods),
  given_at: instantSchema,
  from: instantSchema,
  until: instantSchema.nullable(),
  withdrawn_at: instantSchema.nullable(),
})
export type OwnConsent = z.output<typeof ownConsentSchema>

/** What a person's own consent belongs to in the access table. */
export const ownConsent = (_input: unknown, { subject }: Principal): Resource => ({ type: 'own_consent', ...(subject === undefined ? {} : { owner: subject }) })

export const searchSchema = z.strictObject({
  user_id: userIdSchema,
  ...pageQuery,
  cursor: consentKeySchema.optional(),
  in_force: z.boolean().optional(),
})

/** What the ledger keeps of a consent: the person's commitment, and a digest that a random salt keeps from telling anything. */
export function consentFacts(subject: Pick<Subject, 'id' | 'commitment'>, consent: { readonly id: string; readonly digest: string }): AuditFacts {
  return {
    subject: { id: subject.id, commitment: subject.commitment },
    object: { kind: 'consent', id: consent.id },
    details: { consent_id: consent.id, consent_digest: consent.digest },
  }
}
