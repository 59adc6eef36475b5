import { Agent, request } from 'node:http'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migratedDatabase, type SharedDatabase } from './database.ts'
import { header, importMany, planImport, residentBytes, sendFile } from './files.ts'
import { faults } from './log.ts'
import { type NodeProcess, startNode } from './node.ts'

let database: SharedDatabase
let node: NodeProcess

beforeAll(async () => {
  database = await migratedDatabase()
  node = await startNode({ environment: { DATABASE_URL: database.url } })
})
afterAll(async () => {
  await node?.remove()
  await database?.drop()
})

const send = (recordType: string, file: string | Readable, format?: string) => sendFile(node, recordType, file, format)

describe('a file that is not as it should be', () => {
  it('is refused whole where its columns are not those of the mapping, and nothing is kept', async () => {
    const answer = await send('wrong-header', 'customer_id,given_name,shoe_size\nU1,Ada,38\n')
    expect(answer).toMatchObject({ status: 400, body: { type: '/problems/vault/header-mismatch' } })
    expect(JSON.stringify(answer.body)).not.toContain('Ada')
  })

  it('leaves its connection usable when it is refused before it was read', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const send = (method: string, path: string, body?: Buffer) =>
      new Promise<number | undefined>((resolve, reject) => {
        const sent = request(
          `${node.origin}${path}`,
          { method, agent, timeout: 10_000, headers: { authorization: `Bearer ${node.credential.key}` } },
          (answer) => {
            answer.resume().once('end', () => resolve(answer.statusCode))
          },
        )
        sent.once('error', reject)
        sent.once('timeout', () => sent.destroy(new Error('no answer')))
        sent.end(body)
      })
    const wrong = Buffer.alloc(3_000_000, 'wrong,header\n1,2\n')
    expect(await send('POST', `/v1/vault/imports/${await planImport(node, 'wrong-header')}/records`, wrong)).toBe(400)
    expect(await send('GET', '/health')).toBe(200)
    agent.destroy()
  })

  it('loses only its bad rows, each told with line and column and without what stands there', async () => {
    const file = [
      header,
      'U1,Ada,Lovelace,ada@example.org,1815-12-10,51000',
      'U2,Grace,Hopper,grace@example.org,not-a-date,72000',
      'U3,Alan,Turing',
      'U4,Joan,Clarke,joan@example.org,1917-06-24,a fortune',
      ',Nobody,Nowhere,n@example.org,1900-01-01,1',
      'U6,"Katherine ""Kate""","Johnson, née Coleman",kj@example.org,1918-08-26,64000',
    ].join('\n')
    const { status, body } = await send('bad-rows', file)
    expect(status).toBe(200)
    expect(body).toMatchObject({ imported: 2, rejected: 4 })
    expect(body.rejects.map(({ line, column }) => [line, column])).toEqual([
      [3, 'date_of_birth'],
      [4, undefined],
      [5, 'annual_income'],
      [6, 'customer_id'],
    ])
    for (const value of ['not-a-date', 'a fortune', 'Nobody', 'Turing']) expect(JSON.stringify(body)).not.toContain(value)
  })

  it('is read the same with a byte order mark, Windows line ends, semicolons, or no last line end', async () => {
    const rows = [header, 'U1,Zoë,Ångström,zoe@example.org,1990-02-28,1', 'U2,Mei,李,mei@example.org,1991-03-01,2']
    expect((await send('plain', rows.join('\n'))).body).toMatchObject({ imported: 2, rejected: 0 })
    expect((await send('plain', `\uFEFF${rows.join('\r\n')}\r\n`)).body).toMatchObject({ imported: 0, repeated: 2, rejected: 0 })
    expect((await send('plain', rows.join('\n').replaceAll(',', ';'))).body).toMatchObject({ imported: 0, repeated: 2, rejected: 0 })
  })

  it('is read as NDJSON and as one JSON array, whose broken members are rejected alone', async () => {
    const person = (id: string) => ({
      customer_id: id,
      given_name: 'Ada',
      family_name: 'L',
      email: 'a@example.org',
      date_of_birth: '1815-12-10',
      annual_income: 1,
    })
    const lines = [JSON.stringify(person('J1')), '{"customer_id": "J2", ', '[]', JSON.stringify(person('J3'))].join('\n')
    expect((await send('lines', lines, 'ndjson')).body).toMatchObject({ imported: 2, rejected: 2 })
    const array = JSON.stringify([person('J1'), 7, { ...person('J4'), annual_income: 'x' }, person('J5')])
    expect((await send('array', array, 'json')).body).toMatchObject({ imported: 2, rejected: 2 })
  })

  it('is stored once, however often it is sent', async () => {
    const file = [header, ...Array.from({ length: 1_200 }, (_, i) => `R${i},Name${i},Family,r${i}@example.org,1980-01-01,${i}`)].join('\n')
    expect((await send('again', file)).body).toMatchObject({ imported: 1_200, repeated: 0 })
    expect((await send('again', file)).body).toMatchObject({ imported: 0, repeated: 1_200 })
  })

  it('cannot fill the memory with one endless line', async () => {
    const endless = Readable.from(
      (function* () {
        yield Buffer.from(`${header}\nU1,"`)
        for (let sent = 0; sent < 64; sent++) yield Buffer.alloc(1_048_576, 'x')
      })(),
    )
    const before = residentBytes(node)
    const answer = await send('endless', endless).catch((error: Error) => error)
    if (!(answer instanceof Error)) expect(answer.body.imported ?? 0).toBe(0)
    expect(residentBytes(node) - before).toBeLessThan(150e6)
    expect((await fetch(`${node.origin}/ready`)).status).toBe(200)
  })
})

describe('a file of many rows', () => {
  it('goes through with flat memory and leaves sound chains', async () => {
    const { status, body, growth } = await importMany(node, 'many', 15_000)
    expect([status, body.imported, body.rejected]).toEqual([200, 15_000, 0])
    expect(Math.round(growth / 1e6)).toBeLessThan(150)
    expect(await faults(node.operator)).toEqual([])
  })
})
