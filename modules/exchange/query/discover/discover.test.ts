/** What a project sees of the catalogue, on PostgreSQL with uploaded tables: what it must not see first. */
import { type Principal, systemPrincipal } from '@gatehouse/runtime/base/context'
import type { AnyOperation, FileAnswer } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordLineage, runEvent, tableDataset } from '../../../custody/catalog/index.ts'
import { measureTable } from '../../../custody/catalog/profile/measure-table.ts'
import { createPolicy } from '../../../governance/policies/create.ts'
import { publishVersion } from '../../../governance/policies/publish.ts'
import { suspendProject } from '../../../governance/projects/life.ts'
import { type CatalogueNode, catalogueNode } from '../../linkage/testing/catalogue.ts'
import { queryModule } from '../module.ts'
import { problems } from '../problems.ts'
import { exportCatalogue } from './export-dcat.ts'
import { exportProvenance } from './export-prov.ts'
import { exportLineage } from './lineage.ts'
import { readEntry } from './read-entry.ts'
import type { Entry, EntryDetail } from './schema.ts'
import { searchCatalogue } from './search.ts'
import { haveShapes, violationsOf } from './testing/dcat-ap.ts'

let n: CatalogueNode
let project: string
let analyst: Principal
const rows = (count: number, ward: string) =>
  Array.from({ length: count }, (_, i) => ({ patient: `P${i}`, admitted_on: `2024-01-${10 + (i % 20)}`, hiv_status: i % 2 === 0 ? ward : 'unknown' }))
beforeAll(async () => {
  n = await catalogueNode([queryModule])
  await n.table('hospital', 'admissions', rows(1_234, 'north'), [{ name: 'patient', identifier_role: 'subject' }], { description: 'Who came in' })
  await n.table('clinic', 'visits', rows(500, 'south'), [], { title: 'Visits', description: 'Who came by' })
  await n.table('tiny', 'trial', rows(4, 'east'))
  project = await n.project('hospital.admissions', 'tiny.trial')
  analyst = await n.member(project)
})
afterAll(() => n.t.close())

const done = <T>(operation: AnyOperation, input: object, by = analyst) => n.done<T>(operation, input, by)
const search = async (text?: string, of = project, by = analyst) => (await done<{ data: Entry[] }>(searchCatalogue, { project: of, search: text }, by)).data
const references = async (text?: string) => (await search(text)).map(({ reference }) => reference)
const entry = (reference: string) => done<EntryDetail>(readEntry, { project, reference })

describe('a project', () => {
  it('sees nothing for whoever is no member, nor for anybody while it is suspended', async () => {
    const stranger = await n.member(await n.project())
    for (const [operation, input] of [
      [searchCatalogue, { project }],
      [readEntry, { project, reference: 'hospital.admissions' }],
      [exportCatalogue, { project }],
      [exportLineage, { project }],
      [exportProvenance, { project }],
    ] as const)
      expect(await n.refused(operation as AnyOperation, input, stranger)).toBe(doorProblems.not_allowed)
    const paused = await n.project()
    await done(suspendProject, { project: paused }, n.officer)
    expect(await n.refused(searchCatalogue, { project: paused }, n.officer)).toBe(problems.project_closed)
  })

  it('sees of a table that it is not admitted to its title, description and offers, and no column, count or lineage', async () => {
    expect((await search()).find(({ reference }) => reference === 'clinic.visits')).toEqual({
      reference: 'clinic.visits',
      title: 'Visits',
      description: 'Who came by',
      access: 'described',
      columns: null,
      rows: null,
      offers: [],
    })
    const detail = await entry('clinic.visits')
    expect(detail).toMatchObject({ columns: null, key: [], floor: null, source: null, profile: null, lineage: null })
    expect(JSON.stringify(detail)).not.toMatch(/hiv|patient|500/)
  })

  it('learns nothing of its columns by searching either', async () => {
    expect(await references('hiv')).toEqual(['hospital.admissions', 'tiny.trial'])
    expect(await references('came')).toEqual(['clinic.visits', 'hospital.admissions'])
    expect(await references('%')).toEqual([])
  })

  it('is told no count below the floor, and others in two digits', async () => {
    const counts = Object.fromEntries((await search()).map(({ reference, rows }) => [reference, rows]))
    expect(counts).toEqual({ 'clinic.visits': null, 'hospital.admissions': 1_200, 'tiny.trial': null })
  })
})

describe('an offer', () => {
  const offer = (uid: string, assignee: string) => ({
    uid,
    type: 'Set',
    profile: 'urn:gatehouse:odrl:v1',
    title: 'Visits for research',
    assignee,
    permission: [
      {
        uid: 'rows',
        action: 'query',
        target: 'clinic.visits',
        purpose: ['dpv:ScientificResearch'],
        legal_basis: { basis: 'eu-gdpr:A9-2-j', law: 'Research' },
        fields: { patient: { mask: 'keep' } },
        constraint: [{ leftOperand: 'resultForm', operator: 'isAnyOf', rightOperand: ['pseudonymised', 'anonymised'] }],
      },
    ],
  })
  async function publish(uid: string, assignee: string) {
    await done(createPolicy, { document: offer(uid, assignee) }, n.officer)
    const second = await n.staff(['administrator', 'officer'])
    await n.enter(publishVersion, { policy: uid, version: 1 }, n.officer)
    await done(publishVersion, { policy: uid, version: 1 }, second)
  }

  it('counts once two people have published it, and is seen by the project that it is made to and by no other', async () => {
    await done(createPolicy, { document: offer('draft-alone', project) }, n.officer)
    await publish('to-another', await n.project())
    n.t.clock.advance(1_000)
    expect((await entry('clinic.visits')).offers).toEqual([])
    await publish('to-us', project)
    n.t.clock.advance(1_000)
    expect((await entry('clinic.visits')).offers).toEqual([
      {
        policy: 'to-us',
        title: 'Visits for research',
        actions: ['query'],
        forms: ['pseudonymised', 'anonymised'],
        purposes: ['dpv:ScientificResearch'],
        from: null,
        until: null,
        permits: true,
      },
    ])
  })
})

