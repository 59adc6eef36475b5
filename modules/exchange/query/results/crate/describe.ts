/**
 * What a run was, in the words of RO-Crate 1.2 and the Five Safes profile 0.4 (https://w3id.org/5s-crate/0.4): which plan, for which project,
 * who judged it when, and what came of it. Pure. People stand in it by their ids: their names are the institution's.
 */
import type { Instant } from '@gatehouse/core/instant'

export interface Described {
  readonly node: { readonly origin: string; readonly software: string }
  readonly created: Instant
  readonly project: {
    readonly id: string
    readonly title: string
    readonly purpose: string
    readonly agreement: { readonly reference: string } | null
    readonly ends_at: Instant
  }
  readonly plan: { readonly id: string; readonly version: number; readonly hash: string; readonly title: string }
  readonly run: { readonly id: string; readonly asked_by: string; readonly started_at: Instant | null; readonly ended_at: Instant | null }
  readonly result: {
    readonly id: string
    readonly form: string
    readonly rows: number
    readonly digest: string
    readonly released_at: Instant | null
    readonly expires_at: Instant
    readonly partial: boolean
    readonly columns: readonly { readonly name: string; readonly type: string }[]
  }
  readonly sources: readonly { readonly as: string; readonly table: string }[]
  readonly reviews: readonly { readonly id: string; readonly of: 'sign_off' | 'disclosure'; readonly at: Instant | null }[]
}

export const planFile = 'plan.json'
export const evidenceFile = 'evidence.json'
const profile = 'https://w3id.org/5s-crate/0.4'
const specification = 'https://w3id.org/ro/crate/1.2'

const assessed = {
  sign_off: { type: 'https://w3id.org/shp#SignOff', name: 'The holders of the tables agreed to exactly this plan' },
  disclosure: { type: 'https://w3id.org/shp#DisclosureCheck', name: 'The result was judged fit to leave' },
} as const

type Entity = { readonly '@id': string; readonly '@type': string | readonly string[] } & Readonly<Record<string, unknown>>
const ref = (id: string) => ({ '@id': id })

export function describe({ node, created, project, plan, run, result, sources, reviews }: Described): object {
  const ids = { project: `#project-${project.id}`, run: `#run-${run.id}`, result: `urn:uuid:${result.id}`, agent: `urn:uuid:${run.asked_by}`, node: '#node' }
  const assessments = reviews.map(
    ({ id, of, at }): Entity => ({
      '@id': `#review-${id}`,
      '@type': 'AssessAction',
      additionalType: ref(assessed[of].type),
      name: assessed[of].name,
      ...(at === null ? {} : { endTime: at }),
      object: [ref('./'), ref(of === 'sign_off' ? planFile : ids.result)],
      agent: ref(ids.node),
      actionStatus: 'http://schema.org/CompletedActionStatus',
    }),
  )
  const tables = [...new Map(sources.map(({ as, table }) => [table, as]))].map(
    ([table, as]): Entity => ({ '@id': `#table-${encodeURIComponent(table)}`, '@type': 'Dataset', name: table, alternateName: as }),
  )
  const graph: Entity[] = [
    { '@id': 'ro-crate-metadata.json', '@type': 'CreativeWork', about: ref('./'), conformsTo: ref(specification) },
    {
      '@id': './',
      '@type': 'Dataset',
      name: plan.title,
      description: `Evidence of one run: its plan, who agreed to it, and what came of it. It holds no row.`,
      datePublished: created,
      license: project.agreement?.reference ?? `As agreed for the project, until ${project.ends_at}`,
      conformsTo: ref(profile),
      publisher: ref(ids.node),
      sourceOrganization: ref(ids.project),
      mainEntity: ref(planFile),
      mentions: [ref(ids.run), ...assessments.map((one) => ref(one['@id']))],
      hasPart: [ref(planFile), ref(evidenceFile), ref(ids.result)],
    },
    { '@id': profile, '@type': 'Profile', name: 'Five Safes RO-Crate profile' },
    { '@id': ids.node, '@type': 'Organization', name: node.origin },
    { '@id': '#software', '@type': 'SoftwareApplication', name: node.software, provider: ref(ids.node) },
    { '@id': ids.project, '@type': 'Project', name: project.title, description: project.purpose, identifier: project.id, dissolutionDate: project.ends_at },
    { '@id': ids.agent, '@type': 'Person', name: 'A member of the project', memberOf: [ref(ids.project)] },
    {
      '@id': planFile,
      '@type': ['File', 'SoftwareSourceCode'],
      name: plan.title,
      encodingFormat: 'application/json',
      identifier: `urn:uuid:${plan.id}`,
      version: plan.version,
      sha256: plan.hash,
    },
    {
      '@id': evidenceFile,
      '@type': 'File',
      name: 'What the ledger has about the plan, the run, its reviews and its result, each with its proof',
      encodingFormat: 'application/json',
    },
    {
      '@id': ids.run,
      '@type': 'CreateAction',
      name: plan.title,
      agent: ref(ids.agent),
      instrument: ref(planFile),
      object: tables.map((table) => ref(table['@id'])),
      result: [ref(ids.result)],
      ...(run.started_at === null ? {} : { startTime: run.started_at }),
      ...(run.ended_at === null ? {} : { endTime: run.ended_at }),
      actionStatus: 'http://schema.org/CompletedActionStatus',
    },
    {
      '@id': ids.result,
      '@type': 'DigitalDocument',
      name: plan.title,
      description: `${result.rows} rows, ${result.form}${result.partial ? ', without some of the nodes that the plan means' : ''}. They stay at the node.`,
      identifier: ref(`#digest-${result.id}`),
      variableMeasured: result.columns.map(({ name }) => name),
      expires: result.expires_at,
      ...(result.released_at === null ? {} : { datePublished: result.released_at }),
      hasDigitalDocumentPermission: ref('#permission'),
    },
    { '@id': `#digest-${result.id}`, '@type': 'PropertyValue', name: 'Digest of the rows, keyed by the node', value: result.digest },
    { '@id': '#permission', '@type': 'DigitalDocumentPermission', permissionType: 'http://schema.org/ReadPermission', grantee: ref(ids.project) },
    ...tables,
    ...assessments,
  ]
  return { '@context': `${specification}/context`, '@graph': graph }
}
