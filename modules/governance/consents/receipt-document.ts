/** The receipt that the person may keep: the record in the field names of ISO/IEC TS 27560:2023, and what proves it. Pure. */
import { sensitive } from '@gatehouse/core/schema'
import { z } from 'zod'
import type { ConsentDocument, KeptConsent } from './document.ts'

const event = z.strictObject({
  event_time: z.string(),
  event_type: z.literal('explicit'),
  event_state: z.enum(['given', 'withdrawn']),
  entity_id: sensitive(z.string()),
})

export const receiptSchema = z.strictObject({
  schema_version: z.literal('ISO/IEC TS 27560:2023'),
  receipt_id: z.string(),
  record_id: z.string(),
  /** What the institution calls the person, as it was asked with. */
  pii_principal_id: sensitive(z.string()),
  pii_processing: z.strictObject({
    privacy_notice: z.string().nullable(),
    language: z.string().nullable(),
    purposes: z.array(
      z.strictObject({
        purpose: z.string(),
        lawful_basis: z.literal('dpv:Consent'),
        pii_information: z.array(z.strictObject({ pii_type: z.string() })),
        pii_controllers: z.array(z.string()),
        collection_method: z.string(),
        recipient_third_parties: z.array(z.string()),
        validity_from: z.string(),
        validity_until: z.string().nullable(),
        withdrawal_method: z.string(),
      }),
    ),
  }),
  events: z.array(event),
  /** The document as it is kept, and its digest: the ledger holds an entry with the same digest. */
  proof: z.strictObject({ digest: z.string(), document: sensitive(z.record(z.string(), z.unknown())) }),
})
export type Receipt = z.output<typeof receiptSchema>

/** @param controller the institution's id */
export function receiptOf({ document, digest, withdrawn_at }: KeptConsent, userId: string, controller: string): Receipt {
  return {
    schema_version: 'ISO/IEC TS 27560:2023',
    receipt_id: digest,
    record_id: document.id,
    pii_principal_id: userId,
    pii_processing: {
      privacy_notice: document.notice_version,
      language: document.language,
      purposes: document.purposes.map((purpose) => ({
        purpose,
        lawful_basis: 'dpv:Consent',
        pii_information: document.data_classes.map((pii_type) => ({ pii_type })),
        pii_controllers: [controller],
        collection_method: document.method,
        recipient_third_parties: [...document.recipients],
        validity_from: document.from,
        validity_until: document.until,
        withdrawal_method: 'Tell the institution. The withdrawal takes effect at once.',
      })),
    },
    events: eventsOf(document, withdrawn_at, userId),
    proof: { digest, document: { ...document } },
  }
}

function eventsOf({ given_at }: ConsentDocument, withdrawn_at: string | null, entity_id: string): Receipt['events'] {
  const given = { event_time: given_at, event_type: 'explicit' as const, event_state: 'given' as const, entity_id }
  return withdrawn_at === null ? [given] : [given, { ...given, event_time: withdrawn_at, event_state: 'withdrawn' as const }]
}
