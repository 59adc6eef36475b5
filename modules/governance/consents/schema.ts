/** The nouns of consents and their limits. */
import { idSchema, instantSchema, pageQuery, sensitive, slugSchema } from '@gatehouse/core/schema'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { AuditFacts, Resource } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { type Subject, userIdSchema } from '../../subjects/index.ts'

export const purposesMax = 50
export const recipientsMax = 100
export const dataClassesMax = 100
export const importMax = 1_000
/** Consents of one transaction of an import. */
export const importBatch = 250

export const methods = ['electronic_form', 'electronic_signature', 'paper', 'verbal', 'other'] as const

const everyOr = (item: z.ZodType<string>) => z.union([z.literal('*'), item])
const distinct = (item: z.ZodType<string>, most: number) =>
  z
    .array(item)
    .min(1)
    .max(most)
    .refine((items) => new Set(items).size === items.length, 'name each only once')
const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'one line of text')

/** What a person consents to, as it is sent. */
export const termsSchema = z.strictObject({
  /** Terms of the purpose tree. A consent to a purpose covers narrower ones. */
  purposes: distinct(z.string().min(1).max(128), purposesMax),
  /** References of partners, or `*`. */
  recipients: distinct(everyOr(slugSchema), recipientsMax),
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
})
export type Terms = z.output<typeof termsSchema>

export const consentInputSchema = termsSchema.extend({ user_id: userIdSchema })
export const consentKeySchema = idSchema('consent')
export const reasonSchema = sensitive(
  z
    .string()
    .trim()
    .min(1)
    .max(500)
    .regex(/^[^\0\p{Cs}]*$/u, 'a zero byte cannot be kept'),
)

/** `not_yet` and `expired` are the same row at another time; only giving and withdrawing are acts. */
export const consentStates = ['not_yet', 'in_force', 'expired', 'withdrawn'] as const

export const consentSchema = z.strictObject({
  id: consentKeySchema,
  state: z.enum(consentStates),
  purposes: z.array(z.string()),
  recipients: z.array(z.string()),
  data_classes: z.array(z.string()),
  from: instantSchema,
  until: instantSchema.nullable(),
  method: z.enum(methods),
  evidence_reference: sensitive(z.string()).nullable(),
  notice_version: z.string().nullable(),
  language: z.string().nullable(),
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
