import * as hyparquet from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import { loadParquet, openParquet, ParquetError, type ParquetModule, type RandomAccessFile } from './parquet.ts'
import { isFault } from './push-parser.ts'

const parquet = hyparquet as unknown as ParquetModule

async function read(file: RandomAccessFile) {
  const opened = await openParquet(file, parquet)
  const items = []
  for await (const item of opened.rows()) items.push(isFault(item) ? `${item.fault} ${item.line} ${item.field}` : item)
  return { ...opened, items }
}

describe('a Parquet file that cannot be read', () => {
  it('is refused by name, and nothing of it is repeated', async () => {
    const bytes = new TextEncoder().encode('Secret,1\nSecret,2\n').buffer
    const refusal = await openParquet(bytes, parquet).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(ParquetError)
    expect(refusal).toMatchObject({ code: 'parquet_unreadable' })
    expect(String(refusal)).not.toContain('Secret')
  })

  it('loses the rows with nested values only', async () => {
    const buffer = parquetWriteBuffer({ columnData: [{ name: 'a', data: [{ b: 1 }, null], type: 'JSON' }] })
    expect((await read(buffer)).items).toEqual(['nested_value 1 a', { line: 2, record: { a: null } }])
  })
})

describe('a Parquet file', () => {
  it('gives records as the other readers do, one row group after the other', async () => {
    const buffer = parquetWriteBuffer({
      columnData: [
        { name: 'town', data: ['York', null, 'Leeds'], type: 'STRING' },
        { name: 'age', data: [41, 7, null], type: 'INT32' },
        { name: 'long', data: [1n, 9_007_199_254_740_993n, -2n], type: 'INT64' },
        { name: 'share', data: [0.1, Number.NaN, 2], type: 'DOUBLE' },
        { name: 'member', data: [true, false, null], type: 'BOOLEAN' },
        { name: 'at', data: [new Date('2026-11-22T09:30:00.120Z'), null, new Date('1969-12-31T23:59:59.999Z')], type: 'TIMESTAMP' },
      ],
      rowGroupSize: 2,
    })
    expect(await read(buffer)).toMatchObject({
      columns: ['town', 'age', 'long', 'share', 'member', 'at'],
      rowCount: 3,
      items: [
        { line: 1, record: { town: 'York', age: 41, long: 1, share: 0.1, member: true, at: '2026-11-22T09:30:00.120Z' } },
        { line: 2, record: { town: null, age: 7, long: '9007199254740993', share: null, member: false, at: null } },
        { line: 3, record: { town: 'Leeds', age: null, long: -2, share: 2, member: null, at: '1969-12-31T23:59:59.999Z' } },
      ],
    })
  })

  it('is sampled by row groups from all over it, each with the places of its rows and its cells by column', async () => {
    const buffer = parquetWriteBuffer({ columnData: [{ name: 'n', data: [1, 2, 3, 4, 5, 6, 7, null], type: 'INT32' }], rowGroupSize: 2 })
    const found = []
    for await (const { rowStart, rowCount, cells } of (await openParquet(buffer, parquet)).groups(2))
      found.push({ rowStart, rowCount, cells: Array.from(cells('n')) })
    expect(found).toEqual([
      { rowStart: 0, rowCount: 2, cells: [1, 2] },
      { rowStart: 4, rowCount: 2, cells: [5, 6] },
    ])
  })

  it('keeps days as days', async () => {
    const schema = [
      { name: 'root', num_children: 1 },
      { name: 'day', type: 'INT32', converted_type: 'DATE', repetition_type: 'OPTIONAL' },
    ] as const
    const buffer = parquetWriteBuffer({ columnData: [{ name: 'day', data: [new Date('1971-02-01T00:00:00Z'), null] }], schema: [...schema] })
    expect((await read(buffer)).items).toEqual([
      { line: 1, record: { day: '1971-02-01' } },
      { line: 2, record: { day: null } },
    ])
  })

  it('is read by the installed package', async () => {
    expect(Object.keys(await loadParquet())).toContain('parquetRead')
  })
})
