import type { lookup as dnsLookup } from 'node:dns'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../base/certificate.ts'
import { destinations, type Egress, EgressError, type EgressOptions, isPrivateAddress, openEgress } from './egress.ts'
import { say } from './egress-words.ts'

const servers: Server[] = []
const opened: Egress[] = []

async function listening<S extends Server>(server: S): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** A resolver that knows every name, and says they all live on this machine, or where it is told. */
const resolveTo = (address: string) =>
  ((_host: string, _options: object, done: (error: null, found: object[]) => void) => done(null, [{ address, family: 4 }])) as unknown as typeof dnsLookup

function egress(options: Partial<EgressOptions>, resolve = resolveTo('127.0.0.1')): Egress {
  const made = openEgress({ allow: [], ...options }, resolve)
  opened.push(made)
  return made
}
const get = (from: Egress, url: string, more: { timeoutMs?: number; bytesMax?: number } = {}) =>
  from.send(url, { method: 'GET', timeoutMs: 2_000, bytesMax: 1_000, ...more })

const answer: RequestListener = (request, response) => {
  if (request.url === '/redirect') response.writeHead(302, { location: '/secret' }).end()
  else if (request.url === '/big') response.end('x'.repeat(1_001))
  else if (request.url === '/endless') {
    const timer = setInterval(() => response.write('x'), 20)
    response.once('close', () => clearInterval(timer))
  } else if (request.url !== '/silent') response.end(`${request.method} ${request.url} ${request.headers.host}`)
}

let plain: number
let secure: number
let caFile: string

beforeAll(async () => {
  const identity = await makeCertificate(['hooks.example.org', '127.0.0.1'], Date.now())
  caFile = join(await mkdtemp(join(tmpdir(), 'gatehouse-ca-')), 'ca.pem')
  await writeFile(caFile, identity.cert)
  plain = await listening(createServer(answer))
  secure = await listening(createSecureServer({ cert: identity.cert, key: identity.key }, answer))
})
afterEach(() => Promise.all(opened.splice(0).map((each) => each.close())))
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

describe('a client that makes its own sockets', () => {
  const found = (from: Egress, name: string) =>
    new Promise<string>((resolve) =>
      from.lookup('db.example.org', 1433)(name, {}, (error, address) => resolve(error === null ? String(address) : String(error.code))),
    )

  it('is told where the listed host is, and of no other host', async () => {
    const out = egress({ allow: ['db.example.org:1433', 'other.example.org'] })
    expect(await found(out, 'DB.example.org')).toBe('127.0.0.1')
    expect(await found(out, 'other.example.org')).toBe('NOT_LISTED')
    expect(() => out.lookup('db.example.org', 1434)).toThrow('db.example.org:1434 is not on the allow list')
  })

  it('is not sent inside by a name that a wildcard lists', async () => {
    expect(await found(egress({ allow: ['*.example.org'] }), 'db.example.org')).toBe('PRIVATE_ADDRESS')
  })
})

it('ends a request at once where its signal says so, with what it was aborted with', async () => {
  const stop = new AbortController()
  const asked = egress({ allow: [`127.0.0.1:${plain}`] }).send(`http://127.0.0.1:${plain}/silent`, {
    method: 'GET',
    timeoutMs: 5_000,
    bytesMax: 10,
    signal: stop.signal,
  })
  stop.abort(new Error('stopped by hand'))
  await expect(asked).rejects.toThrow('stopped by hand')
})

describe('an address is refused before anything is sent', () => {
  const out = () => egress({ allow: ['hooks.example.org', '*.example.net', 'ported.example.org:8443', '[2001:db8::1]:8443'] })

  it.each([
    ['not a URL', 'hooks.example.org', 'the address is not a URL'],
    ['not on the list', 'https://elsewhere.example.org/', 'elsewhere.example.org:443 is not on the allow list; add it to GATEHOUSE_EGRESS_ALLOW'],
    ['another port than the listed one', 'https://ported.example.org/', 'ported.example.org:443 is not on the allow list'],
    ['the name above a wildcard', 'https://example.net/', 'not on the allow list'],
    ['a name that only ends alike', 'https://evilexample.net/', 'not on the allow list'],
    ['a listed name as the start of another', 'https://hooks.example.org.evil.test/', 'not on the allow list'],
    ['a listed name in the place of the user', 'https://hooks.example.org@evil.test/', 'must not hold a password'],
    ['a password', 'https://user:secret@hooks.example.org/', 'must not hold a password'],
    ['plain HTTP to an unlisted host', 'http://elsewhere.example.org/', 'only https is used outside'],
    ['another protocol', 'ftp://hooks.example.org/', 'only https is used outside'],
    ['this machine', 'https://127.0.0.1/', 'not on the allow list'],
    ['this machine, as one number', 'https://2130706433/', 'not on the allow list'],
    ['this machine, in IPv6', 'https://[::1]/', 'not on the allow list'],
    ['a listed IPv6 address at another port', 'https://[2001:db8::1]/', 'not on the allow list'],
  ])('%s', async (_, url, words) => {
    expect(() => out().check(url)).toThrow(EgressError)
    await expect(get(out(), url)).rejects.toThrow(words)
    if (url.includes('secret')) await expect(get(out(), url)).rejects.not.toThrow('secret')
  })

  it.each([
    'https://hooks.example.org/a',
    'https://HOOKS.example.org/',
    'https://a.b.example.net/',
    'https://ported.example.org:8443/',
    'https://[2001:db8::1]:8443/',
  ])('and allowed when it is listed: %s', (url) => {
    expect(out().check(url).href.toLowerCase()).toBe(url.toLowerCase())
  })

  it('nothing listed is nothing allowed', () => {
    expect(() => egress({}).check('https://example.org/')).toThrow(EgressError)
  })
})

