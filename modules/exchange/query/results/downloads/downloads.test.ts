/** Files of results, on PostgreSQL: attacks first. */

import { inflateRawSync } from 'node:zlib'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { FileAnswer } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { putHolder } from '../../../../governance/projects/index.ts'
import { suspendProject } from '../../../../governance/projects/life.ts'
import { removeMember } from '../../../../governance/projects/members.ts'
import { readProject } from '../../../../governance/projects/read.ts'
import { removeSource } from '../../../../governance/projects/sources.ts'
import { problems } from '../../problems.ts'
import { endResult } from '../end.ts'
import { fieldOf, type Made, type ResultsNode, resultsNode } from '../testing/results.ts'
import { closeAbandonedDownloads } from './abandoned.ts'
import { createDownload } from './create.ts'
import { redeemDownload } from './redeem.ts'

let n: ResultsNode
let of: Awaited<ReturnType<ResultsNode['project']>>
let made: Made
beforeAll(async () => {
  n = await resultsNode()
  of = await n.project()
  made = await n.released(of, { fields, chunks: [rows(0, 3), rows(3, 2)] })
})
afterAll(() => n.t.close())

const fields = [fieldOf('town', 'string'), fieldOf('age', 'integer'), fieldOf('weight', 'number'), fieldOf('well', 'boolean'), fieldOf('seen', 'date')]
const towns = ['=HYPERLINK("http://evil")', 'North, upper', '@home', "it's", '-3+4']
const rows = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    town: towns[from + i] as string,
    age: 40 + from + i,
    weight: i === 1 ? null : 70.5,
    well: i % 2 === 0,
    seen: '2026-03-01',
  }))

type Asked = { id: string; token: string; url: string }
const ask = (of: Made, by: Principal, format = 'json') => n.done<Asked>(createDownload, { project: of.project, result: of.result, format }, by)
const fetched = (of: Pick<Made, 'project' | 'result'>, token: string, by: Principal) =>
  n.done<FileAnswer>(redeemDownload, { project: of.project, result: of.result, token }, by)
const refused = (of: Pick<Made, 'project' | 'result'>, token: string, by: Principal) =>
  n.refused(redeemDownload, { project: of.project, result: of.result, token }, by)
async function bytesOf({ chunks }: FileAnswer): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const chunk of chunks) pieces.push(Buffer.from(chunk))
  return Buffer.concat(pieces)
}
const file = async (format: string) => bytesOf(await fetched(made, (await ask(made, of.analyst, format)).token, of.analyst))
const entries = (type: string) => n.t.entries.filter((entry) => entry.type === type).map(({ facts }) => facts)

describe('a token for a file', () => {
  it('is good once, of two hundred redemptions at once', async () => {
    const { token } = await ask(made, of.analyst)
    const answers = await Promise.allSettled(Array.from({ length: 200 }, () => fetched(made, token, of.analyst)))
    const won = answers.filter((answer) => answer.status === 'fulfilled')
    expect(won).toHaveLength(1)
    await bytesOf((won[0] as PromiseFulfilledResult<FileAnswer>).value)
    expect(await refused(made, token, of.analyst)).toBe(problems.download_refused)
  })

  it('is nobody else’s, not even of another member of the project', async () => {
    const { token } = await ask(made, of.analyst)
    expect(await refused(made, token, of.lead)).toBe(problems.download_refused)
    // It was not spent by that.
    expect(await fetched(made, token, of.analyst)).toMatchObject({ mediaType: 'application/json' })
  })

  it('is good for no other result, nor in another project', async () => {
    const other = await n.released(of, { fields, chunks: [rows(0, 1)] })
    const elsewhere = await n.project()
    const { token } = await ask(made, of.analyst)
    expect(await refused(other, token, of.analyst)).toBe(problems.download_refused)
    expect(await refused({ project: elsewhere.project, result: made.result }, token, of.analyst)).toBe(doorProblems.not_allowed)
    expect(await n.refused(createDownload, { project: elsewhere.project, result: made.result, format: 'json' }, elsewhere.analyst)).toBe(doorProblems.not_found)
  })

  it.each(['../../etc/passwd', 'ghf_short', `gh1_${'A'.repeat(43)}`, `ghf_${'A'.repeat(43)}`, "ghf_' OR 1=1 --"])('is not %s', async (token) => {
    expect(await refused(made, token, of.analyst)).toBe(problems.download_refused)
  })

  it('ends after five minutes, at the second', async () => {
    const { token } = await ask(made, of.analyst)
    n.t.clock.advance(300_000)
    expect(await refused(made, token, of.analyst)).toBe(problems.download_refused)
  })

  it('is of one content: another one under the same result is not had with it', async () => {
    const own = await n.released(of, { fields, chunks: [rows(0, 1)] })
    const { token } = await ask(own, of.analyst)
    await n.t.database.transaction(n.t.tenant, (tx) =>
      tx.change('UPDATE query.result SET digest = $3 WHERE tenant_id = $1 AND id = $2', [n.t.tenant, own.result, 'e'.repeat(64)]),
    )
    expect(await refused(own, token, of.analyst)).toBe(problems.download_refused)
  })

  it('is not given for what is held, ended, or a format that the plan does not give out', async () => {
    const held = await n.released(of, { fields, chunks: [rows(0, 1)], result: { state: 'held', released_at: null } })
    const narrow = await n.released(of, { fields, chunks: [rows(0, 1)], plan: { output: { title: 'Narrow', formats: ['csv'] } } })
    const ended = await n.released(of, { fields, chunks: [rows(0, 1)] })
    const { token } = await ask(ended, of.analyst)
    await n.t.database.transaction(n.t.tenant, (tx) => endResult(tx, ended.result, 'deleted', n.inDays(0) as never))
    const create = (one: Made, format: string) => n.refused(createDownload, { project: one.project, result: one.result, format }, of.analyst)
    expect(await create(held, 'json')).toBe(problems.result_held)
    expect(await create(narrow, 'json')).toBe(problems.format_not_planned)
    expect(await create(ended, 'json')).toBe(problems.result_ended)
    expect(await refused(ended, token, of.analyst)).toBe(problems.download_refused)
  })
})

