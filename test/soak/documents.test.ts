import { randomBytes } from 'node:crypto'
import { must } from '@gatehouse/sdk/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { residentBytes } from '../e2e/files.ts'
import { type NodeProcess, startNode } from '../e2e/node.ts'

const pieces = 200
const piece = randomBytes(1024 ** 2)
const size = pieces * piece.length

let node: NodeProcess
beforeAll(async () => {
  node = await startNode()
}, 60_000)
afterAll(() => node?.remove())

it('a file of 200 MB goes in by parts and comes out with flat memory', async () => {
  const headers = { authorization: `Bearer ${node.credential.key}`, 'content-type': 'application/octet-stream' }
  const document = must(await node.operator.POST('/v1/documents', { body: { title: 'Large', source: 'ward-7' } })).id
  const { id } = must(await node.operator.POST('/v1/documents/{document}/uploads', { params: { path: { document } }, body: { bytes: size } }))
  const before = residentBytes(node)
  let peak = before
  const watch = setInterval(() => {
    peak = Math.max(peak, residentBytes(node))
  }, 50)
  let left = pieces
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left-- > 0) controller.enqueue(piece)
      else controller.close()
    },
  })
  const place = `${node.origin}/v1/documents/${document}`
  expect((await fetch(`${place}/uploads/${id}?offset=0`, { method: 'PATCH', headers, body, duplex: 'half' } as RequestInit)).status).toBe(200)
  expect(must(await node.operator.POST('/v1/documents/{document}/uploads/{upload}/finish', { params: { path: { document, upload: id } } }))).toMatchObject({
    bytes: size,
  })
  let read = 0
  for await (const part of (await fetch(`${place}/versions/1/content?purpose=treatment`, { headers })).body as unknown as AsyncIterable<Uint8Array>)
    read += part.length
  clearInterval(watch)
  expect(read).toBe(size)
  // Held whole, even once, it would be 200 MB more.
  expect(Math.round((peak - before) / 1e6)).toBeLessThan(150)
}, 600_000)
