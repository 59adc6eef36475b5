/** What a beacon says of itself: who keeps it, what may be asked, and who is answered how. The same for everybody. */
import { operation, Refusal } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { individual, informationalMeta } from './answers.ts'
import { beaconAddress, beaconPath, type OpenBeacon, ofInstitution, openBeacon } from './open.ts'
import { problems } from './problems.ts'
import { apiVersion, granularityAt, levels, type Term } from './schema.ts'

interface Described {
  readonly name: string
  readonly path: string
  readonly summary: string
  /** What the answer is, as its meta says. */
  readonly kind: string
  readonly of: (beacon: OpenBeacon, address: string) => Record<string, unknown>
}

const document = z.record(z.string(), z.unknown())

const described = ({ name, path, summary, kind, of }: Described) =>
  operation({
    name: `beacon.${name}`,
    kind: 'steps',
    summary,
    input: ofInstitution,
    output: document,
    access: { public: 'what a beacon says of itself is for everybody, once it was switched on' },
    audit: { none: 'terms and addresses that the institution publishes, and nothing of a person' },
    http: { method: 'GET', path: `${beaconPath}${path}`, speaks: 'beacon' },
    problems: [problems.not_on],
    async run({ node }, { tenant }) {
      const beacon = await openBeacon(node, tenant)
      if (beacon instanceof Refusal) return beacon
      const response = of(beacon, beaconAddress(node, tenant))
      return kind === 'service' ? response : { meta: informationalMeta(beacon.setting, kind), response }
    },
  })

const infoOf = ({ setting, changedAt }: OpenBeacon, address: string) => ({
  id: setting.id,
  name: setting.name,
  apiVersion,
  environment: 'prod',
  organization: { id: setting.id, name: setting.organization.name, welcomeUrl: setting.organization.url },
  ...(setting.description === '' ? {} : { description: setting.description }),
  version: apiVersion,
  welcomeUrl: address,
  updateDateTime: changedAt,
})

const entryTypes = {
  individual: {
    id: 'individual',
    name: 'Individual',
    ontologyTermForThisType: { id: 'NCIT:C25190', label: 'Person' },
    partOfSpecification: `Beacon ${apiVersion}`,
    defaultSchema: { id: 'ga4gh-beacon-individual-v2.0.0', name: 'Default schema for an individual', referenceToSchemaDefinition: individual.schema },
    nonFilteredQueriesAllowed: true,
  },
}

const configurationOf = ({ setting }: OpenBeacon) => ({
  $schema: 'https://raw.githubusercontent.com/ga4gh-beacon/beacon-v2/main/framework/json/configuration/beaconConfigurationSchema.json',
  maturityAttributes: { productionStatus: 'PROD' },
  securityAttributes: {
    defaultGranularity: 'boolean',
    securityLevels: levels.filter((level) => granularityAt(setting, level) !== 'none'),
  },
  entryTypes,
})

const mapOf = (_beacon: OpenBeacon, address: string) => ({
  $schema: 'https://raw.githubusercontent.com/ga4gh-beacon/beacon-v2/main/framework/json/configuration/beaconMapSchema.json',
  endpointSets: { individual: { entryType: 'individual', rootUrl: `${address}/individuals`, filteringTermsUrl: `${address}/filtering_terms` } },
})

const termOf = (term: Term) => ({
  id: term.id,
  label: term.label,
  type: term.kind === 'alphanumeric' ? 'alphanumeric' : (term.id.split(':')[0] ?? 'ontology'),
  scopes: ['individual'],
})

/** The ontologies that terms are of, by their prefixes. */
const resourcesOf = (terms: readonly Term[]) =>
  [...new Set(terms.flatMap(({ kind, id }) => (kind === 'ontology' ? [id.split(':')[0] as string] : [])))].map((prefix) => ({
    id: prefix.toLowerCase(),
    nameSpacePrefix: prefix,
  }))

const serviceOf = ({ setting, changedAt }: OpenBeacon, address: string) => ({
  id: setting.id,
  name: setting.name,
  type: { group: 'org.ga4gh', artifact: 'beacon', version: apiVersion },
  organization: setting.organization,
  version: apiVersion,
  ...(setting.description === '' ? {} : { description: setting.description }),
  updatedAt: changedAt,
  environment: 'prod',
  documentationUrl: address,
})

export const descriptions = [
  described({ name: 'info', path: '/info', summary: 'Beacon: who keeps it', kind: 'info', of: infoOf }),
  described({ name: 'root', path: '', summary: 'Beacon: who keeps it, at its root', kind: 'info', of: infoOf }),
  described({ name: 'service_info', path: '/service-info', summary: 'Beacon: the GA4GH service info', kind: 'service', of: serviceOf }),
  described({ name: 'configuration', path: '/configuration', summary: 'Beacon: entry types and access levels', kind: 'configuration', of: configurationOf }),
  described({ name: 'map', path: '/map', summary: 'Beacon: its addresses', kind: 'map', of: mapOf }),
  described({ name: 'entry_types', path: '/entry_types', summary: 'Beacon: what it knows', kind: 'entryTypes', of: () => ({ entryTypes }) }),
  described({
    name: 'filtering_terms',
    path: '/filtering_terms',
    summary: 'Beacon: by what may be asked',
    kind: 'filteringTerms',
    of: ({ setting: { terms } }) => ({ filteringTerms: terms.map(termOf), resources: resourcesOf(terms) }),
  }),
]
