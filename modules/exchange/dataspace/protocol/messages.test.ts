import { describe, expect, it } from 'vitest'
import { examplesOf, faultsOf, messageFaults, published, schemaCases } from '../testing/schemas.ts'
import { agreement, contextIri, dataAddress, messageOffer, messages } from './messages.ts'

/** Our own schema for each published one. */
const own: Readonly<Record<string, (instance: unknown) => boolean>> = {
  'catalog/catalog-error-schema.json': (one) => messages.CatalogError.safeParse(one).success,
  'catalog/catalog-schema.json': (one) => messages.Catalog.safeParse(one).success,
  'catalog/dataset-schema.json': (one) => messages.Dataset.safeParse(one).success,
  'common/protocol-version-schema.json': (one) => messages.VersionResponse.safeParse(one).success,
  'negotiation/contract-agreement-message-schema.json': (one) => messages.ContractAgreementMessage.safeParse(one).success,
  'negotiation/contract-agreement-verification-message-schema.json': (one) => messages.ContractAgreementVerificationMessage.safeParse(one).success,
  'negotiation/contract-negotiation-error-schema.json': (one) => messages.ContractNegotiationError.safeParse(one).success,
  'negotiation/contract-negotiation-event-message-schema.json': (one) => messages.ContractNegotiationEventMessage.safeParse(one).success,
  'negotiation/contract-negotiation-schema.json': (one) => messages.ContractNegotiation.safeParse(one).success,
  'negotiation/contract-negotiation-termination-message-schema.json': (one) => messages.ContractNegotiationTerminationMessage.safeParse(one).success,
  'negotiation/contract-offer-message-schema.json': (one) => messages.ContractOfferMessage.safeParse(one).success,
  'negotiation/contract-request-message-schema.json': (one) => messages.ContractRequestMessage.safeParse(one).success,
  'negotiation/contract-schema.json': (one) => messageOffer.safeParse(one).success || agreement.safeParse(one).success,
  'transfer/data-address-schema.json': (one) => dataAddress.safeParse(one).success,
  'transfer/transfer-completion-message-schema.json': (one) => messages.TransferCompletionMessage.safeParse(one).success,
  'transfer/transfer-error-schema.json': (one) => messages.TransferError.safeParse(one).success,
  'transfer/transfer-process-schema.json': (one) => messages.TransferProcess.safeParse(one).success,
  'transfer/transfer-request-message-schema.json': (one) => messages.TransferRequestMessage.safeParse(one).success,
  // What codes and reasons have in common is no message of its own.
  'transfer/transfer-schema.json': (one) => messages.TransferError.safeParse({ ...(one as object), '@type': 'TransferError' }).success,
  'transfer/transfer-start-message-schema.json': (one) => messages.TransferStartMessage.safeParse(one).success,
  'transfer/transfer-suspension-message-schema.json': (one) => messages.TransferSuspensionMessage.safeParse(one).success,
  'transfer/transfer-termination-message-schema.json': (one) => messages.TransferTerminationMessage.safeParse(one).success,
}

describe.skipIf(!published)('our schemas and the published ones (reference data, if present)', () => {
  it.each(schemaCases())('agree on $name ($schema)', ({ schema, instance, valid }) => {
    expect([faultsOf(schema, instance) === undefined, own[schema]?.(instance)]).toEqual([valid, valid])
  })

  it.each(['catalog', 'negotiation', 'transfer'])('take every example of the part %s', (part) => {
    for (const { name, instance } of examplesOf(part)) {
      const type = String((instance as { '@type': string })['@type']) as keyof typeof messages
      expect([name, messageFaults(instance), messages[type].safeParse(instance).success]).toEqual([name, undefined, true])
    }
  })

  it('agree on what is one step away from a message: each member gone, and each of another kind', () => {
    const disagreeing = ['catalog', 'negotiation', 'transfer'].flatMap((part) =>
      examplesOf(part).flatMap(({ name, instance }) => {
        const message = instance as Record<string, unknown>
        const type = String(message['@type']) as keyof typeof messages
        const changed = Object.keys(message).flatMap((member) => {
          const { [member]: _, ...without } = message
          return [without, { ...message, [member]: 7 }, { ...message, [member]: null }, { ...message, [member]: [] }, { ...message, [member]: {} }]
        })
        return changed
          .filter((one) => (messageFaults({ ...one }) === undefined) !== messages[type].safeParse(one).success && one['@type'] === type)
          .map((one) => `${name} ${JSON.stringify(one).slice(0, 200)}`)
      }),
    )
    expect(disagreeing).toEqual([])
  })
})

describe('a message', () => {
  const offer = (constraint: unknown) => ({ '@id': 'o', '@type': 'Offer', permission: [{ action: 'use', constraint: [constraint] }] })

  it('with constraints nested without end is none, and costs little', () => {
    let deep: unknown = { leftOperand: 'a', operator: 'eq', rightOperand: 'b' }
    for (let depth = 0; depth < 5_000; depth++) deep = { and: [deep] }
    expect(messageOffer.safeParse(offer(deep)).success).toBe(false)
  })

  it('with a constraint that is a group and a comparison at once is none', () => {
    const both = { leftOperand: 'a', operator: 'eq', rightOperand: 'b', and: [] }
    expect(messageOffer.safeParse(offer(both)).success).toBe(false)
  })

  it('of another version of the protocol is none', () => {
    const request = { '@context': ['https://w3id.org/dspace/2024/1/context.json'], '@type': 'CatalogRequestMessage' }
    expect(messages.CatalogRequestMessage.safeParse(request).success).toBe(false)
    expect(messages.CatalogRequestMessage.safeParse({ ...request, '@context': [contextIri] }).success).toBe(true)
  })
})
