/** A FHIR R4 server: its resource types are tables, read by searches whose pages follow each other. It is only ever asked by GET. */
import { fieldNameOf, semantics } from '@gatehouse/tabular/field'
import type { SourceRecord } from '@gatehouse/tabular/value'
import { z } from 'zod'
import { type Connection, type Connector, ConnectorError, type DiscoveredColumn, type DiscoveredTable } from '../connector.ts'
import { type HttpAccess, httpAccess } from '../http/access.ts'
import { addressSchema, below } from '../http/address.ts'
import type { JsonClient } from '../http/client.ts'
import { type Credential, credentialSchema, oauthSchema } from '../http/credential.ts'
import { firstOf, linked, pagesOf } from '../http/pages.ts'
import { isObject, type Json, type JsonObject, memberOf } from '../json/document.ts'
import { flatten } from '../json/flatten.ts'
import { sampledColumns, sampleRowsMax, typesSchema } from '../json/sampled.ts'
import { reading } from '../reading.ts'
import { say } from '../words.ts'
import { type Element, typesOf, valueAt } from './element.ts'
import { resourceColumns } from './resources.ts'
import { parametersOf, searches } from './search.ts'

const resourceType = z.string().regex(/^[A-Z][A-Za-z]{1,60}$/, 'a resource type, such as Patient')

const fhirSettings = z.strictObject({
  url: addressSchema.describe('The base of the service, such as https://fhir.example.org/r4'),
  oauth: oauthSchema.optional(),
  resources: z.array(resourceType).min(1).max(50).default(Object.keys(resourceColumns)),
  page: z.int().min(1).max(1_000).default(500).describe('Resources asked for at a time (`_count`)'),
  identifiers: z
    .record(z.string().regex(/^[a-z][a-z0-9_]{0,40}$/, 'lower-case letters, digits and "_"'), z.string().min(1).max(500))
    .default({})
    .describe('Columns of Patient for the identifiers of these systems: {"nhs_number": "https://fhir.nhs.uk/Id/nhs-number"}'),
  types: typesSchema.default({}).describe('Types of columns of the resource types that are read by a sample'),
})
type FhirSettings = z.output<typeof fhirSettings>

export const fhir: Connector<FhirSettings> = {
  kind: 'fhir',
  title: 'FHIR R4',
  settings: fhirSettings as Connector<FhirSettings>['settings'],
  secret: credentialSchema.optional(),
  resumes: false,
  async open({ node }, settings, secret) {
    return connection(settings, httpAccess(node, settings.oauth, secret as Credential | undefined))
  },
}

const fhirJson = 'application/fhir+json'

interface Capability {
  readonly server: string
  /** The search parameters of each resource type that can be searched. */
  readonly types: ReadonlyMap<string, ReadonlySet<string>>
}

function connection(settings: FhirSettings, { client, closing, close }: HttpAccess): Connection {
  let known: Promise<Capability> | undefined
  const capability = () => {
    known ??= capabilityOf(client(), settings.url).catch((error) => {
      known = undefined
      throw error
    })
    return known
  }
  const elementsOf = (type: string): readonly Element[] | undefined => {
    const elements = Object.hasOwn(resourceColumns, type) ? resourceColumns[type] : undefined
    return type === 'Patient' ? elements?.concat(Object.entries(settings.identifiers).map(identifierElement)) : elements
  }
  const urlOf = (type: string) => {
    const url = below(settings.url, type)
    url.searchParams.set('_count', String(settings.page))
    return url
  }
  const sample = async (type: string) => (await firstOf(resources(client(), urlOf(type), type), sampleRowsMax)).map((resource) => flatten(resource, type))
  return {
    async check() {
      const { server } = await capability()
      return { server, readOnly: true }
    },
    async discover() {
      const { types } = await capability()
      const tables: DiscoveredTable[] = []
      for (const type of settings.resources.filter((each) => types.has(each))) {
        const elements = elementsOf(type)
        const columns = elements?.map(columnOf) ?? sampledColumns(await sample(type), settings.types)
        tables.push({ name: type, columns, key: ['id'], references: referencesOf(columns), rows: undefined })
      }
      return tables
    },
    read(request) {
      const type = request.table.name
      const elements = elementsOf(type)
      const byColumn = new Map(elements?.map((element) => [element.column, element]))
      return reading(
        request,
        closing,
        (_, { column }) => byColumn.get(column)?.search !== undefined,
        async function* pages({ plan, hint, columnOf: of, signal }) {
          const parameters = (await capability()).types.get(type)
          if (parameters === undefined) throw new ConnectorError('drifted', say('resource_gone', { host: new URL(settings.url).hostname, type }))
          const url = urlOf(type)
          const elementAt = (field: string) => byColumn.get(of(field).column) as Element
          const leaves = (hint === undefined ? [] : 'all' in hint ? hint.all : [hint]).filter((part) => 'column' in part)
          const said = leaves.filter((leaf) => searches(elementAt(leaf.column), leaf, parameters))
          for (const [name, value] of parametersOf(said, elementAt)) url.searchParams.append(name, value)
          const wanted = plan.columns.map(({ column }) => byColumn.get(column))
          if (elements !== undefined) url.searchParams.set('_elements', topLevel(wanted).join(','))
          for await (const page of resources(client(signal), url, type))
            yield page.map((resource) => (elements === undefined ? flatten(resource, type) : rowOf(resource, wanted)))
        },
      )
    },
    close,
  }
}

