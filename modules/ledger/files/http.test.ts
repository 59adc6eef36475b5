import { openHttp } from '@gatehouse/runtime/edge/http'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ledgerModule } from '../module.ts'
import { type LedgerNode, ledgerNode } from '../testing/ledger-node.ts'
import { configureLog } from '../witnesses/operations.ts'

let t: LedgerNode
let app: FastifyInstance
let origin: string
beforeAll(async () => {
  t = await ledgerNode()
  await t.fill(300)
  await t.sequence()
  app = await openHttp({
    door: t.door,
    operations: ledgerModule.operations,
    rateLimits: true,
    ready: async () => true,
    followUps: { add: () => {}, settle: async () => {} } as never,
  })
  origin = await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await app.close()
  await t.close()
})
const get = async (path: string) => {
  const answer = await fetch(`${origin}/logs/${t.tenant}/${path}`)
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    cache: answer.headers.get('cache-control'),
    bytes: (await answer.arrayBuffer()).byteLength,
  }
}

describe('the files of a log over HTTP', () => {
  it('are not there until the log is published', async () => {
    for (const path of ['checkpoint', 'vkeys', 'tile/0/000', 'tile/entries/000']) expect((await get(path)).status).toBe(404)
  })
  it('have the media types and the life of static files', async () => {
    await t.door.enter(configureLog, { publish_log: true }, t.admin)
    const kept = 'public, max-age=31536000, immutable'
    expect(await get('checkpoint')).toMatchObject({ status: 200, type: 'text/plain; charset=utf-8', cache: 'no-store' })
    expect(await get('vkeys')).toMatchObject({ status: 200, type: 'text/plain; charset=utf-8' })
    expect(await get('tile/0/000')).toEqual({ status: 200, type: 'application/octet-stream', cache: kept, bytes: 8_192 })
    expect(await get('tile/0/001.p/44')).toEqual({ status: 200, type: 'application/octet-stream', cache: kept, bytes: 44 * 32 })
    expect(await get('tile/entries/001.p/44')).toMatchObject({ status: 200, type: 'application/octet-stream', cache: kept })
    for (const path of ['tile/0/001', 'tile/0/001.p/45', 'tile/', 'tile/0/..%2f..', 'other']) expect((await get(path)).status).toBe(404)
  })
})