describe('between asking and fetching', () => {
  it('a member who was removed gets nothing', async () => {
    const own = await n.project()
    const result = await n.released(own, { fields, chunks: [rows(0, 1)] })
    const { token } = await ask(result, own.analyst)
    const { members } = await n.done<{ members: { id: string; holder: string }[] }>(readProject, { project: own.project }, n.officer)
    await n.done(removeMember, { project: own.project, member: members.find(({ holder }) => holder === own.analyst.id)?.id }, n.officer)
    expect(await refused(result, token, own.analyst)).toBe(doorProblems.not_allowed)
  })

  it('an admission that was taken back burns the token, and so does the end of the project', async () => {
    const own = await n.project()
    const result = await n.released(own, { fields, chunks: [rows(0, 1)] })
    const [first, second] = [await ask(result, own.analyst), await ask(result, own.analyst)]
    const { sources } = await n.done<{ sources: { id: string }[] }>(readProject, { project: own.project }, n.officer)
    await n.done(removeSource, { project: own.project, source: sources[0]?.id }, n.officer)
    expect(await refused(result, first.token, own.analyst)).toBe(problems.download_refused)
    expect(await n.refused(createDownload, { project: own.project, result: result.result, format: 'json' }, own.analyst)).toBe(problems.stays_here)
    await n.done(suspendProject, { project: own.project }, n.officer)
    expect(await refused(result, second.token, own.analyst)).not.toBeUndefined()
    expect(entries('query.redeem_download').at(-2)).toMatchObject({ decision: 'deny', details: { reasons: ['source_not_admitted'] } })
  })
})

describe('a result that names people', () => {
  const identifiable = (more: object) =>
    n.released(of, { fields, chunks: [rows(0, 2)], plan: { form: 'identifiable', treatment: undefined }, version: { reasons: ['identifiable'], ...more } })
  const create = (one: Made) => n.refused(createDownload, { project: one.project, result: one.result, format: 'json' }, of.analyst)

  it('stays where no holder has approved it, or one was named since', async () => {
    expect(await create(await identifiable({}))).toBe(problems.stays_here)
    const team = (await n.team(of.lead)) as never
    const approved = await identifiable({ approved_at: n.inDays(0), approved_teams: [] })
    const { token } = await ask(approved, of.analyst)
    await n.t.database.transaction(n.t.tenant, (tx) =>
      putHolder(tx, { kind: 'table', reference: 'hospital.stays', team, named_by: 'officer', named_at: n.inDays(0) as never }),
    )
    expect(await create(approved)).toBe(problems.stays_here)
    expect(await refused(approved, token, of.analyst)).toBe(problems.download_refused)
  })
})

