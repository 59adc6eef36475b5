import { createServer as createHttp } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { Readable } from 'node:stream'
import { makeCertificate } from '@gatehouse/runtime/base/certificate'
import { afterEach, describe, expect, it } from 'vitest'
import { transportOf } from './transport.ts'

const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

async function listening(server: Server): Promise<number> {
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

describe('the transport of the command', () => {
  it('refuses a node that shows another certificate than its own, before anything is sent', async () => {
    const [real, other] = await Promise.all([makeCertificate(['node'], Date.now()), makeCertificate(['node'], Date.now())])
    let asked = 0
    const server = createHttps({ cert: other.cert, key: other.key }, (_request, response) => {
      asked++
      response.end()
    })
    const port = await listening(server)
    await expect(transportOf(real.cert)(new Request(`https://127.0.0.1:${port}/`))).rejects.toThrow(/certificate/)
    await expect(transportOf(undefined)(new Request(`https://127.0.0.1:${port}/`))).rejects.toThrow(/certificate/)
    expect(asked).toBe(0)
  })

  it('trusts the node’s own certificate, by whatever name the node is reached', async () => {
    const own = await makeCertificate(['another-name'], Date.now())
    const port = await listening(createHttps({ cert: own.cert, key: own.key }, (_request, response) => response.end('here')))
    const answer = await transportOf(own.cert)(new Request(`https://127.0.0.1:${port}/`))
    expect(await answer.text()).toBe('here')
  })

  it('streams a body of unknown length both ways, with status and headers', async () => {
    const port = await listening(
      createHttp((request, response) => {
        response.writeHead(201, { 'x-seen': request.headers['transfer-encoding'] ?? 'none' })
        request.pipe(response)
      }),
    )
    const body = Readable.toWeb(Readable.from([Buffer.from('a,b\n'), Buffer.from('1,2\n')])) as ReadableStream
    const answer = await transportOf(undefined)(new Request(`http://127.0.0.1:${port}/`, { method: 'POST', body, duplex: 'half' } as RequestInit))
    expect([answer.status, answer.headers.get('x-seen'), await answer.text()]).toEqual([201, 'chunked', 'a,b\n1,2\n'])
  })
})
