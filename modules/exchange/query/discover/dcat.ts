/**
 * The catalogue as DCAT 3 in the profile DCAT-AP 3.0.1, JSON-LD with its context in it, so that nothing has to be fetched to read it. It
 * tells what the project is told. Pure.
 */
import type { Policy } from '@gatehouse/policy/document'
import { toOdrlSet } from '@gatehouse/policy/odrl'
import type { EntryDetail } from './schema.ts'

type Json = Readonly<Record<string, unknown>>

const context = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  odrl: 'http://www.w3.org/ns/odrl/2/',
  dpv: 'https://w3id.org/dpv#',
  csvw: 'http://www.w3.org/ns/csvw#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
}

const restricted = { '@id': 'http://publications.europa.eu/resource/authority/access-right/RESTRICTED', '@type': 'dct:RightsStatement' }

export interface DcatFacts {
  /** Where the project's catalogue is read: the beginning of every address in it. */
  readonly base: string
  readonly institution: { readonly id: string; readonly name: string }
  readonly project: { readonly title: string; readonly description: string }
  readonly entries: readonly { readonly entry: EntryDetail; readonly policies: readonly Policy[] }[]
  readonly issued: string
}

export function dcatCatalogue({ base, institution, project, entries, issued }: DcatFacts): Json {
  const publisher = { '@id': `urn:gatehouse:institution:${institution.id}`, '@type': 'foaf:Agent', 'foaf:name': institution.name }
  return {
    '@context': context,
    '@id': base,
    '@type': 'dcat:Catalog',
    'dct:title': `${institution.name}: ${project.title}`,
    'dct:description': project.description === '' ? `What the project “${project.title}” may know of.` : project.description,
    'dct:publisher': publisher,
    'dct:modified': { '@type': 'xsd:dateTime', '@value': issued },
    'dcat:dataset': entries.map(({ entry, policies }) => datasetOf(base, publisher, entry, policies)),
  }
}

function datasetOf(base: string, publisher: Json, entry: EntryDetail, policies: readonly Policy[]): Json {
  const at = `${base}/${entry.reference}`
  const semantics = [...new Set((entry.columns ?? []).flatMap(({ semantic }) => (semantic === null ? [] : [semantic.replaceAll('_', ' ')])))]
  return {
    '@id': at,
    '@type': 'dcat:Dataset',
    'dct:identifier': entry.reference,
    'dct:title': entry.title,
    'dct:description': entry.description ?? entry.title,
    'dct:publisher': { '@id': publisher['@id'] },
    'dct:accessRights': restricted,
    ...(semantics.length === 0 ? {} : { 'dcat:keyword': semantics }),
    ...(policies.length === 0 ? {} : { 'odrl:hasPolicy': policies.map(policyOf) }),
    ...(entry.columns === null ? {} : distributionOf(at, entry, entry.columns)),
  }
}

/** Rows are had through plans of the project alone, so the way to them is the table's page and not a file. */
function distributionOf(at: string, entry: EntryDetail, columns: NonNullable<EntryDetail['columns']>): Json {
  return {
    'dcat:distribution': {
      '@id': `${at}#rows`,
      '@type': 'dcat:Distribution',
      'dct:title': `${entry.title}, through query plans of the project`,
      'dcat:accessURL': { '@id': at },
      'csvw:tableSchema': {
        'csvw:column': columns.map(({ name, type, description }) => ({
          'csvw:name': name,
          'csvw:datatype': type,
          ...(description === null ? {} : { 'dct:description': description }),
        })),
        ...(entry.key.length === 0 ? {} : { 'csvw:primaryKey': entry.key }),
      },
    },
  }
}

/** By its address and its title: a Set has a context of its own. */
const policyOf = (policy: Policy): Json => ({ '@id': toOdrlSet(policy).uid, '@type': 'odrl:Set', 'dct:title': policy.title })
