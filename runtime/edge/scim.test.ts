/** How a directory is spoken to on the wire. */
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { operation } from '../door/operation.ts'
import { type TestNode, testNode } from '../door/testing/node.ts'
import { followUps } from './follow-up.ts'
import { openHttp } from './http.ts'

const directory = operation({
  name: 'note.directory',
  summary: 'Spoken by directories',
  input: z.strictObject({ userName: z.string() }),
  output: z.record(z.string(), z.unknown()),
  access: { action: 'create', on: () => ({ type: 'user' }) },
  audit: { none: 'a test' },
  http: { method: 'POST', path: '/scim/v2/Users', status: 201, speaks: 'scim' },
  run: async (_ctx, { userName }) => ({ userName, meta: { location: 'http://127.0.0.1/scim/v2/Users/1' } }),
})

let node: TestNode
let app: FastifyInstance
let port: number

beforeAll(async () => {
  node = await testNode({ modules: [], plugs: { authenticate: async (_node, knock) => (knock.authorization === 'none' ? undefined : node.admin) } })
  app = await openHttp({ door: node.door, operations: [directory], rateLimits: false, ready: async () => true, followUps: followUps(node.door) })
  await app.listen({ host: '127.0.0.1', port: 0 })
  port = (app.server.address() as AddressInfo).port
})
afterAll(async () => {
  await app?.close()
  await node?.close()
})

describe('a directory (RFC 7644)', () => {
  const scim = (body: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${port}/scim/v2/Users`, { method: 'POST', headers: { 'content-type': 'application/scim+json', ...headers }, body })

  it.each([
    ['{', {}, '400', 'invalidSyntax'],
    ['{"other": 1}', {}, '400', 'invalidSyntax'],
    ['{"userName": "a"}', { authorization: 'none' }, '401', undefined],
  ])('is told a problem in its own form: %s', async (body, headers, status, scimType) => {
    const answer = await scim(body, headers as Record<string, string>)
    expect([String(answer.status), answer.headers.get('content-type')]).toEqual([status, 'application/scim+json; charset=utf-8'])
    expect(await answer.json()).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status,
      ...(scimType === undefined ? {} : { scimType }),
      detail: expect.any(String),
    })
  })

  it('is told where what it made stands', async () => {
    const answer = await scim('{"userName": "a"}')
    expect([answer.status, answer.headers.get('location'), answer.headers.get('content-type')]).toEqual([
      201,
      'http://127.0.0.1/scim/v2/Users/1',
      'application/scim+json; charset=utf-8',
    ])
  })
})
