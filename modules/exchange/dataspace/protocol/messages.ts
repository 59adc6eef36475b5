/**
 * The messages of the Dataspace Protocol 2025-1 as they come in, exactly as strict as its published schemas: what those let pass passes here, and
 * members that they do not name are let be. What a message means is decided elsewhere.
 */
import { z } from 'zod'

export const contextIri = 'https://w3id.org/dspace/2025/1/context.jsonld'
export const protocolVersion = '2025-1'
/** What stands at the top of everything that leaves. */
export const context = [contextIri]

/** A constraint nests no deeper than this; deeper ones are no message. */
const depthMax = 32
const text = z.string()
const atContext = z.array(text).refine((names) => names.includes(contextIri), `name the context ${contextIri}`)
const typed = (type: string) => ({ '@context': atContext, '@type': z.literal(type) })
const pids = { providerPid: text, consumerPid: text }
const why = { code: text.optional(), reason: z.array(z.unknown()).min(1).optional() }

const operators = ['eq', 'gt', 'gteq', 'lteq', 'hasPart', 'isA', 'isAllOf', 'isAnyOf', 'isNoneOf', 'isPartOf', 'lt', 'term-lteq', 'neq']
const groups = ['and', 'andSequence', 'or', 'xone']
type Json = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

function isConstraint(value: unknown, depth = 0): boolean {
  if (!isObject(value) || depth > depthMax) return false
  const named = groups.filter((group) => Object.hasOwn(value, group))
  const sound = named.every((group) => Array.isArray(value[group]) && value[group].every((member: unknown) => isConstraint(member, depth + 1)))
  const { leftOperand, operator, rightOperand } = value
  const atomic =
    typeof leftOperand === 'string' &&
    typeof operator === 'string' &&
    operators.includes(operator) &&
    (typeof rightOperand === 'string' || (typeof rightOperand === 'object' && rightOperand !== null))
  // One or the other, and never both.
  return (named.length === 1 && sound) !== atomic
}

const rule = z.looseObject({
  action: text,
  constraint: z.array(z.custom<Json>((value) => isConstraint(value), 'a constraint is a group or has leftOperand, operator and rightOperand')).optional(),
})
const rules = z.array(rule).min(1).optional()
const policyClass = {
  '@id': text,
  profile: z.union([text, z.array(text)]).optional(),
  permission: rules,
  prohibition: rules,
  obligation: rules,
}
const ruled = (policy: { permission?: unknown; prohibition?: unknown }) => policy.permission !== undefined || policy.prohibition !== undefined
const noRule = 'an offer or agreement has a permission or a prohibition'

/** An offer inside a message; one of a catalogue has no target. */
export const messageOffer = z.looseObject({ ...policyClass, '@type': z.literal('Offer'), target: text.optional() }).refine(ruled, noRule)
export type MessageOffer = z.output<typeof messageOffer>
const catalogueOffer = z
  .looseObject({ ...policyClass, '@type': z.literal('Offer') })
  .refine(ruled, noRule)
  .refine((offer) => !('target' in offer), 'an offer of a catalogue has no target of its own')
