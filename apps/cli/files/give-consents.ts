/** Records many consents in batches that the node takes at once. Sending the same ones again records nothing twice. */
import { type GatehouseClient, must } from '@gatehouse/sdk/client'
import { count } from '../terminal/output.ts'
import { openProgress } from '../terminal/progress.ts'

export const methods = ['electronic_form', 'electronic_signature', 'paper', 'verbal', 'other'] as const

export interface GivenConsent {
  readonly user_id: string
  readonly purposes: string[]
  readonly recipients: string[]
  readonly data_classes: string[]
  readonly method: (typeof methods)[number]
  readonly until?: string
}

export interface ConsentCounts {
  readonly recorded: number
  readonly already_given: number
  readonly erased: number
}

const batchMax = 500

export async function giveConsents(client: GatehouseClient, consents: readonly GivenConsent[], show: boolean): Promise<ConsentCounts> {
  const progress = openProgress('Consents ', consents.length, show)
  let counts: ConsentCounts = { recorded: 0, already_given: 0, erased: 0 }
  try {
    for (let from = 0; from < consents.length; from += batchMax) {
      const batch = must(await client.POST('/v1/consents/import', { body: { consents: consents.slice(from, from + batchMax) } }))
      counts = {
        recorded: counts.recorded + batch.recorded,
        already_given: counts.already_given + batch.already_given,
        erased: counts.erased + batch.erased,
      }
      progress.to(from + batchMax, `${count(Math.min(from + batchMax, consents.length))} people`)
    }
    return counts
  } finally {
    progress.end()
  }
}
