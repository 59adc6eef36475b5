/** The catalogue as DCAT 3 in the protocol's compact form. Pure. */
import type { Id } from '@gatehouse/core/id'
import { writeTerms } from '@gatehouse/policy/odrl-write-terms'
import { context, type Wire } from '../protocol/messages.ts'
import { catalogueOf, datasetOf, ownParticipant, serviceOf } from '../protocol/names.ts'
import { pullFormat } from '../schema.ts'
import type { Offer } from './offers.ts'

export interface Published {
  readonly tenant: Id<'tenant'>
  /** Where this side takes messages. */
  readonly endpoint: string
  readonly title: string
}

/** An empty catalogue has no member for datasets: the protocol wants at least one in it. */
export function catalogueWire(offers: readonly Offer[], published: Published): Wire {
  const references = [...new Set(offers.map(({ reference }) => reference))]
  const datasets = references.map((reference) => datasetMembers(reference, offers, published))
  return {
    '@context': context,
    '@id': catalogueOf(published.tenant),
    '@type': 'Catalog',
    participantId: ownParticipant(published.tenant),
    'dct:title': published.title,
    service: [serviceMembers(published)],
    ...(datasets.length === 0 ? {} : { dataset: datasets }),
  }
}

export const datasetWire = (reference: string, offers: readonly Offer[], published: Published): Wire => ({
  '@context': context,
  ...datasetMembers(reference, offers, published),
})

const serviceMembers = ({ tenant, endpoint }: Published): Wire => ({ '@id': serviceOf(tenant), '@type': 'DataService', endpointURL: endpoint })

function datasetMembers(reference: string, offers: readonly Offer[], published: Published): Wire {
  const own = offers.filter((offer) => offer.reference === reference)
  const table = own[0]?.table
  return {
    '@id': datasetOf(reference),
    '@type': 'Dataset',
    'dct:title': table?.title ?? reference,
    ...(table?.description ? { 'dct:description': table.description } : {}),
    hasPolicy: own.map(({ id, terms }) => ({ '@id': id, '@type': 'Offer', ...writeTerms(terms) })),
    distribution: [{ '@type': 'Distribution', format: pullFormat, accessService: serviceMembers(published) }],
  }
}
