/** Files over HTTP on real processes: killed in the middle, they go on; a scanner looks through them before anybody gets them. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clamdProgram, eicar, type RunningClamd, startClamd } from '@gatehouse/runtime/data/scan/testing/clamd'
import { must } from '@gatehouse/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gatehouse } from './backed-up.ts'
import { migratedDatabase, type SharedDatabase } from './database.ts'
import { freePort, type NodeProcess, startNode, until } from './node.ts'

const size = 20 * 1024 ** 2
const partBytes = 4 * 1024 ** 2

let clamd: RunningClamd
let database: SharedDatabase
let node: NodeProcess
let folder: string
let file: string
const bytes = randomBytes(size)
/** The same port again after a kill, as a service has it. */
let environment: Record<string, string>

beforeAll(async () => {
  clamd = await startClamd('32M')
  database = await migratedDatabase()
  environment = {
    DATABASE_URL: database.url,
    GATEHOUSE_CLAMD: clamd.place.path,
    GATEHOUSE_PORT: String(await freePort()),
    GATEHOUSE_EXCHANGE_PORT: String(await freePort()),
  }
  node = await startNode({ environment })
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-documents-'))
  file = join(folder, 'scan.bin')
  await writeFile(file, bytes)
})
afterAll(async () => {
  await node?.remove()
  await database?.drop()
  await clamd?.stop()
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
})

const create = async () => must(await node.operator.POST('/v1/documents', { body: { title: 'Scan', source: 'ward-7' } })).id
const scanOf = async (document: string) => must(await node.operator.GET('/v1/documents/{document}', { params: { path: { document } } })).versions[0]?.scan
const headers = () => ({ authorization: `Bearer ${node.credential.key}` })
const contentOf = (document: string, range?: string) =>
  fetch(`${node.origin}/v1/documents/${document}/versions/1/content?purpose=treatment`, {
    headers: { ...headers(), ...(range === undefined ? {} : { range }) },
  })

describe(`a document (scanned by ${clamdProgram})`, () => {
  let document: string

  it('goes on after the node was killed in the middle, and comes back byte for byte', async () => {
    document = await create()
    const { id: upload } = must(await node.operator.POST('/v1/documents/{document}/uploads', { params: { path: { document } }, body: { bytes: size } }))
    const received = async () => must(await node.operator.GET('/v1/documents/{document}/uploads/{upload}', { params: { path: { document, upload } } })).received
    // Two whole parts and a bit, and then a line that is open and silent.
    const body = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(bytes.subarray(0, 2 * partBytes + 1_000)) })
    const sending = fetch(`${node.origin}/v1/documents/${document}/uploads/${upload}?offset=0`, {
      method: 'PATCH',
      headers: { ...headers(), 'content-type': 'application/octet-stream' },
      body,
      duplex: 'half',
    } as RequestInit).catch(() => undefined)
    await until(async () => (await received()) === 2 * partBytes)
    await node.kill()
    await sending
    node = await startNode({ home: node.home, environment })
    expect(await received()).toBe(2 * partBytes)
    const told = JSON.parse(await gatehouse(node.home, '--json', 'document', 'put', file, '--document', document, '--upload', upload)) as object
    expect(told).toMatchObject({ document_id: document, version: 1, bytes: size, repeated: false })
    await until(async () => (await scanOf(document)) === 'clean', 30_000)
  })

  it('is read in parts by the header, and a part that broke off goes on', async () => {
    const part = await contentOf(document, 'bytes=1000000-1000099')
    expect([part.status, part.headers.get('content-range'), part.headers.get('content-length')]).toEqual([206, `bytes 1000000-1000099/${size}`, '100'])
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(1_000_000, 1_000_100))).toBe(true)
    expect((await contentOf(document, `bytes=${size}-`)).status).toBe(416)
    const to = join(folder, 'back.bin')
    const half = `${to}.${document.slice(-12)}-v1.part`
    await writeFile(half, bytes.subarray(0, 5_000_000))
    await gatehouse(node.home, 'document', 'get', document, '--purpose', 'treatment', '-o', to)
    expect((await readFile(to)).equals(bytes)).toBe(true)
    await expect(stat(half)).rejects.toThrow('ENOENT')
    const { data } = must(await node.operator.GET('/v1/logs', { params: { query: { type: 'documents.download', limit: 1 } } }))
    expect(data[0]?.body).toMatchObject({ purpose: 'treatment', details: { version: 1, range: 'bytes=5000000-' } })
  })

  it('in which something is found is listed as such, refused, and removed', async () => {
    const bad = join(folder, 'bad.txt')
    await writeFile(bad, eicar)
    const { document_id: id } = JSON.parse(await gatehouse(node.home, '--json', 'document', 'put', bad)) as { document_id: string }
    await until(async () => (await scanOf(id)) === 'infected', 30_000)
    expect((await contentOf(id)).status).toBe(409)
    await expect(gatehouse(node.home, 'document', 'get', id, '--purpose', 'treatment', '-o', join(folder, 'x'))).rejects.toThrow('The scanner found something')
    expect(await gatehouse(node.home, 'document', 'list')).toMatch(new RegExp(`${id}\\s+bad\\s.*infected`))
    await gatehouse(node.home, 'document', 'remove', id)
    expect(await gatehouse(node.home, 'document', 'list')).not.toContain(id)
  })
})
