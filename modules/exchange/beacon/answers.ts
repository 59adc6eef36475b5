/** What every answer begins with, in the words of the standard. Pure. */
import type { Filter } from './filters.ts'
import { apiVersion, type BeaconSetting } from './schema.ts'

/** The one kind of thing that this beacon knows. */
export const individual = {
  entityType: 'individual',
  schema: 'https://raw.githubusercontent.com/ga4gh-beacon/beacon-v2/main/models/json/beacon-v2-default-model/individuals/defaultSchema.json',
} as const

export const informationalMeta = ({ id }: Pick<BeaconSetting, 'id'>, kind: string) => ({
  beaconId: id,
  apiVersion,
  returnedSchemas: [{ entityType: kind, schema: `beacon-${kind}-${apiVersion}` }],
})

export interface Received {
  readonly apiVersion: string
  readonly requestedGranularity: 'boolean' | 'count'
  readonly filters: readonly Filter[]
  readonly pagination: { readonly skip?: number | undefined; readonly limit?: number | undefined }
}

/** Filters as they were sent; what was asked may come back coarser, and then says so. */
export const responseMeta = ({ id }: Pick<BeaconSetting, 'id'>, returnedGranularity: 'boolean' | 'count', received: Received) => ({
  beaconId: id,
  apiVersion,
  returnedGranularity,
  returnedSchemas: [individual],
  testMode: false,
  receivedRequestSummary: {
    apiVersion: received.apiVersion,
    requestedSchemas: [],
    requestedGranularity: received.requestedGranularity,
    pagination: received.pagination,
    filters: received.filters.map(({ id: term, operator = '', value = '' }) => `${term}${operator}${value}`),
    testMode: false,
  },
})