describe('the ledger', () => {
  it('has an entry before the first byte and another with what became of the file', async () => {
    const { id, token } = await ask(made, of.analyst)
    const answer = await fetched(made, token, of.analyst)
    expect(entries('query.redeem_download').at(-1)).toMatchObject({ decision: 'permit', details: { download: id, format: 'json' } })
    expect(entries('query.deliver_download').filter(({ details }) => details?.download === id)).toEqual([])
    const bytes = await bytesOf(answer)
    expect(entries('query.deliver_download').at(-1)?.details).toMatchObject({ download: id, delivered: true, bytes: bytes.length })
  })

  it('says that a file was broken off by its reader, or that nobody knows because the process died', async () => {
    const [left, died] = [await ask(made, of.analyst), await ask(made, of.analyst)]
    for await (const _ of (await fetched(made, left.token, of.analyst)).chunks) break
    expect(entries('query.deliver_download').at(-1)?.details).toMatchObject({ download: left.id, delivered: false })
    await fetched(made, died.token, of.analyst)
    n.t.clock.advance(7 * 3_600_000)
    await closeAbandonedDownloads.run(n.t.door.node)
    await closeAbandonedDownloads.run(n.t.door.node)
    const written = await n.t.database.transaction(n.t.tenant, (tx) =>
      tx.query<{ body: Uint8Array }>("SELECT body FROM ledger.entry WHERE tenant_id = $1 AND type = 'query.deliver_download'", [n.t.tenant]),
    )
    const about = written.map(({ body }) => Buffer.from(body).toString()).filter((body) => body.includes(died.id))
    expect(about).toHaveLength(1)
    expect(about[0]).toContain('"abandoned":true')
  })
})

describe('a file', () => {
  const terms = { project: 'Falls at home', purpose: 'dpv:ScientificResearch', agreement: { reference: 'DSA 17' } }
  const meant = { title: 'Stays by town', form: 'anonymised', digest: 'd'.repeat(64), plan: { version: 1 }, terms }

  it('as JSON has its metadata in a member, before the rows', async () => {
    const text = (await file('json')).toString()
    const parsed = JSON.parse(text)
    expect(parsed.metadata).toMatchObject(meant)
    expect(parsed.data).toHaveLength(5)
    expect(parsed.data[1]).toEqual({ town: 'North, upper', age: 41, weight: null, well: false, seen: '2026-03-01' })
    expect(text.indexOf('"metadata"')).toBeLessThan(text.indexOf('"data"'))
  })

  it('as NDJSON has it in the first line', async () => {
    const [first, ...lines] = (await file('ndjson')).toString().trimEnd().split('\n')
    expect(JSON.parse(first as string).metadata).toMatchObject(meant)
    expect(lines.map((line) => JSON.parse(line).age)).toEqual([40, 41, 42, 43, 44])
  })

  it('as CSV runs no formula, and lies in a zip beside what CSV on the Web wants to know of it', async () => {
    const files = unzipped(await file('csv'))
    const [metadataName, csvName] = Object.keys(files) as [string, string]
    expect(metadataName).toBe(`${csvName}-metadata.json`)
    const lines = (files[csvName] as string).split('\r\n')
    expect(lines.slice(0, 6)).toEqual([
      'town,age,weight,well,seen',
      `"'=HYPERLINK(""http://evil"")",40,70.5,true,2026-03-01`,
      '"North, upper",41,,false,2026-03-01',
      "'@home,42,70.5,true,2026-03-01",
      "it's,43,70.5,true,2026-03-01",
      "'-3+4,44,,false,2026-03-01",
    ])
    const described = JSON.parse(files[metadataName] as string)
    expect(described).toMatchObject({ url: csvName, 'gatehouse:formulaGuard': true, 'gatehouse:result': meant })
    expect(described.tableSchema.columns.map(({ datatype }: { datatype: string }) => datatype)).toEqual(['string', 'integer', 'double', 'boolean', 'date'])
  })

  it('as Parquet has a row group for each chunk and the metadata by its key', async () => {
    const bytes = await file('parquet')
    const whole = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
    const metadata = await parquetMetadataAsync({ byteLength: whole.byteLength, slice: (from, to) => whole.slice(from, to) })
    expect(metadata.row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([3, 2])
    expect(JSON.parse(metadata.key_value_metadata?.find(({ key }) => key === 'gatehouse')?.value ?? '')).toMatchObject(meant)
    const read = await parquetReadObjects({ file: whole })
    expect(read[1]).toEqual({ town: 'North, upper', age: 41n, weight: null, well: false, seen: new Date('2026-03-01') })
    expect(read.map(({ age }) => Number(age))).toEqual([40, 41, 42, 43, 44])
  })
})

/** Enough of a zip to read what was written: its central directory names the files and where they begin. */
function unzipped(zip: Buffer): Record<string, string> {
  const files: Record<string, string> = {}
  for (let at = zip.indexOf('PK\x01\x02', 0, 'latin1'); zip.readUInt32LE(at) === 0x02014b50; ) {
    const [size, nameLength, extra, comment, offset] = [
      zip.readUInt32LE(at + 20),
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
      zip.readUInt32LE(at + 42),
    ]
    const name = zip.subarray(at + 46, at + 46 + nameLength).toString()
    const from = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28)
    files[name] = inflateRawSync(zip.subarray(from, from + size)).toString()
    at += 46 + nameLength + extra + comment
  }
  return files
}
