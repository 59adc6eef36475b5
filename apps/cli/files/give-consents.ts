/** Records many consents in batches that the node takes at once. Sending the same ones again records nothing twice. */
import { type GatehouseClient, must } from '@gatehouse/sdk/client'
import { sendBatches } from './send-batches.ts'

export const methods = ['electronic_form', 'electronic_signature', 'paper', 'verbal', 'other'] as const

export interface GivenConsent {
  readonly user_id: string
  readonly purposes: string[]
  readonly recipients: string[]
  readonly data_classes: string[]
  readonly method: (typeof methods)[number]
  readonly until?: string
}

export type ConsentCounts = Record<'recorded' | 'already_given' | 'erased', number>

export function giveConsents(client: GatehouseClient, consents: readonly GivenConsent[], show: boolean): Promise<ConsentCounts> {
  const nothing: ConsentCounts = { recorded: 0, already_given: 0, erased: 0 }
  return sendBatches({ label: 'Consents ', what: 'people', show }, consents, nothing, async (batch) =>
    must(await client.POST('/v1/consents/import', { body: { consents: batch } })),
  )
}
