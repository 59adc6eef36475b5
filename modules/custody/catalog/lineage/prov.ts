/**
 * The same lineage in the words of PROV-O (W3C), as nodes of a JSON-LD graph. Each event is told by itself: a node that several name is one
 * node with all that is said of it, as JSON-LD has it. Pure.
 */
import { type DatasetName, type InputField, lineageFacetOf, type RunEvent } from './event.ts'

type Node = Readonly<Record<string, unknown>>

/** Every word stands for its IRI without anything being fetched. */
export const provContext = {
  prov: 'http://www.w3.org/ns/prov#',
  dct: 'http://purl.org/dc/terms/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  'prov:startedAtTime': { '@type': 'xsd:dateTime' },
  'prov:endedAtTime': { '@type': 'xsd:dateTime' },
  'prov:generatedAtTime': { '@type': 'xsd:dateTime' },
} as const

const ended: readonly RunEvent['eventType'][] = ['COMPLETE', 'ABORT', 'FAIL']

/** The activity, what it used and made, who it was done by, and of which columns each column is made. */
export function provNodes({ eventType, eventTime, run, job, inputs, outputs }: RunEvent): Node[] {
  const activity = `urn:uuid:${run.runId}`
  const plan = iriOf(job)
  const agent = job.namespace
  return [
    {
      '@id': activity,
      '@type': 'prov:Activity',
      ...(eventType === 'START' ? { 'prov:startedAtTime': eventTime } : ended.includes(eventType) ? { 'prov:endedAtTime': eventTime } : {}),
      'prov:wasAssociatedWith': ref(agent),
      'prov:qualifiedAssociation': { '@type': 'prov:Association', 'prov:agent': ref(agent), 'prov:hadPlan': ref(plan) },
      'prov:used': inputs.map((input) => ref(iriOf(input))),
    },
    { '@id': agent, '@type': ['prov:Agent', 'prov:Organization'] },
    { '@id': plan, '@type': ['prov:Entity', 'prov:Plan'] },
    ...inputs.map((input) => entity(input)),
    ...outputs.flatMap((output) => made(output, { activity, at: eventTime, from: inputs })),
  ]
}

interface Making {
  readonly activity: string
  readonly at: string
  readonly from: readonly DatasetName[]
}

function made(output: RunEvent['outputs'][number], { activity, at, from }: Making): Node[] {
  const { fields = {}, dataset = [] } = lineageFacetOf(output) ?? {}
  const columns = Object.entries(fields)
  return [
    {
      ...entity(output),
      'prov:wasGeneratedBy': ref(activity),
      'prov:generatedAtTime': at,
      'prov:wasDerivedFrom': from.map((input) => ref(iriOf(input))),
      ...(dataset.length === 0 ? {} : { 'prov:qualifiedDerivation': dataset.map((input) => derivation(input, activity)) }),
    },
    ...columns.map(([column, { inputFields }]) => ({
      ...columnEntity(output, column),
      'prov:wasGeneratedBy': ref(activity),
      'prov:wasDerivedFrom': inputFields.map((input) => ref(columnIri(input, input.field))),
      'prov:qualifiedDerivation': inputFields.map((input) => derivation(input, activity)),
    })),
    ...[...dataset, ...columns.flatMap(([, { inputFields }]) => inputFields)].map((input) => columnEntity(input, input.field)),
  ]
}

/** How: the words of OpenLineage for it, and what was done. */
function derivation(input: InputField, activity: string): Node {
  const how = input.transformations.map(({ subtype, masking, description }) =>
    [subtype, masking ? 'masking' : undefined, description].filter((word) => word !== undefined).join(', '),
  )
  return { '@type': 'prov:Derivation', 'prov:entity': ref(columnIri(input, input.field)), 'prov:hadActivity': ref(activity), 'dct:description': how }
}

const ref = (id: string) => ({ '@id': id })
const iriOf = ({ namespace, name }: DatasetName): string => `${namespace}:${encodeURI(name)}`
const columnIri = (dataset: DatasetName, column: string): string => `${iriOf(dataset)}#${encodeURIComponent(column)}`
const entity = (dataset: DatasetName): Node => ({ '@id': iriOf(dataset), '@type': 'prov:Entity', 'dct:identifier': dataset.name })

function columnEntity(dataset: DatasetName, column: string): Node {
  return { '@id': columnIri(dataset, column), '@type': 'prov:Entity', 'dct:title': column, 'dct:isPartOf': ref(iriOf(dataset)) }
}