const identifierElement = ([name, system]: [string, string]): Element => ({
  column: `identifier.${name}`,
  as: 'text',
  paths: [['identifier', { where: 'system', is: system }, 'value']],
  semantic: 'identifier',
})

function columnOf({ column, as, semantic }: Element): DiscoveredColumn {
  const sensitivity = semantic === undefined ? ('sensitive' as const) : semantics[semantic]
  return {
    column,
    physical: as,
    field: { name: fieldNameOf(column), type: typesOf[as], ...(semantic === undefined ? {} : { semantic }), sensitivity, nullable: column !== 'id' },
    declared: semantic !== undefined,
  }
}

function referencesOf(columns: readonly DiscoveredColumn[]): DiscoveredTable['references'] {
  const targets = { 'subject.id': 'Patient', 'encounter.id': 'Encounter' } as const
  return Object.entries(targets).flatMap(([column, table]) =>
    columns.some((each) => each.column === column) ? [{ columns: [column], table, to: ['id'] }] : [],
  )
}

/** What `_elements` names: elements of the first level, the whole of them. */
function topLevel(elements: readonly (Element | undefined)[]): string[] {
  const names = elements.flatMap((element) => element?.paths.map(([first]) => String(first)) ?? [])
  // A choice such as effective[x] is named by its stem.
  const stems = names.map((name) => name.replace(/^(effective|value|onset|abatement|performed|medication|deceased)[A-Z]\w*$/, '$1'))
  return [...new Set(['id', ...stems])]
}

function rowOf(resource: JsonObject, elements: readonly (Element | undefined)[]): SourceRecord {
  return Object.fromEntries(elements.flatMap((element) => (element === undefined ? [] : [[element.column, valueAt(resource, element)]])))
}

async function capabilityOf(client: JsonClient, base: string): Promise<Capability> {
  const url = below(base, 'metadata')
  const { json } = await client.ask(url, { accept: fhirJson })
  const version = memberOf(json, 'fhirVersion')
  if (memberOf(json, 'resourceType') !== 'CapabilityStatement') throw new ConnectorError('unsupported', say('not_fhir', { host: url.hostname }))
  if (typeof version !== 'string' || !version.startsWith('4.')) throw new ConnectorError('unsupported', say('not_fhir_r4', { host: url.hostname }))
  const software = memberOf(memberOf(json, 'software'), 'name')
  const types = listOf(memberOf(json, 'rest')).flatMap((rest) => listOf(memberOf(rest, 'resource')))
  return {
    server: `FHIR ${version.slice(0, 20)}${typeof software === 'string' ? ` (${software.slice(0, 100)})` : ''}`,
    types: new Map(
      types.map((type) => [String(memberOf(type, 'type')), new Set(listOf(memberOf(type, 'searchParam')).map((each) => String(memberOf(each, 'name'))))]),
    ),
  }
}

const listOf = (json: Json | undefined): readonly Json[] => (Array.isArray(json) ? (json as readonly Json[]) : [])

function resources(client: JsonClient, first: URL, type: string): AsyncGenerator<readonly JsonObject[], void, undefined> {
  return pagesOf(
    client,
    first,
    type,
    ({ json, url }) => {
      if (memberOf(json, 'resourceType') !== 'Bundle') throw new ConnectorError('unsupported', say('no_bundle', { host: url.hostname, type }))
      const rows = listOf(memberOf(json, 'entry')).flatMap((entry) => {
        const resource = memberOf(entry, 'resource')
        // Included resources and warnings come in the same bundle.
        return isObject(resource) && memberOf(resource, 'resourceType') === type ? [resource] : []
      })
      const next = listOf(memberOf(json, 'link')).find((link) => memberOf(link, 'relation') === 'next')
      return { rows, next: linked(memberOf(next, 'url'), url) }
    },
    fhirJson,
  )
}
