/** How a spreadsheet is spoken to on the wire. */
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { operation } from '../door/operation.ts'
import { type TestNode, testNode } from '../door/testing/node.ts'
import { followUps } from './follow-up.ts'
import { openHttp } from './http.ts'

const feed = operation({
  name: 'note.feed',
  summary: 'Spoken by spreadsheets',
  input: z.strictObject({ $top: z.string().optional() }),
  output: z.strictObject({ '@odata.context': z.string(), value: z.array(z.string()) }),
  access: { action: 'read', on: () => ({ type: 'user' }) },
  audit: { none: 'a test' },
  http: { method: 'GET', path: '/feed/$metadata', speaks: 'odata' },
  run: async () => ({ '@odata.context': '$metadata', value: [] }),
})

let node: TestNode
let app: FastifyInstance
let at: string
beforeAll(async () => {
  node = await testNode({ modules: [], plugs: { authenticate: async (_node, knock) => (knock.authorization === 'none' ? undefined : node.admin) } })
  app = await openHttp({ door: node.door, operations: [feed], rateLimits: false, ready: async () => true, followUps: followUps(node.door) })
  await app.listen({ host: '127.0.0.1', port: 0 })
  at = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/feed/$metadata`
})
afterAll(async () => {
  await app?.close()
  await node?.close()
})

it('no refusal names HTTP Basic as a way in: a browser that asks for a name and a key would send them along ever after', async () => {
  const answer = await fetch(at, { headers: { authorization: 'none' } })
  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).not.toMatch(/basic/i)
})

it('problems are told in the form of OData, and every answer names its version', async () => {
  const refused = await fetch(`${at}?$sql=select`)
  expect([refused.status, refused.headers.get('odata-version'), refused.headers.get('content-type')]).toEqual([400, '4.0', 'application/json; charset=utf-8'])
  expect(await refused.json()).toEqual({ error: { code: '/problems/door/input-invalid', message: expect.any(String) } })
  const answer = await fetch(`${at}?$top=3`)
  expect([answer.status, answer.headers.get('odata-version'), answer.headers.get('content-type')]).toEqual([200, '4.0', 'application/json; charset=utf-8'])
})
