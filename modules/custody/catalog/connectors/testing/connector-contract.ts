/** The obligations of a driver (`connector.ts`), held against a real source that has `contractRows` in a table. */
import { createServer, type Server, type Socket } from 'node:net'
import { type Dataset, rowsOf } from '@gatehouse/tabular/dataset'
import type { FieldType } from '@gatehouse/tabular/field'
import type { Predicate } from '@gatehouse/tabular/predicate'
import { maskOf } from '@gatehouse/tabular/predicate-evaluate'
import { keepRows } from '@gatehouse/tabular/rows'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Connection, ConnectorError, type DiscoveredTable, type ReadRequest } from '../connector.ts'
import { contractCount, contractDataset, contractFields, contractRows } from './contract-rows.ts'

/** A source that is there for the test, seeded with the rows of the contract. */
export interface ContractSource {
  /** The seeded table, as the driver is to name it. */
  readonly table: string
  open(): Promise<Connection>
  /** With a credential that the source does not take; absent where it asks for none. */
  openWrongly?(): Promise<Connection>
  /** The same settings, but for where the source is. */
  openAt(port: number): Promise<Connection>
  /** Text of the credential, right and wrong, that no error may repeat. */
  readonly secrets: readonly string[]
  /** Makes the column `score` another type there, and takes the column `born` away; absent where a source has no schema. */
  drift?(): Promise<void>
  /** What the driver makes of the columns where it cannot know better. */
  readonly types?: Readonly<Record<string, FieldType>>
  /** False where the source has no order of a key to go on by. */
  readonly resumes: boolean
}

const predicates: readonly Predicate[] = [
  { column: 'id', is: 'eq', value: 7 },
  { column: 'id', is: 'ge', value: 1_990 },
  { column: 'id', is: 'lt', value: 2.5 },
  { column: 'id', in: [1, 2, 99_999_999_999] },
  { column: 'name', is: 'eq', value: `O'Brien` },
  { column: 'name', is: 'ne', value: 'Ana' },
  { column: 'name', is: 'gt', value: 'Z' },
  { column: 'name', in: [`'; DROP TABLE patients; --`, 'back\\slash', '$1', 'line\nbreak'] },
  { column: 'name', starts_with: '%' },
  { column: 'name', starts_with: '_' },
  { column: 'name', starts_with: '😀' },
  { column: 'name', is: 'eq', value: 'ana' },
  { column: 'name', is: 'eq', value: `' OR '1'='1` },
  { column: 'name', is: 'eq', value: '") OR 1=1 --' },
  { column: 'name', is: 'eq', value: 'a\u0000b' },
  { column: 'name', is: 'eq', value: '{"$gt": ""}' },
  { column: 'name', missing: true },
  { column: 'score', is: 'lt', value: 0 },
  { column: 'score', is: 'eq', value: 0.5 },
  { column: 'score', missing: false },
  { column: 'active', is: 'eq', value: true },
  { column: 'active', is: 'ne', value: true },
  { column: 'born', is: 'ge', value: '1999-12-31' },
  { column: 'born', is: 'eq', value: 'not a day' },
  { column: 'seen', is: 'gt', value: '2020-02-01T00:00:00.000Z' },
  { column: 'seen', missing: true },
  { not: { column: 'name', is: 'eq', value: 'Ana' } },
  {
    not: {
      any: [
        { column: 'active', is: 'eq', value: true },
        { column: 'score', is: 'gt', value: 10 },
      ],
    },
  },
  {
    all: [
      { column: 'id', is: 'le', value: 500 },
      { column: 'name', is: 'lt', value: 'M' },
      { column: 'active', missing: false },
    ],
  },
  {
    any: [
      { column: 'id', is: 'eq', value: 3 },
      { column: 'name', starts_with: 'Zoë' },
    ],
  },
]

