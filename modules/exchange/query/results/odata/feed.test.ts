/** The feed of a result, on PostgreSQL: attacks first. */

import type { FileAnswer } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endProject } from '../../../../governance/projects/life.ts'
import { problems } from '../../problems.ts'
import { endResult } from '../end.ts'
import { fieldOf, type Made, type ResultsNode, resultsNode } from '../testing/results.ts'
import { feedCount, feedMetadata, feedRows, feedService } from './feed.ts'
import { closeFeedHours } from './hours.ts'

let n: ResultsNode
let of: Awaited<ReturnType<ResultsNode['project']>>
let made: Made
const fields = [fieldOf('town', 'string'), fieldOf('age', 'integer')]
const rows = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ town: (from + i) % 10 === 0 ? null : `t${(from + i) % 10}`, age: (from + i) % 90 }))
beforeAll(async () => {
  n = await resultsNode()
  of = await n.project()
  made = await n.released(of, { fields, chunks: [rows(0, 4_000), rows(4_000, 4_000), rows(8_000, 100)] })
})
afterAll(() => n.t.close())

type Page = { value: Record<string, unknown>[]; '@odata.count'?: number; '@odata.nextLink'?: string }
const at = ({ project, result }: Made) => ({ project, result })
const page = (options: object = {}, by = of.analyst, result = made) => n.done<Page>(feedRows, { ...at(result), ...options }, by)
const refused = (options: object, by = of.analyst, result = made) => n.refused(feedRows, { ...at(result), ...options }, by)
const entries = (type: string) => n.t.entries.filter((entry) => entry.type === type)
async function text(answer: FileAnswer): Promise<string> {
  let whole = ''
  for await (const chunk of answer.chunks) whole += chunk
  return whole
}
/** As a client follows the links: what stands in them and nothing else. */
async function everything(options: object): Promise<Page['value']> {
  const all: Page['value'] = []
  for (let next: object | undefined = options; next !== undefined; ) {
    const { value, '@odata.nextLink': link } = await page(next)
    all.push(...value)
    next = link === undefined ? undefined : Object.fromEntries(new URL(link).searchParams)
  }
  return all
}

