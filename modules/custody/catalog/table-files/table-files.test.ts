import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodePrimitives as primitives } from '@gatehouse/crypto/node'
import { type BlobStore, listAll, type Range } from '@gatehouse/runtime/data/blobs/blob-store'
import { diskBlobs } from '@gatehouse/runtime/data/blobs/disk'
import { type Dataset, datasetFrom, rowsOf } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAll } from './bytes.ts'
import { readManifest, readTable } from './read-table.ts'
import { TableFileError, tableKey } from './seal.ts'
import { deleteTable, writeTable, writtenChunks } from './write-table.ts'

const field = (name: string, type: Field['type']): Field => ({ name, type, sensitivity: 'plain', nullable: true })
const fields = [field('city', 'string'), field('age', 'integer'), field('note', 'string'), field('amount', 'number')]
const rows = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    city: `c${(from + i) % 7}`,
    age: (from + i) % 90,
    note: `${from + i}`.repeat(20),
    amount: i % 5 === 0 ? null : i / 4,
  }))
const parts = [rows(0, 3_000), rows(3_000, 3_000), rows(6_000, 10)]
const chunks = parts.map((part) => datasetFrom(fields, part))

const key = tableKey('tenant-1', 'tables/tenant-1/a', primitives.randomBytes(32))
let folder: string
let store: BlobStore
const fetched: { name: string; bytes: number }[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-tables-'))
  const disk = diskBlobs(folder, Date.now)
  store = {
    ...disk,
    async get(name: string, range?: Range) {
      fetched.push({ name, bytes: (range?.end ?? Number.POSITIVE_INFINITY) - (range?.start ?? 0) })
      return disk.get(name, range)
    },
  }
  await writeTable(store, primitives, key, fields, chunks)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function rowsIn(table: AsyncIterable<Dataset>) {
  const found = []
  for await (const chunk of table) found.push(...rowsOf(chunk))
  return found
}
async function* body(bytes: Uint8Array) {
  yield bytes
}
const manifest = async (of = key) => {
  const found = await readManifest(store, primitives, of)
  if (found === undefined) throw new Error('no manifest')
  return found
}

/** Damages a fresh copy of the table and tells what reading it gives. */
async function damaged(
  name: string,
  damage: (read: (chunk: number) => Promise<Uint8Array>, put: (chunk: number, bytes: Uint8Array) => Promise<unknown>) => Promise<void>,
) {
  const of = tableKey('tenant-1', `tables/tenant-1/${name}`, key.key)
  const written = await writeTable(store, primitives, of, fields, chunks)
  const object = (chunk: number) => written.chunks[chunk]?.object ?? ''
  await damage(
    async (chunk) => (await readAll(store, object(chunk))) as Uint8Array,
    (chunk, bytes) => store.put(object(chunk), body(bytes)),
  )
  return rowsIn(readTable(store, primitives, of, written))
}

describe('a table file', () => {
  it('does not open where a byte was changed, a chunk cut off, lost or put in the place of another', async () => {
    await expect(
      damaged('changed', async (read, put) => {
        const bytes = Uint8Array.from(await read(1))
        bytes[100] = (bytes[100] as number) ^ 1
        await put(1, bytes)
      }),
    ).rejects.toThrow(TableFileError)
    await expect(damaged('cut', async (read, put) => void (await put(1, (await read(1)).subarray(0, 1_000))))).rejects.toThrow(/cut off/)
    await expect(damaged('moved', async (read, put) => void (await put(1, await read(0))))).rejects.toThrow(TableFileError)
    expect(await damaged('whole', async () => {})).toHaveLength(6_010)
    await store.delete('tables/tenant-1/whole/0000002')
    const whole = tableKey('tenant-1', 'tables/tenant-1/whole', key.key)
    await expect(rowsIn(readTable(store, primitives, whole, await manifest(whole)))).rejects.toThrow(/not there/)
  })

  it('does not open where two columns of one chunk changed places', async () => {
    const written = await manifest()
    const [first, ...others] = written.chunks
    const [city, age, note, amount] = first?.columns ?? []
    const swapped = { ...written, chunks: [{ ...first, columns: [note, age, city, amount] }, ...others] } as typeof written
    await expect(rowsIn(readTable(store, primitives, key, swapped, ['city']))).rejects.toThrow(/column 0 of chunk 0/)
  })

  it('opens for no other tenant, file or key, and its manifest neither', async () => {
    const written = await manifest()
    for (const wrong of [{ tenant: 'tenant-2' }, { file: 'tables/tenant-1/b' }, { key: primitives.randomBytes(32) }]) {
      await expect(rowsIn(readTable(store, primitives, { ...key, ...wrong }, written))).rejects.toThrow(TableFileError)
    }
    await expect(readManifest(store, primitives, { ...key, tenant: 'tenant-2' })).rejects.toThrow(TableFileError)
    await expect(readManifest(store, primitives, { ...key, file: 'tables/tenant-1/b' })).resolves.toBeUndefined()
    expect(() => tableKey('tenant-1', 'a', new Uint8Array(16))).toThrow(/32 bytes/)
  })

  it('takes no chunk of other columns, and no column that it does not have', async () => {
    const other = datasetFrom([field('town', 'string')], [{ town: 'York' }])
    await expect(writeTable(store, primitives, tableKey('t', 'tables/t/x', key.key), fields, [other])).rejects.toThrow(/in their order/)
    await expect(rowsIn(readTable(store, primitives, key, await manifest(), ['town']))).rejects.toThrow(/no column town; it has city, age, note, amount/)
  })

  it('holds no value in clear', async () => {
    for await (const { name } of listAll(store, key.file)) expect(Buffer.from((await readAll(store, name)) as Uint8Array).includes('c0c1c2c3')).toBe(false)
  })

  it('gives back its rows, and the named columns in the named order', async () => {
    const written = await manifest()
    expect(written).toMatchObject({ rows: 6_010, fields, chunks: [{ rows: 3_000, columns: [{}, { min: 0, max: 89 }, {}, {}] }, {}, {}] })
    expect(await rowsIn(readTable(store, primitives, key, written))).toEqual(parts.flat())
    const some = await rowsIn(readTable(store, primitives, key, written, ['amount', 'city']))
    expect(some).toEqual(parts.flat().map(({ city, amount }) => ({ amount, city })))
    expect(Object.keys(some[0] ?? {})).toEqual(['amount', 'city'])
    expect((await rowsIn(readTable(store, primitives, key, written, []))).length).toBe(6_010)
  })

  it('fetches of the other columns no byte', async () => {
    const written = await manifest()
    fetched.length = 0
    await rowsIn(readTable(store, primitives, key, written, ['city', 'amount']))
    const wanted = written.chunks.flatMap(({ columns }) => [columns[0], columns[3]]).reduce((sum, place) => sum + (place?.length ?? 0), 0)
    const between = written.chunks[2]?.columns.slice(1, 3).reduce((sum, place) => sum + place.length, 0) ?? 0
    // In the last chunk the two lie so near that one request fetches both.
    expect(fetched.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(wanted + between)
    expect(fetched).toHaveLength(5)
  })

  it('goes on after the last chunk that is whole when its writer was killed', async () => {
    const of = tableKey('tenant-1', 'tables/tenant-1/killed', key.key)
    const killed = async function* () {
      yield chunks[0] as Dataset
      yield chunks[1] as Dataset
      throw new Error('killed')
    }
    await expect(writeTable(store, primitives, of, fields, killed())).rejects.toThrow('killed')
    expect(await readManifest(store, primitives, of)).toBeUndefined()
    const second = (await readAll(store, `${of.file}/0000001`)) as Uint8Array
    await store.put(`${of.file}/0000001`, body(second.subarray(0, second.length - 1)))
    const after = await writtenChunks(store, primitives, of)
    expect(after).toMatchObject([{ rows: 3_000 }])
    const seen: number[] = []
    const written = await writeTable(store, primitives, of, fields, chunks.slice(1), { after, onChunk: ({ rows: count }) => seen.push(count) })
    expect(seen).toEqual([3_000, 10])
    expect(await rowsIn(readTable(store, primitives, of, written))).toEqual(parts.flat())
  })

  it('is gone as a whole, and may be empty', async () => {
    const of = tableKey('tenant-1', 'tables/tenant-1/empty', key.key)
    expect(await rowsIn(readTable(store, primitives, of, await writeTable(store, primitives, of, fields, [])))).toEqual([])
    await deleteTable(store, of.file)
    await deleteTable(store, of.file)
    for await (const { name } of listAll(store, of.file)) expect(name).toBe('')
  })
})
