/** The gateway is held to the port against a real server under TLS, with the faults that gateways have. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../base/certificate.ts'
import { type Egress, EgressError, openEgress } from '../egress.ts'
import { gatewaySms } from './gateway.ts'
import { type Message, type Sms, SmsError } from './sms.ts'

const message = { to: '+436601234542', text: 'Your code is 1234 5678' }
const key = 'a-bearer-key'
let folder: string
let server: Server
let egress: Egress
let url: string
let asked: { headers: IncomingMessage['headers']; body: unknown }[]
let answer: (response: ServerResponse, body: string) => unknown

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-sms-'))
  const certificate = await makeCertificate(['localhost'], Date.now())
  await writeFile(join(folder, 'ca.pem'), certificate.cert)
  server = createServer(certificate, async (request, response) => {
    const body = await text(request)
    asked.push({ headers: request.headers, body: JSON.parse(body) })
    answer(response, body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `https://localhost:${(server.address() as AddressInfo).port}/a-path-that-is-a-secret`
  egress = openEgress({ allow: ['localhost'], extraCaFile: join(folder, 'ca.pem') })
})
afterAll(async () => {
  await egress?.close()
  server?.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  asked = []
  answer = (response) => response.writeHead(202).end()
})

const sms = (waitMs?: number): Sms => gatewaySms(egress, { url, key, perHour: 10 }, waitMs)
const fault = (sending: Promise<void>) =>
  sending.then(
    () => new Error('it was taken'),
    (error: Error) => error,
  )

describe('the gateway', () => {
  it.each<[string, Message]>([
    ['a number without its country', { ...message, to: '06601234542' }],
    ['two numbers', { ...message, to: '+436601234542,+436601234543' }],
    ['a number that is none', { ...message, to: '+43660CALLME' }],
    ['a text without end', { ...message, text: 'x'.repeat(601) }],
    ['no text', { ...message, text: '' }],
  ])('refuses %s, repeats nothing of it and asks nobody', async (_, wrong) => {
    const error = await fault(sms().send(wrong))
    expect(error).toBeInstanceOf(SmsError)
    expect(error.message).toMatch(/^the message's (to|text) is not in order$/)
    expect(asked).toEqual([])
  })

  it.each<[string, typeof answer, string]>([
    ['refuses and repeats what it was told', (response, body) => response.writeHead(422).end(body), '(422)'],
    ['is broken', (response) => response.writeHead(503).end(), '(503)'],
    ['leads elsewhere', (response) => response.writeHead(307, { location: url }).end(), '(307)'],
    ['hangs up', (response) => response.destroy(), 'could not be reached'],
    ['does not answer', () => undefined, 'did not answer within 200 ms'],
    ['answers without end', (response) => response.writeHead(200).end('x'.repeat(70_000)), 'more than 65536 bytes'],
  ])('that %s is told by its name and nothing else', async (_, how, told) => {
    answer = how
    const error = await fault(sms(200).send(message))
    expect(error).toBeInstanceOf(SmsError)
    expect(error.message).toMatch(/^localhost:\d+ did not take the message/)
    expect(error.message).toContain(told)
    expect(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toMatch(/4542|5678|a-path|a-bearer/)
    expect(asked).toHaveLength(1)
  })

  it('is not asked where it does not stand on the list, or its certificate does not verify', async () => {
    expect(() => gatewaySms(egress, { url: 'https://sms.example.org/', key, perHour: 10 })).toThrow(EgressError)
    const strict = openEgress({ allow: ['localhost'] })
    expect(await fault(gatewaySms(strict, { url, key, perHour: 10 }).send(message))).toBeInstanceOf(SmsError)
    await strict.close()
    expect(asked).toEqual([])
  })

  it('takes number and text as JSON, under the key', async () => {
    await sms().send(message)
    expect(asked).toMatchObject([{ body: message, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } }])
  })
})
