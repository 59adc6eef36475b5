import type { Id } from '@gatehouse/core/id'
import { listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { rowsOf } from '@gatehouse/tabular/dataset'
import type { Predicate } from '@gatehouse/tabular/predicate'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { discoverSource } from '../looks/begin.ts'
import { catalogModule } from '../module.ts'
import { addSource } from '../sources/add.ts'
import { removeSource } from '../sources/remove.ts'
import { tableByReference } from '../tables/by-reference.ts'
import { changeTable } from '../tables/change.ts'
import { openTable } from '../tables/open.ts'
import { readTable } from '../tables/read.ts'
import { catalogEraser } from './erase.ts'
import { sweepUploads } from './sweep.ts'
import { uploadTable } from './upload.ts'

const csv = 'patient_id,born,score,city\nP1,1960-12-31,1.5,York\nP2,1971-02-03,2,Leeds\nP3,,3.25,"Ely, Cambs"\n'
const rows = [
  { patient_id: 'P1', born: '1960-12-31', score: 1.5, city: 'York' },
  { patient_id: 'P2', born: '1971-02-03', score: 2, city: 'Leeds' },
  { patient_id: 'P3', born: null, score: 3.25, city: 'Ely, Cambs' },
]

let t: TestNode
let source: Id<'data_source'>
beforeAll(async () => {
  t = await testNode({ modules: [catalogModule] })
  source = await newSource('ward')
})
afterAll(() => t.close())

async function newSource(slug: string): Promise<Id<'data_source'>> {
  const answer = await t.door.enter(addSource, { slug, kind: 'file', title: slug }, t.admin)
  if (answer.outcome !== 'done') throw new Error(answer.outcome)
  return answer.output.id
}
async function* body(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part)
}
const upload = (name: string, file: AsyncIterable<Uint8Array>, more: object = {}) => t.door.enter(uploadTable, { source, name, body: file, ...more }, t.admin)
const done = async (name: string, file: AsyncIterable<Uint8Array>, more: object = {}) => {
  const answer = await upload(name, file, more)
  if (answer.outcome !== 'done') throw new Error(answer.outcome === 'refused' ? answer.problem.message : answer.outcome)
  return answer.output
}
const refused = (detail: RegExp) => ({
  outcome: 'refused',
  problem: { kind: { type: '/problems/catalog/file-refused' }, detail: expect.stringMatching(detail) },
})
const read = async (reference: string, more: { columns?: string[]; where?: Predicate; rowsMax?: number } = {}) => {
  const table = await t.database.transaction(t.tenant, (tx) => tableByReference(tx, reference))
  if (table === undefined) throw new Error(`no ${reference}`)
  const columns = table.columns.map(({ name }) => name)
  const { chunks } = await openTable(t.door.node, t.tenant, table, { columns, rowsMax: 1_000, signal: new AbortController().signal, ...more })
  const found = []
  for await (const chunk of chunks) found.push(...rowsOf(chunk))
  return found
}
const objects = async () => {
  const found: string[] = []
  for await (const { name } of listAll(t.blobs, '')) found.push(name)
  return found
}