describe('an admitted table', () => {
  it('is told with columns, and with its profile once it was measured, without a value that few people share', async () => {
    expect(await entry('hospital.admissions')).toMatchObject({
      access: 'full',
      rows: 1_200,
      profile: null,
      columns: [{ name: 'patient', identifier_role: 'subject' }, {}, {}],
    })
    await done(measureTable, { reference: 'hospital.admissions' }, systemPrincipal(n.t.tenant, 'job'))
    const { profile } = await entry('hospital.admissions')
    expect(profile).toMatchObject({ rows: 1_200, sampled: false })
    expect(profile?.columns[2]).toMatchObject({ name: 'hiv_status', distinct: '2-10', categories: [{ share: 0.5 }, { share: 0.5 }] })
    expect(JSON.stringify(profile)).not.toContain('P12')
  })

  it('tells what this project has made of it, and not what others have', async () => {
    const other = await n.project('hospital.admissions')
    const of = tableDataset(n.t.tenant, 'hospital.admissions')
    const event = (name: string) =>
      runEvent({
        state: 'COMPLETE',
        at: n.inDays(0) as never,
        run: '01980000-0000-7000-8000-0000000000e1',
        job: { namespace: of.namespace, name: 'plans/1' },
        inputs: [of],
        outputs: [{ namespace: of.namespace, name, columns: { day: [{ ...of, field: 'admitted_on', how: 'TRANSFORMATION', masking: false }] } }],
      })
    await n.t.database.transaction(n.t.tenant, async (tx) => {
      await recordLineage(tx, n.t.door.node, [event('results/ours')], project as never)
      await recordLineage(tx, n.t.door.node, [event('results/theirs')], other as never)
    })
    expect((await entry('hospital.admissions')).lineage).toEqual({ inputs: [], outputs: [{ reference: 'results/ours' }] })
    const lines = []
    for await (const line of await done<AsyncIterable<unknown>>(exportLineage, { project })) lines.push(line)
    expect(lines).toEqual([event('results/ours')])
    let provenance = ''
    for await (const chunk of (await done<FileAnswer>(exportProvenance, { project })).chunks) provenance += chunk
    const named = (JSON.parse(provenance) as { '@graph': { '@id': string }[] })['@graph'].map((node) => node['@id'])
    expect(named).toContain(`${of.namespace}:results/ours#day`)
    expect(provenance).not.toContain('theirs')
  })
})

describe('the catalogue as DCAT', () => {
  const exported = async () => {
    const file = await done<FileAnswer>(exportCatalogue, { project })
    let text = ''
    for await (const chunk of file.chunks) text += chunk
    return text
  }

  it.skipIf(!haveShapes)(
    `keeps the shapes of DCAT-AP, which find what is missing${haveShapes ? '' : ' (skipped: the shapes are not beside the project)'}`,
    async () => {
      const text = await exported()
      expect(await violationsOf(text)).toEqual([])
      const untitled = JSON.parse(text) as { 'dcat:dataset': Record<string, unknown>[] }
      delete untitled['dcat:dataset'][0]?.['dct:title']
      expect((await violationsOf(JSON.stringify(untitled))).join()).toContain('clinic.visits http://purl.org/dc/terms/title')
    },
  )

  it('says what the project is told and no more, with every member that DCAT-AP 3.0.1 asks for', async () => {
    const catalogue = JSON.parse(await exported()) as { 'dcat:dataset': Record<string, unknown>[] }
    expect(catalogue).toMatchObject({
      '@type': 'dcat:Catalog',
      'dct:title': expect.any(String),
      'dct:description': expect.any(String),
      'dct:publisher': { '@type': 'foaf:Agent', 'foaf:name': expect.any(String) },
    })
    expect(catalogue['dcat:dataset'].map((dataset) => dataset['dct:identifier'])).toEqual(['clinic.visits', 'hospital.admissions', 'tiny.trial'])
    for (const dataset of catalogue['dcat:dataset']) expect(dataset).toMatchObject({ 'dct:title': expect.any(String), 'dct:description': expect.any(String) })
    const [visits, admissions] = catalogue['dcat:dataset']
    expect(JSON.stringify(visits)).not.toMatch(/hiv|patient/)
    expect(admissions).toMatchObject({
      'dcat:distribution': { '@type': 'dcat:Distribution', 'dcat:accessURL': { '@id': expect.stringContaining('/catalogue/hospital.admissions') } },
    })
  })
})