describe('a feed', () => {
  it('is refused to whoever is not of the project, and in another project', async () => {
    const elsewhere = await n.project()
    expect(await refused({}, elsewhere.analyst)).toBe(doorProblems.not_allowed)
    expect(await refused({}, elsewhere.analyst, { ...made, project: elsewhere.project })).toBe(doorProblems.not_found)
  })

  it('ends with its result, its release and its project, between two pages', async () => {
    const own = await n.project()
    const result = await n.released(own, { fields, chunks: [rows(0, 10)] })
    const held = await n.released(own, { fields, chunks: [rows(0, 10)], result: { state: 'held', released_at: null } })
    const quiet = await n.released(own, { fields, chunks: [rows(0, 10)], plan: { output: { title: 'No JSON', formats: ['csv'] } } })
    expect(await refused({}, own.analyst, held)).toBe(problems.result_held)
    expect(await refused({}, own.analyst, quiet)).toBe(problems.format_not_planned)
    const first = await page({ $top: '5' }, own.analyst, result)
    expect(first.value).toHaveLength(5)
    await n.t.database.transaction(n.t.tenant, (tx) => endResult(tx, result.result, 'deleted', n.inDays(0) as never))
    expect(await refused({ $skiptoken: '5.5' }, own.analyst, result)).toBe(problems.result_ended)
    await n.done(endProject, { project: own.project }, n.officer)
    expect(await refused({}, own.analyst, quiet)).toBe(doorProblems.not_allowed)
  })

  it.each(['$orderby', '$expand', '$search', '$apply', '$compute'])('refuses %s by its name', async (name) => {
    expect(await refused({ [name]: 'age' })).toBe(problems.odata_unspoken)
  })

  it('refuses options that are none, columns that are none, and a filter that means something else', async () => {
    expect(await refused({ $top: '-1' })).toBe(doorProblems.input_invalid)
    expect(await refused({ $skiptoken: '1 OR 1' })).toBe(doorProblems.input_invalid)
    expect(await refused({ sql: 'select' })).toBe(doorProblems.input_invalid)
    expect(await refused({ $select: 'age,constructor' })).toBe(problems.filter_wrong)
    expect(await refused({ $filter: 'age eq 1; DROP TABLE query.result' })).toBe(problems.filter_wrong)
  })

  it('gives every row once, over pages that the server cuts', async () => {
    const all = await everything({})
    expect(all).toHaveLength(8_100)
    expect(all.map(({ _row }) => _row)).toEqual(Array.from({ length: 8_100 }, (_, row) => row))
    expect(all[4_321]).toEqual({ _row: 4_321, town: 't1', age: 4_321 % 90 })
  })

  it('chooses, passes over and counts as it is asked to', async () => {
    const filter = "startswith(town,'t') and (age ge 80 or town eq 't3') and not town eq 't5'"
    const expected = rows(0, 8_100).filter(({ town, age }) => town !== null && (age >= 80 || town === 't3') && town !== 't5')
    expect(await everything({ $filter: filter, $select: 'town,age' })).toEqual(expected)
    const some = await page({ $filter: filter, $skip: '7', $top: '3', $select: 'age', $count: 'true' })
    expect(some).toMatchObject({ '@odata.count': expected.length, value: expected.slice(7, 10).map(({ age }) => ({ age })) })
    expect(some['@odata.nextLink']).toBeUndefined()
    expect((await everything({ $top: '5001', $select: 'age' })).length).toBe(5_001)
    expect(await text(await n.done<FileAnswer>(feedCount, { ...at(made), $filter: 'town eq null' }, of.analyst))).toBe('810')
    expect((await page({ $filter: 'town ne null', $count: 'true', $top: '0' }))['@odata.count']).toBe(7_290)
  })

  it('describes itself in XML and in JSON', async () => {
    const service = await n.done<{ '@odata.context': string; value: object[] }>(feedService, at(made), of.analyst)
    expect(service.value).toEqual([{ name: 'rows', kind: 'EntitySet', url: 'rows' }])
    expect(service['@odata.context']).toMatch(/\/odata\/\$metadata$/)
    const xml = await text(await n.done<FileAnswer>(feedMetadata, at(made), of.analyst))
    expect(xml).toContain('<Property Name="town" Type="Edm.String"/><Property Name="age" Type="Edm.Int64"/>')
    expect(xml).toContain('<PropertyValue Property="Sortable" Bool="false"/>')
    const json = JSON.parse(await text(await n.done<FileAnswer>(feedMetadata, { ...at(made), $format: 'json' }, of.analyst)))
    expect(json.gatehouse.row).toMatchObject({ $Key: ['_row'], age: { $Type: 'Edm.Int64' } })
  })

  it('leaves one entry for each reader and hour, before the first row, and one with the sums when the hour is over', async () => {
    const own = await n.released(of, { fields, chunks: [rows(0, 30)] })
    const about = (type: string) => entries(type).filter(({ facts }) => facts.object?.id === own.result)
    await Promise.all(Array.from({ length: 12 }, (_, i) => page({ $top: String(i) }, of.analyst, own)))
    await page({}, of.lead, own)
    expect(
      about('query.read_feed')
        .map(({ actor }) => actor.id)
        .sort(),
    ).toEqual([of.analyst.id, of.lead.id].sort())
    n.t.clock.advance(3_600_000)
    await page({}, of.analyst, own)
    expect(about('query.read_feed')).toHaveLength(3)
    for (let turn = 0; turn < 2; turn++) await closeFeedHours.run(n.t.door.node)
    const written = await n.t.database.transaction(n.t.tenant, (tx) =>
      tx.query<{ body: Uint8Array }>("SELECT body FROM ledger.entry WHERE tenant_id = $1 AND type = 'query.close_feed_hour' AND object_id = $2", [
        n.t.tenant,
        own.result,
      ]),
    )
    const bodies = written.map(({ body }) => Buffer.from(body).toString())
    expect(bodies.filter((body) => body.includes('"requests":12') && body.includes('"rows":66'))).toHaveLength(1)
    expect(bodies).toHaveLength(2)
  })
})