/** The least that makes a spreadsheet: a sheet of cells as XML. */
function xlsx(sheetXml: string): Uint8Array {
  const text = (xml: string) => Buffer.from(`<?xml version="1.0"?>${xml}`)
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  return zipSync({
    '[Content_Types].xml': text('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
    'xl/workbook.xml': text(`<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="Ward" sheetId="1" r:id="rId1"/></sheets></workbook>`),
    'xl/_rels/workbook.xml.rels': text(
      `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    ),
    'xl/worksheets/sheet1.xml': text(`<worksheet xmlns="${main}"><sheetData>${sheetXml}</sheetData></worksheet>`),
  })
}
const cell = (place: string, value: string | number, formula = '') =>
  typeof value === 'number' ? `<c r="${place}">${formula}<v>${value}</v></c>` : `<c r="${place}" t="inlineStr"><is><t>${value}</t></is></c>`

describe('a file that cannot be kept', () => {
  it('leaves the version before, and no object', async () => {
    await done('kept', body(csv))
    const before = await objects()
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('patient_id,born\nP9,19')
      throw new Error('the connection broke')
    }
    await expect(upload('kept', breaking())).rejects.toThrow()
    expect(await upload('kept', body('a,a,a\n1,2,3\n'))).toMatchObject(refused(/header/))
    expect(await upload('kept', body(''))).toMatchObject(refused(/no row/))
    expect(await upload('kept', body('PAR1 this is no Parquet'))).toMatchObject(refused(/Parquet/))
    expect(await upload('kept', body('PK\u0003\u0004 this is no spreadsheet'))).toMatchObject(refused(/spreadsheet/))
    expect(await upload('kept', body(csv), { sha256: '0'.repeat(64) })).toMatchObject(refused(/not what was announced/))
    expect(await read('ward.kept')).toEqual(rows)
    expect(await objects()).toEqual(before)
  })

  it('of another institution’s source, of a paused or a live one, or of none', async () => {
    const stranger = t.principal({ tenant: '01980000-0000-7000-8000-000000000002' as Id<'tenant'> })
    expect(await t.door.enter(uploadTable, { source, name: 'x', body: body(csv) }, stranger)).toMatchObject({ problem: { kind: { status: 404 } } })
    expect(await t.door.enter(discoverSource, { source }, t.admin)).toMatchObject({ problem: { kind: { type: '/problems/catalog/not-live' } } })
  })

  it('because it would unpack to a mountain', async () => {
    const bomb = Buffer.from(xlsx(`<row r="1">${cell('A1', 'x')}</row>`))
    // The size that the archive says of its last entry: more than may be unpacked, then less than it holds.
    const entry = bomb.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))
    bomb.writeUInt32LE(0x7fff_ffff, entry + 24)
    expect(await upload('bomb', body(bomb))).toMatchObject(refused(/unpacked/))
    bomb.writeUInt32LE(3, entry + 24)
    expect(await upload('bomb', body(bomb))).toMatchObject(refused(/its directory says/))
  })

  it.each([
    ['a cell', `<c r="XFD1048576"><v>1</v></c>`, /cells/],
    ['a row', `<row r="1048576">${cell('ZZ1048576', 'x')}</row>`, /cells/],
    ['a cell whose place is written as an entity', `<c r="&#88;FD1048576"><v>1</v></c>`, /plainly/],
    ['a cell behind a bracket', `<c s=">" r="XFD1048576"><v>1</v></c>`, /plainly/],
    ['a cell of a prefix', `<x:c r="XFD1048576"><v>1</v></x:c>`, /cells/],
  ])('because %s stands where no table reaches', async (_, far, words) => {
    expect(await upload('far', body(xlsx(`<row r="1">${cell('A1', 'id')}</row><row r="2">${far}</row>`)))).toMatchObject(refused(words))
  })
})

describe('rows that do not fit', () => {
  it('are left out, counted, and told by reason and column without their values', async () => {
    const good = Array.from({ length: 40 }, (_, index) => `P${index},1960-01-${String((index % 28) + 1).padStart(2, '0')},${index}\n`).join('')
    const { upload: kept, table } = await done('faulty', body(`patient_id,born,score\n${good}secret-person,1960-02-31,1\nP98,1961-01-01\n`))
    expect(kept).toMatchObject({ rows: 40, bad_rows: 2 })
    expect(kept.faults).toEqual([
      { fault: 'bad_value', field: 'born', rows: 1, line: 42, message: expect.stringContaining('date') },
      { fault: 'wrong_column_count', field: null, rows: 1, line: 43, message: expect.any(String) },
    ])
    expect(JSON.stringify([kept, t.entries.at(-1)])).not.toContain('secret-person')
    expect(table.columns.map(({ name, type }) => `${name} ${type}`)).toEqual(['patient_id string', 'born date', 'score integer'])
  })
})

describe('a file becomes a table', () => {
  it.each([
    ['csv', body(csv)],
    ['ndjson', body(rows.map((row) => JSON.stringify(row)).join('\n'))],
    ['json', body(JSON.stringify(rows))],
  ])('of %s, told by its bytes', async (format, file) => {
    const { upload: kept } = await done(`as-${format}`, file)
    expect(kept).toMatchObject({ format, version: 1, rows: 3, bad_rows: 0, kept: true })
    expect(await read(`ward.as-${format}`)).toEqual(rows)
  })

  it('of xlsx; of a formula the value that stands beside it', async () => {
    const sheet = `<row r="1">${cell('A1', 'id')}${cell('B1', 'score')}</row><row r="2">${cell('A2', 'P1')}${cell('B2', 7, '<f>HYPERLINK("http://x")+1</f>')}</row>`
    const { upload: kept } = await done('as-xlsx', body(xlsx(sheet)), { sheet: 'Ward' })
    expect(kept).toMatchObject({ format: 'xlsx', rows: 1 })
    expect(await read('ward.as-xlsx')).toEqual([{ id: 'P1', score: 7 }])
    expect(await upload('as-xlsx', body(xlsx(sheet)), { sheet: 'Other' })).toMatchObject(refused(/no such sheet/))
  })

  it('of Parquet', async () => {
    const { parquetWriteBuffer } = await import('hyparquet-writer')
    const written = parquetWriteBuffer({
      columnData: [
        { name: 'id', data: ['P1', 'P2'], type: 'STRING' },
        { name: 'age', data: [40, 41], type: 'INT32' },
      ],
    })
    const { upload: kept } = await done('as-parquet', body(new Uint8Array(written)))
    expect(kept).toMatchObject({ format: 'parquet', rows: 2 })
    expect(await read('ward.as-parquet')).toEqual([
      { id: 'P1', age: 40 },
      { id: 'P2', age: 41 },
    ])
  })

  it('whose columns are proposed a role, and keep what people say of them through the next version', async () => {
    const { table } = await done('roles', body(csv))
    expect(table.columns.map(({ name, identifier_role }) => `${name} ${identifier_role}`)).toEqual([
      'patient_id subject',
      'born quasi',
      'score sensitive',
      'city quasi',
    ])
    const said = await t.door.enter(
      changeTable,
      { table: table.id, columns: [{ name: 'score', identifier_role: 'none', weight_hint: 0.9, description: 'of the test' }] },
      t.admin,
    )
    expect(said).toMatchObject({ outcome: 'done' })
    const next = await done('roles', body(`patient_id,score,ward\nP1,1,a\nP2,2,b\n`))
    expect(next.upload).toMatchObject({ version: 2, schema_version: 2 })
    expect(next.table.columns.find(({ name }) => name === 'score')).toMatchObject({ type: 'number', sensitivity: 'plain', weight_hint: 0.9, confirmed: true })
    const detail = await t.door.enter(readTable, { table: table.id }, t.admin)
    expect(detail).toMatchObject({
      output: {
        uploads: [{ version: 2 }, { version: 1 }],
        changes: [
          {
            schema_version: 2,
            changes: expect.arrayContaining([
              expect.objectContaining({ what: 'column_gone', column: 'born' }),
              expect.objectContaining({ what: 'column_added', column: 'ward' }),
            ]),
          },
          { schema_version: 1, changes: [{ what: 'table_added' }] },
        ],
      },
    })
  })

  it('once, however often the same file is sent, and keeps the rows of the newest two', async () => {
    await done('versions', body(csv))
    expect(await done('versions', body(csv))).toMatchObject({ repeated: true, upload: { version: 1 } })
    for (const score of [8, 9]) await done('versions', body(csv.replace('1.5', `${score}.5`)))
    const { table } = await done('versions', body(csv.replace('1.5', '10.5')))
    const detail = await t.door.enter(readTable, { table: table.id }, t.admin)
    expect(detail).toMatchObject({
      output: {
        uploads: [
          { version: 4, kept: true },
          { version: 3, kept: true },
          { version: 2, kept: false },
          { version: 1, kept: false },
        ],
      },
    })
    expect((await read('ward.versions'))[0]).toMatchObject({ score: 10.5 })
  })
})

describe('reading', () => {
  it('gives the columns that are named, of the rows that are meant', async () => {
    await done('read', body(csv))
    expect(await read('ward.read', { columns: ['score'], where: { column: 'city', is: 'eq', value: 'Leeds' } })).toEqual([{ score: 2 }])
    await expect(read('ward.read', { rowsMax: 2 })).rejects.toMatchObject({ code: 'too_large' })
    await expect(read('ward.read', { columns: ['other'] })).rejects.toMatchObject({ code: 'drifted' })
  })

  it('opens for no other institution, and no object holds a value in clear', async () => {
    await done('sealed', body('name,note\nAna Quetzalli,x\n'))
    for (const name of await objects()) {
      const found = await t.blobs.get(name)
      for await (const piece of found ?? []) expect(Buffer.from(piece).includes('Quetzalli')).toBe(false)
    }
    expect(await t.database.transaction('01980000-0000-7000-8000-000000000002' as Id<'tenant'>, (tx) => tableByReference(tx, 'ward.sealed'))).toBeUndefined()
  })
})

describe('what is left over', () => {
  it('goes after a day, and what a version knows stays', async () => {
    await done('swept', body(csv))
    await t.blobs.put('scratch/uploads/01980000-0000-7000-8000-0000000000ff', body('left by a killed node'))
    await t.blobs.put(`tables/${t.tenant}/01980000-0000-7000-8000-0000000000ff/0000000`, body('left by a killed node'))
    const before = await objects()
    await t.door.enter(sweepUploads, {}, t.principal({ kind: 'system' }))
    expect(await objects()).toEqual(before)
    // The clock of the disk is the machine's, so the test's is set by it.
    t.clock.set(Date.now() + 25 * 3_600_000)
    const swept = await t.door.enter(sweepUploads, {}, t.principal({ kind: 'system' }))
    expect(swept).toMatchObject({ output: { swept: 2 } })
    expect(await read('ward.swept')).toEqual(rows)
  })

  it('goes with its source, and with its institution', async () => {
    const other = await newSource('short')
    await t.door.enter(uploadTable, { source: other, name: 'x', body: body(csv) }, t.admin)
    const before = (await objects()).length
    expect(await t.door.enter(removeSource, { source: other }, t.admin)).toMatchObject({ output: { tables: 1, files: 1 } })
    expect((await objects()).length).toBe(before - 2)
    expect(await catalogEraser.purgeTenant?.(t.door.node, t.tenant)).toMatchObject({ 'catalog.files': expect.any(Number) })
    expect(await objects()).toEqual([])
  })
})