describe('private addresses', () => {
  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fd00::1',
    'fe80::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
  ])('%s is one', (address) => expect(isPrivateAddress(address)).toBe(true))

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', 'example.org'])('%s is none', (address) => expect(isPrivateAddress(address)).toBe(false))

  it('a name that only a wildcard allows cannot lead inside', async () => {
    await expect(get(egress({ allow: ['*.example.net'] }), `http://inside.example.net:${plain}/`)).rejects.toThrow(
      'inside.example.net could not be reached (PRIVATE_ADDRESS)',
    )
    await expect(get(egress({ allow: ['*.example.net'] }, resolveTo('169.254.169.254')), 'https://inside.example.net/')).rejects.toThrow('PRIVATE_ADDRESS')
  })

  it('a name or address that is listed by itself may', async () => {
    expect(await get(egress({ allow: ['hooks.example.org'] }), `http://hooks.example.org:${plain}/a`)).toMatchObject({
      status: 200,
      body: `GET /a hooks.example.org:${plain}`,
    })
    expect((await get(egress({ allow: [`127.0.0.1:${plain}`] }), `http://127.0.0.1:${plain}/a`)).status).toBe(200)
  })
})

describe('an answer', () => {
  const here = () => egress({ allow: ['127.0.0.1'] })

  it('that redirects is not followed', async () => {
    expect(await get(here(), `http://127.0.0.1:${plain}/redirect`)).toMatchObject({ status: 302, body: '' })
  })

  it('that is too long is cut off; one of exactly the limit is not', async () => {
    await expect(get(here(), `http://127.0.0.1:${plain}/big`)).rejects.toThrow('127.0.0.1 answered with more than 1000 bytes')
    expect((await get(here(), `http://127.0.0.1:${plain}/big`, { bytesMax: 1_001 })).body).toHaveLength(1_001)
  })

  it.each(['silent', 'endless'])('that is %s fails after the given time, and the message does not name the path', async (path) => {
    const sending = get(here(), `http://127.0.0.1:${plain}/${path}`, { timeoutMs: 100, bytesMax: 1_000_000 })
    await expect(sending).rejects.toThrow(new EgressError(say('no_answer_within', { host: '127.0.0.1', ms: 100 }), 'slow'))
  })

  it('of a host that is not there fails by its code', async () => {
    await expect(get(here(), 'http://127.0.0.1:1/')).rejects.toThrow('127.0.0.1 could not be reached (ECONNREFUSED)')
  })
})

describe('a certificate', () => {
  const url = () => `https://hooks.example.org:${secure}/a`

  it('of an unknown authority is refused', async () => {
    await expect(get(egress({ allow: ['hooks.example.org'] }), url())).rejects.toThrow(/DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED/)
  })

  it('of the extra authority is believed, and only for its own names', async () => {
    const out = egress({ allow: ['hooks.example.org', 'other.example.org'], extraCaFile: caFile })
    expect((await get(out, url())).body).toContain('GET /a hooks.example.org')
    await expect(get(out, `https://other.example.org:${secure}/`)).rejects.toThrow('ERR_TLS_CERT_ALTNAME_INVALID')
  })
})

describe('behind a proxy', () => {
  const asked: string[] = []
  let proxyPort: number

  beforeAll(async () => {
    const proxy = createServer((_request, response) => response.writeHead(405).end())
    proxy.on('connect', (request, client: Socket) => {
      asked.push(request.url ?? '')
      const upstream = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
        upstream.pipe(client).pipe(upstream)
      })
      upstream.on('error', () => client.destroy())
      client.on('error', () => upstream.destroy())
    })
    proxyPort = await listening(proxy)
  })
  afterEach(() => {
    asked.length = 0
  })
  const through = (more: Partial<EgressOptions> = {}) =>
    egress({ allow: ['hooks.example.org', '*.example.net'], httpsProxy: `http://proxy.internal:${proxyPort}`, extraCaFile: caFile, ...more })

  it('everything goes through it, with the extra authority, though it stands at a private address', async () => {
    expect((await get(through(), `https://hooks.example.org:${secure}/a`)).status).toBe(200)
    expect(asked).toEqual([`hooks.example.org:${secure}`])
  })

  it('certificates are verified all the same', async () => {
    await expect(get(through({ extraCaFile: undefined }), `https://hooks.example.org:${secure}/a`)).rejects.toThrow(/SELF_SIGNED/)
  })

  it('what is not on the list does not reach it', async () => {
    await expect(get(through(), 'https://elsewhere.example.org/')).rejects.toThrow('not on the allow list')
    expect(asked).toEqual([])
  })

  it('hosts of NO_PROXY are reached without it', async () => {
    expect((await get(through({ noProxy: 'hooks.example.org' }), `https://hooks.example.org:${secure}/a`)).status).toBe(200)
    expect(asked).toEqual([])
  })
})

it('the firewall’s list names every place that the settings lead to', () => {
  const options = { allow: ['hooks.example.org', '*.example.net:8443', '[2001:db8::1]:8443'], httpsProxy: 'http://proxy.internal:3128' }
  expect(destinations(options, 'https://collector.example.org').map(({ host, port }) => `${host} ${port}`)).toEqual([
    'proxy.internal 3128',
    'collector.example.org 443',
    'hooks.example.org 443',
    '*.example.net 8443',
    '[2001:db8::1] 8443',
  ])
})