const timestamp =
  /-?([1-9][0-9]{3,}|0[0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|(24:00:00(\.0+)?))(Z|(\+|-)((0[0-9]|1[0-3]):[0-5][0-9]|14:00))?/
export const agreement = z
  .looseObject({ ...policyClass, '@type': z.literal('Agreement'), target: text, assigner: text, assignee: text, timestamp: text.regex(timestamp).optional() })
  .refine(ruled, noRule)

const either = (...names: readonly string[]) => ({
  holds: (message: object) => names.filter((name) => name in message).length === 1,
  words: `give one of ${names.join(' and ')}`,
})
const begins = either('callbackAddress', 'providerPid')
const offers = either('callbackAddress', 'consumerPid')

export const dataAddress = z.looseObject({
  '@type': z.literal('DataAddress'),
  endpointType: text,
  endpoint: text.optional(),
  endpointProperties: z
    .array(z.looseObject({ '@type': z.literal('EndpointProperty'), name: text, value: text }))
    .min(1)
    .optional(),
})

const distribution: z.ZodType = z.looseObject({
  hasPolicy: z.array(catalogueOffer).min(1).optional(),
  accessService: z.union([text, z.lazy(() => dataService)]),
  format: text,
})
const datasetMembers = { '@id': text, hasPolicy: z.array(catalogueOffer).min(1), distribution: z.array(distribution).min(1) }
const dataService: z.ZodType = z.looseObject({
  '@id': text,
  '@type': z.literal('DataService'),
  endpointURL: text,
  servesDataset: z.array(z.looseObject(datasetMembers)).min(1).optional(),
})
const innerCatalogue: z.ZodType = z
  .looseObject({
    '@id': text,
    '@type': z.literal('Catalog'),
    distribution: z.array(distribution).min(1).optional(),
    dataset: z.array(z.looseObject(datasetMembers)).min(1).optional(),
    service: z.array(dataService).min(1).optional(),
    catalog: z
      .array(z.lazy(() => innerCatalogue))
      .min(1)
      .optional(),
  })
  .refine((catalogue) => !('hasPolicy' in catalogue), 'a catalogue has no policy')

/** By the name of the message, or of what is answered. */
export const messages = {
  CatalogRequestMessage: z.looseObject({ ...typed('CatalogRequestMessage'), filter: z.array(z.unknown()).optional() }),
  DatasetRequestMessage: z.looseObject({ ...typed('DatasetRequestMessage'), dataset: text }),
  CatalogError: z.looseObject({ ...typed('CatalogError'), code: text.optional(), reason: z.array(z.unknown()).optional() }),
  Catalog: z.intersection(innerCatalogue, z.looseObject({ '@context': atContext, participantId: text })),
  Dataset: z.looseObject({ '@context': atContext, ...datasetMembers }),
  VersionResponse: z.looseObject({
    protocolVersions: z
      .array(
        z.looseObject({
          version: text,
          path: text,
          binding: z.literal('HTTPS'),
          identifierType: text.optional(),
          serviceId: text.optional(),
          auth: z.looseObject({ protocol: text, version: text, profile: z.array(text).optional() }).optional(),
        }),
      )
      .min(1),
  }),
  ContractRequestMessage: z
    .looseObject({ ...typed('ContractRequestMessage'), consumerPid: text, providerPid: text.optional(), offer: messageOffer, callbackAddress: text.optional() })
    .refine(begins.holds, begins.words),
  ContractOfferMessage: z
    .looseObject({
      ...typed('ContractOfferMessage'),
      providerPid: text,
      consumerPid: text.optional(),
      offer: messageOffer.refine(({ target }) => target !== undefined, 'an offer names its target'),
      callbackAddress: text.optional(),
    })
    .refine(offers.holds, offers.words),
  ContractAgreementMessage: z.looseObject({ ...typed('ContractAgreementMessage'), ...pids, agreement }),
  ContractAgreementVerificationMessage: z.looseObject({ ...typed('ContractAgreementVerificationMessage'), ...pids }),
  ContractNegotiationEventMessage: z.looseObject({ ...typed('ContractNegotiationEventMessage'), ...pids, eventType: z.enum(['ACCEPTED', 'FINALIZED']) }),
  ContractNegotiationTerminationMessage: z.looseObject({ ...typed('ContractNegotiationTerminationMessage'), ...pids, ...why }),
  ContractNegotiation: z.looseObject({
    ...typed('ContractNegotiation'),
    ...pids,
    state: z.enum(['REQUESTED', 'OFFERED', 'ACCEPTED', 'AGREED', 'VERIFIED', 'FINALIZED', 'TERMINATED']),
  }),
  ContractNegotiationError: z.looseObject({ ...typed('ContractNegotiationError'), ...pids, ...why }),
  TransferRequestMessage: z.looseObject({
    ...typed('TransferRequestMessage'),
    agreementId: text,
    format: text,
    dataAddress: dataAddress.optional(),
    callbackAddress: text,
    consumerPid: text,
  }),
  TransferStartMessage: z.looseObject({ ...typed('TransferStartMessage'), ...pids, dataAddress: dataAddress.optional() }),
  TransferSuspensionMessage: z.looseObject({ ...typed('TransferSuspensionMessage'), ...pids, ...why }),
  TransferCompletionMessage: z.looseObject({ ...typed('TransferCompletionMessage'), ...pids }),
  TransferTerminationMessage: z.looseObject({ ...typed('TransferTerminationMessage'), ...pids, ...why }),
  TransferProcess: z.looseObject({ ...typed('TransferProcess'), ...pids, state: z.enum(['REQUESTED', 'STARTED', 'TERMINATED', 'COMPLETED', 'SUSPENDED']) }),
  TransferError: z.looseObject({ ...typed('TransferError'), ...pids, ...why }),
} as const

export type MessageName = keyof typeof messages
/** A message as it goes over the wire. */
export type Wire = Readonly<Record<string, unknown>>
