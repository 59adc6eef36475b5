/**
 * The receipt that the person may keep: the record in the field names of ISO/IEC TS 27560:2023, and what proves it. Pure. Where each
 * field comes from stands in docs/reference/consent-receipt.md.
 */
import type { Instant } from '@gatehouse/core/instant'
import { sensitive } from '@gatehouse/core/schema'
import { z } from 'zod'
import { type KeptConsent, stateOf } from './document.ts'
import type { ComingOfAge } from './guardians/coming-of-age.ts'
import { consentKeySchema, consentStates, givenBySchema } from './schema.ts'

const partySchema = z.strictObject({
  party_id: z.string().describe('An opaque id; `*` for every partner of the institution'),
  party_role: z.enum(['pii_controller', 'recipient']),
  party_name: z.string().nullable(),
})

const eventSchema = z.strictObject({
  event_time: z.string(),
  event_type: z.enum(['explicit', 'time']),
  event_state: z.enum(['given', 'confirmed', 'withdrawn', 'expired', 'superseded']),
  validity_duration: z.string().nullable().describe('From and until as an ISO 8601 interval; null where it holds until withdrawn'),
  entity_id: z.string().describe('Who caused it: the person’s opaque id, or the institution’s where time did'),
})

const purposeSchema = z.strictObject({
  purpose: z.string(),
  purpose_type: z.string().describe('The words of the vocabulary or of the institution'),
  lawful_basis: z.literal('dpv:Consent'),
  pii_information: z.array(z.strictObject({ pii_type: z.string() })),
  pii_controllers: z.array(z.string()),
  collection_method: z.string(),
  processing_methods: z.array(z.string()),
  storage_locations: z.array(z.string()),
  retention_period: z.string().nullable(),
  jurisdiction: z.string().nullable(),
  recipient_third_parties: z.array(z.string()),
  withdrawal_method: z.string(),
  privacy_rights: z.array(z.string()),
})

export const receiptSchema = z.strictObject({
  schema_version: z.literal('ISO/IEC TS 27560:2023'),
  receipt_id: z.string(),
  record_id: consentKeySchema,
  /** The node's own id of the person: it tells nobody anything. */
  pii_principal_id: z.string(),
  pii_processing: z.strictObject({ privacy_notice: z.string().nullable(), language: z.string().nullable(), purposes: z.array(purposeSchema) }),
  party_identification: z.array(partySchema),
  events: z.array(eventSchema),
  given_by: givenBySchema.nullable().describe('Who agreed in the person’s place, and in which capacity'),
  consent_state: z.enum(consentStates),
  version: z.int(),
  /** The document as it is kept, its digest, and where the log vouches for the digest: null for the moment until the log has taken it in. */
  proof: z.strictObject({
    digest: z.string(),
    document: sensitive(z.record(z.string(), z.unknown())),
    log: z.strictObject({ checkpoint: z.string(), entry: z.strictObject({ index: z.int(), body: z.string(), proof: z.array(z.string()) }) }).nullable(),
  }),
})
export type Receipt = z.output<typeof receiptSchema>

/** What the receipt says and the document does not. */
export interface Around {
  readonly institution: { readonly id: string; readonly name: string | null }
  /** By reference; one that nobody has any more is named by its reference. */
  readonly partners: ReadonlyMap<string, { readonly id: string; readonly name: string }>
  readonly label: (purpose: string) => string
  readonly log: Receipt['proof']['log']
  readonly age: ComingOfAge
  readonly now: Instant
}

const withdrawalMethod = 'On the page of the person concerned, or by telling the institution. The withdrawal takes effect at once.'
const rights = ['access', 'rectification', 'erasure', 'restriction', 'portability', 'objection', 'withdrawal', 'complaint']

export function receiptOf(kept: KeptConsent, around: Around): Receipt {
  const { document, digest } = kept
  const partyId = (reference: string) => (reference === '*' ? '*' : (around.partners.get(reference)?.id ?? reference))
  const controller = document.controller ?? null
  const controllerId = controller === null ? around.institution.id : partyId(controller)
  const processing = document.processing ?? {}
  return {
    schema_version: 'ISO/IEC TS 27560:2023',
    receipt_id: digest,
    record_id: document.id,
    pii_principal_id: document.subject,
    pii_processing: {
      privacy_notice: document.notice_version,
      language: document.language,
      purposes: document.purposes.map((purpose) => ({
        purpose,
        purpose_type: around.label(purpose),
        lawful_basis: 'dpv:Consent',
        pii_information: document.data_classes.map((pii_type) => ({ pii_type })),
        pii_controllers: [controllerId],
        collection_method: document.method,
        processing_methods: processing.methods ?? [],
        storage_locations: processing.storage_locations ?? [],
        retention_period: processing.retention_period ?? null,
        jurisdiction: processing.jurisdiction ?? null,
        recipient_third_parties: document.recipients.map(partyId),
        withdrawal_method: withdrawalMethod,
        privacy_rights: rights,
      })),
    },
    party_identification: [
      {
        party_id: controllerId,
        party_role: 'pii_controller',
        party_name: controller === null ? around.institution.name : (around.partners.get(controller)?.name ?? null),
      },
      ...document.recipients.map((reference) => ({
        party_id: partyId(reference),
        party_role: 'recipient' as const,
        party_name: around.partners.get(reference)?.name ?? null,
      })),
    ],
    events: eventsOf(kept, around),
    given_by: document.given_by == null ? null : { capacity: document.given_by.capacity, guardianships: [...document.given_by.guardianships] },
    consent_state: stateOf(kept, around.now, around.age),
    version: document.version ?? 1,
    proof: { digest, document: { ...document }, log: around.log },
  }
}

function eventsOf({ document, withdrawn_at, superseded_at, confirmed_at }: KeptConsent, { institution, now }: Around): Receipt['events'] {
  const event = {
    event_type: 'explicit' as const,
    validity_duration: document.until === null ? null : `${document.from}/${document.until}`,
    entity_id: document.subject as string,
  }
  const ended = withdrawn_at ?? superseded_at
  const expired = document.until !== null && document.until <= (ended ?? now)
  return [
    { ...event, event_time: document.given_at, event_state: 'given', entity_id: document.given_by?.guardianships[0] ?? document.subject },
    ...(confirmed_at === null ? [] : [{ ...event, event_time: confirmed_at, event_state: 'confirmed' as const }]),
    ...(expired
      ? [{ ...event, event_type: 'time' as const, event_time: document.until as string, event_state: 'expired' as const, entity_id: institution.id }]
      : []),
    ...(ended === null ? [] : [{ ...event, event_time: ended, event_state: superseded_at === null ? ('withdrawn' as const) : ('superseded' as const) }]),
  ]
}