export function connectorContract(name: string, source: () => ContractSource): void {
  describe(name, () => {
    let connection: Connection
    let table: DiscoveredTable
    let silent: Server | undefined
    const held = new Set<Socket>()
    beforeAll(async () => {
      connection = await source().open()
      const found = (await connection.discover()).find(({ name }) => name === source().table)
      if (found === undefined) throw new Error(`the driver does not find ${source().table}`)
      table = found
      silent = createServer((socket) => held.add(socket.on('error', () => {})))
      await new Promise<void>((resolve) => silent?.listen(0, '127.0.0.1', resolve))
    })
    afterAll(async () => {
      for (const socket of held) socket.destroy()
      silent?.close()
      await connection?.close()
    })

    const request = (more: Partial<ReadRequest> = {}): ReadRequest => ({
      table,
      columns: contractFields.map(({ name }) => name),
      where: undefined,
      inKeyOrder: false,
      rowsMax: 1_000_000,
      timeMsMax: 30_000,
      signal: new AbortController().signal,
      ...more,
    })
    const read = async (more: Partial<ReadRequest> = {}, from = connection) => {
      const chunks: Dataset[] = []
      for await (const chunk of from.read(request(more))) chunks.push(chunk)
      return chunks
    }
    const rowsIn = async (more: Partial<ReadRequest> = {}) => (await read(more)).flatMap((chunk) => [...rowsOf(chunk)])
    const byId = (rows: readonly Record<string, unknown>[]) => [...rows].sort((left, right) => Number(left.id) - Number(right.id))
    const faultOf = async (reading: Promise<unknown>): Promise<ConnectorError> => {
      const error = await reading.then(
        () => undefined,
        (reason: unknown) => reason,
      )
      expect(error).toBeInstanceOf(ConnectorError)
      const { message, stack, cause } = error as ConnectorError
      // Whatever a log prints of an error.
      const told = `${message} ${stack} ${cause instanceof Error ? `${cause.message} ${cause.stack}` : ''}`
      for (const secret of source().secrets) expect(told).not.toContain(secret)
      return error as ConnectorError
    }

    it('says what it is', async () => {
      expect(await connection.check()).toMatchObject({ server: expect.stringMatching(/./), readOnly: expect.any(Boolean) })
    })

    it('finds the table, its columns by their types, and its key', () => {
      const types = Object.fromEntries(table.columns.map(({ column, field }) => [column, field.type]))
      const wanted = Object.fromEntries(contractFields.map(({ name, type }) => [name, source().types?.[name] ?? type]))
      expect(types).toMatchObject(wanted)
      if (source().resumes) expect(table.key).toEqual(['id'])
    })

    it('gives every row as it is, missing values and all', async () => {
      expect(byId(await rowsIn())).toEqual(contractRows)
    })

    it('gives the columns that were asked for, in that order, and no other', async () => {
      const chunks = await read({ columns: ['name', 'id'] })
      expect(chunks[0]?.columns.map(({ field }) => field.name)).toEqual(['name', 'id'])
      expect(byId(chunks.flatMap((chunk) => [...rowsOf(chunk)]))).toEqual(contractRows.map(({ id, name }) => ({ name, id })))
    })

    it.each(predicates.map((where) => [JSON.stringify(where), where] as const))('means by %s what we mean', async (_, where) => {
      const wanted = [...rowsOf(keepRows(contractDataset, maskOf(where, contractDataset)))].map(({ id }) => id)
      expect(byId(await rowsIn({ where, columns: ['id'] })).map(({ id }) => id)).toEqual(wanted)
    })

    it('and nothing that was asked for has changed the source', async () => {
      expect(await rowsIn({ columns: ['id'] })).toHaveLength(contractCount)
    })

    it('ends where there are more rows than it may give, and not at exactly as many', async () => {
      expect(await faultOf(read({ rowsMax: contractCount - 1 }))).toMatchObject({ code: 'too_large' })
      expect(await rowsIn({ rowsMax: contractCount })).toHaveLength(contractCount)
    })

    it('gives a sample of no more rows than were asked for', async () => {
      const sample = await rowsIn({ sample: true, rowsMax: 20 })
      expect(sample).toHaveLength(20)
    })

    it('ends when its time is over', async () => {
      expect(await faultOf(read({ timeMsMax: 1 }))).toMatchObject({ code: 'slow' })
    })

    it('ends within a second once nobody wants it, before the first row and between two', async () => {
      const stopped = AbortSignal.abort(new Error('nobody wants it'))
      await expect(read({ signal: stopped })).rejects.toThrow('nobody wants it')
      const ending = new AbortController()
      const reading = connection.read(request({ signal: ending.signal }))[Symbol.asyncIterator]()
      await reading.next()
      const before = performance.now()
      ending.abort(new Error('nobody wants it'))
      await expect(
        (async () => {
          for (let next = await reading.next(); !next.done; next = await reading.next());
        })(),
      ).rejects.toThrow('nobody wants it')
      expect(performance.now() - before).toBeLessThan(1_000)
    })

    it('gives every row to each of two who read at once, whatever becomes of a third', async () => {
      const third = new AbortController()
      const reading = connection.read(request({ signal: third.signal }))[Symbol.asyncIterator]()
      const first = reading.next()
      const both = Promise.all([rowsIn(), rowsIn()])
      third.abort(new Error('nobody wants it'))
      await first.then(() => reading.next()).catch(() => {})
      for (const rows of await both) expect(byId(rows)).toEqual(contractRows)
    })

    it('tells a source that is not there, and one that says nothing, and waits for neither', async () => {
      const gone = async () => (await source().openAt(1)).check()
      expect(await faultOf(gone())).toMatchObject({ code: 'unreachable' })
      const { port } = (silent as Server).address() as { port: number }
      const reading = (async () => {
        const mute = await source().openAt(port)
        try {
          return await read({ timeMsMax: 300 }, mute)
        } finally {
          await mute.close()
        }
      })()
      const before = performance.now()
      expect(['slow', 'unreachable']).toContain((await faultOf(reading)).code)
      expect(performance.now() - before).toBeLessThan(2_000)
    })

    it('tells a wrong credential, and does not repeat it', async () => {
      const { openWrongly } = source()
      if (openWrongly === undefined) return
      const asking = (async () => {
        const wrong = await openWrongly()
        try {
          return await wrong.check()
        } finally {
          await wrong.close()
        }
      })()
      expect(await faultOf(asking)).toMatchObject({ code: 'refused' })
    })

    it.each(['patients; DROP TABLE contract', '"x"."y"; --', '../etc/passwd', 'no_such.table'])('knows no table %s, and asks for none', async (hostile) => {
      expect(['drifted', 'unsupported']).toContain((await faultOf(read({ table: { ...table, name: hostile } }))).code)
    })

    it('reads on behind a key', async () => {
      if (!source().resumes) return
      const chunks = await read({ inKeyOrder: true, columns: ['name'] })
      expect((chunks.at(-1) as { after?: unknown }).after).toEqual([contractCount])
      const rest = await rowsIn({ inKeyOrder: true, resumeAfter: [1_500], columns: ['id', 'name'] })
      expect(rest).toEqual(contractRows.slice(1_500).map(({ id, name }) => ({ id, name })))
    })

    it('names the column that is gone or of another type', async () => {
      const { drift } = source()
      if (drift === undefined) return
      await drift()
      const fault = await faultOf(read({ columns: ['id', 'born'] }))
      expect(fault).toMatchObject({ code: 'drifted', message: expect.stringContaining('born') })
      expect(await faultOf(read({ columns: ['score'] }))).toMatchObject({ code: 'drifted', message: expect.stringContaining('score') })
      expect(await rowsIn({ columns: ['id'] })).toHaveLength(contractCount)
    })
  })
}
