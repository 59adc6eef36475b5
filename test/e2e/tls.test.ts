import { createHash } from 'node:crypto'
import { type RequestOptions, request } from 'node:https'
import { connect } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migratedDatabase, type SharedDatabase } from './database.ts'
import { type NodeProcess, startNode } from './node.ts'

let database: SharedDatabase
let node: NodeProcess
let port: number

beforeAll(async () => {
  database = await migratedDatabase()
  node = await startNode({ environment: { DATABASE_URL: database.url, GATEHOUSE_HOST: '0.0.0.0' } })
  port = Number(new URL(node.origin).port)
})
afterAll(async () => {
  await node?.remove()
  await database?.drop()
})

function get(path: string, options: RequestOptions = {}): Promise<{ status: number | undefined; headers: Readonly<Record<string, unknown>> }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, rejectUnauthorized: false, ...options }, (answer) => {
      answer.resume().once('end', () => resolve({ status: answer.statusCode, headers: answer.headers }))
    })
      .once('error', reject)
      .end()
  })
}

describe('a node that others on the network can reach', () => {
  it('does not answer plain HTTP', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port }, () => socket.write('GET /health HTTP/1.1\r\nhost: x\r\n\r\n'))
      let text = ''
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1')
      })
      socket.once('error', () => {})
      socket.once('close', () => resolve(text))
    })
    expect(answer).not.toContain('HTTP/1.1 200')
  })

  it('speaks TLS with the certificate it prints, and tells browsers to stay with it', async () => {
    const printed = /SHA-256 (\S+)/.exec(node.output())?.[1]
    const fingerprint = await new Promise<string>((resolve, reject) => {
      const socket: TLSSocket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
        resolve((createHash('sha256').update(socket.getPeerCertificate().raw).digest('hex').toUpperCase().match(/../g) ?? []).join(':'))
        socket.end()
      })
      socket.once('error', reject)
    })
    expect(fingerprint).toBe(printed)
    const { status, headers } = await get('/health')
    expect([status, headers['strict-transport-security']]).toEqual([200, 'max-age=31536000; includeSubDomains'])
    expect(node.output()).toContain('https://')
    expect(node.credential.origin).toMatch(/^https:/)
  })

  it('refuses versions of TLS that are broken', async () => {
    await expect(get('/health', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).rejects.toThrow()
  })

  it('sends its first administrator to HTTPS', async () => {
    const url = new URL(node.firstRunUrl ?? '')
    expect(url.protocol).toBe('https:')
  })
})
