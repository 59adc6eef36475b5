/**
 * The only way out. Every outside connection goes through here: allow-listed hosts, certificates verified, proxy and extra CA
 * honoured, redirects not followed, private addresses refused unless they are listed by name.
 */

import { lookup as dnsLookup } from 'node:dns'
import { Resolver } from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import { BlockList, connect as connectTo, isIP, type LookupFunction, type OnReadOpts, type Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { rootCertificates } from 'node:tls'
import type { Said, Sentence } from '@gatehouse/core/sentence'
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici'
import { say } from './egress-words.ts'

export interface EgressOptions {
  /** `host` or `host:port`; `*.example.org` for the hosts below a name; the whole path of a folder for the sockets in it. */
  readonly allow: readonly string[]
  readonly httpsProxy?: string | undefined
  readonly noProxy?: string | undefined
  readonly extraCaFile?: string | undefined
}

export interface EgressRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly timeoutMs: number
  /** Answers beyond this are cut off and count as failed. */
  readonly bytesMax: number
  /** Ends the request before its time is over; what it was aborted with is thrown. */
  readonly signal?: AbortSignal
}

export interface EgressAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The media type that the answer says it has. */
  readonly mediaType: string | undefined
  readonly body: string
  /** The same as it came. */
  readonly bytes: Uint8Array
}

/** A request whose body and answer pass through in pieces: for objects too large to hold. */
export interface EgressStream {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** How long each side may be silent. */
  readonly timeoutMs: number
}

export interface EgressStreamed {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Readable
}

export type EgressFault = 'not_allowed' | 'unreachable' | 'slow' | 'too_large'

/** An address that the node may not connect to, or a connection that failed. The message names the host, never the path. */
export class EgressError extends Error {
  override readonly name = 'EgressError'
  readonly fault: EgressFault
  /** The message for other languages. */
  readonly said: Said

  constructor({ detail, said }: Sentence, fault: EgressFault = 'not_allowed') {
    super(detail)
    this.said = said
    this.fault = fault
  }
}

/** A buffer of one's own that a connection reads into, again and again, and who hears of it (`onread` of `node:net`). */
export type ReadInto = OnReadOpts

/** The path of a socket, or an address of this machine. */
export type LocalPlace = { readonly path: string } | { readonly host: '127.0.0.1' | '::1'; readonly port: number }

/** A place that a feature of the node connects to, for the firewall's list. */
export interface Destination {
  readonly host: string
  readonly port: number
  readonly why: string
}

export interface Egress {
  send(url: string, options: EgressRequest): Promise<EgressAnswer>
  /** The same without a bound on the answer's size: whoever asks has to read it, or destroy it. */
  stream(url: string, options: EgressStream): Promise<EgressStreamed>
  /** Throws an EgressError where `send` would refuse the address; for checking a setting when it is saved. */
  check(url: string): URL
  /** The same for a host that is reached by another protocol than HTTP. */
  checkHost(host: string, port: number): void
  /**
   * A plain connection to a listed host, past any proxy. Whoever asks for it puts TLS on it before a word is said. A host that begins with
   * `/` is the path of a socket in a listed folder, and has no port.
   * @param onread where it reads into, for who does not want a buffer for each piece
   */
  open(host: string, port: number, timeoutMs: number, onread?: ReadInto): Promise<Socket>
  /**
   * For a client that makes its own sockets: what it has to turn names into addresses with. It knows the listed host and no other, and
   * gives no private address unless the host is listed by itself. An address in numbers never asks it: let the client name one host.
   */
  lookup(host: string, port: number): LookupFunction
  /** What the owner of a domain says in its TXT records, asked of this machine's resolver; nothing where there are none or nobody answers. */
  texts(name: string): Promise<readonly string[]>
  /** A connection to a program of this machine. It leaves for nowhere, so no list is asked; any other address is refused by its type. */
  local(place: LocalPlace): Socket
  /** The authorities that a certificate must come from; `undefined` for those the runtime knows. */
  readonly authorities: readonly string[] | undefined
  close(): Promise<void>
}

// Two lists: in one, a range of mapped addresses would match every plain IPv4 address too.
const privateIpv4 = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const) {
  privateIpv4.addSubnet(net, bits, 'ipv4')
}
const privateIpv6 = new BlockList()
for (const [net, bits] of [
  ['::1', 128],
  ['::', 128],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
  // Forms that carry an IPv4 address inside: mapped, NAT64, 6to4 and Teredo.
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['2001::', 32],
] as const) {
  privateIpv6.addSubnet(net, bits, 'ipv6')
}

export function isPrivateAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return false
  return family === 6 ? privateIpv6.check(address, 'ipv6') : privateIpv4.check(address, 'ipv4')
}

const notListed = (host: string, port: number) => new EgressError(say('not_listed', { host, port }))
const notReached = (host: string, why: string | undefined) =>
  new EgressError(why === undefined ? say('not_reached_silent', { host }) : say('not_reached', { host, why }), 'unreachable')
const privateAddress = (host: string) => new EgressError(say('private_address', { host }))

interface Rule {
  /** As a URL writes it: an IPv6 address stands in brackets. */
  readonly host: string
  readonly port: number | undefined
}

function ruleOf(text: string): Rule {
  const [, host = text, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(text) ?? []
  return { host: host.toLowerCase(), port: port === undefined ? undefined : Number(port) }
}

const textsTimeoutMs = 3_000

async function textRecords(name: string): Promise<readonly string[]> {
  const records = await new Resolver({ timeout: textsTimeoutMs, tries: 1 }).resolveTxt(name).catch(() => [])
  return records.map((parts) => parts.join(''))
}

/** @param resolve turns a name into addresses, and `texts` into its TXT records; the machine's own resolver but for tests */
export function openEgress(options: EgressOptions, resolve: typeof dnsLookup = dnsLookup, texts: Egress['texts'] = textRecords): Egress {
  const folders = options.allow.filter((entry) => entry.startsWith('/'))
  const rules = options.allow.filter((entry) => !entry.startsWith('/')).map(ruleOf)
  const proxyHost = options.httpsProxy === undefined ? undefined : new URL(options.httpsProxy).hostname
  const ca = options.extraCaFile === undefined ? undefined : [...rootCertificates, readFileSync(options.extraCaFile, 'utf8')]
  const exact = (host: string) => host === proxyHost || rules.some((rule) => rule.host === host)
  // Checked where the connection is made, on the very address it goes to, so a name cannot point elsewhere in between. A name
  // that the list allows by wildcard may still point inside; only an exact entry opens a private address.
  const lookup: LookupFunction = (host, settings, done) => {
    resolve(host, { ...settings, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '')
      const open = exact(host) ? addresses : addresses.filter(({ address }) => !isPrivateAddress(address))
      const [first] = open
      if (first === undefined) return done(Object.assign(new Error('private address'), { code: 'PRIVATE_ADDRESS' }), '')
      if (settings.all) return done(null, open)
      done(null, first.address, first.family)
    })
  }
  const connect = { rejectUnauthorized: true, lookup, ...(ca === undefined ? {} : { ca }) }
  const dispatcher: Dispatcher =
    options.httpsProxy === undefined
      ? new Agent({ connect, connections: 32 })
      : new EnvHttpProxyAgent({
          connect,
          // Behind a proxy the two TLS sessions, with the proxy and with the host, are each made with settings of their own.
          proxyTls: connect,
          requestTls: connect,
          httpsProxy: options.httpsProxy,
          httpProxy: options.httpsProxy,
          noProxy: options.noProxy ?? '',
        })

  const listed = (host: string, port: number) =>
    rules.some((rule) => (rule.port ?? port) === port && (rule.host === host || (rule.host.startsWith('*.') && host.endsWith(rule.host.slice(1)))))

  function check(text: string): URL {
    let url: URL
    try {
      url = new URL(text)
    } catch {
      throw new EgressError(say('not_a_url'))
    }
    const port = portOf(url)
    const known = listed(url.hostname, port)
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && known)) throw new EgressError(say('https_only', { host: url.hostname }))
    if (url.username !== '' || url.password !== '') throw new EgressError(say('password_in_address', { host: url.hostname }))
    if (!known) throw notListed(url.hostname, port)
    return url
  }

  function checkHost(host: string, port: number): void {
    if (host.startsWith('/')) {
      // Exactly one step below, so that no `..` leads elsewhere.
      if (!folders.includes(host.replace(/\/[^/]+$/, ''))) throw new EgressError(say('folder_not_listed', { host }))
      return
    }
    if (!listed(host.toLowerCase(), port)) throw notListed(host, port)
    if (isPrivateAddress(host) && !exact(host)) throw privateAddress(host)
  }

  function checkAddress(text: string): URL {
    const url = check(text)
    if (isPrivateAddress(url.hostname) && !exact(url.hostname)) throw privateAddress(url.hostname)
    return url
  }

  const requestOf = ({ method, headers, body, timeoutMs }: EgressRequest | EgressStream) => ({
    method,
    dispatcher,
    headers: { ...headers },
    body: body ?? null,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  })

  return {
    check,
    checkHost,
    authorities: ca,
    texts,
    local: (place) => connectTo(place),
    async open(host, port, timeoutMs, onread) {
      checkHost(host, port)
      return new Promise((resolve, reject) => {
        const how = { timeout: timeoutMs, ...(onread === undefined ? {} : { onread }) }
        const socket = connectTo(host.startsWith('/') ? { path: host, ...how } : { host, port, lookup, ...how })
        const failed = (why: string | undefined) => {
          socket.destroy()
          reject(notReached(host, why))
        }
        const broken = (error: NodeJS.ErrnoException) => failed(error.code)
        const late = () => failed(`no answer within ${timeoutMs} ms`)
        socket.once('error', broken)
        socket.once('timeout', late)
        socket.once('connect', () => {
          socket.off('error', broken).off('timeout', late).setTimeout(0)
          resolve(socket)
        })
      })
    },
    lookup(host, port) {
      checkHost(host, port)
      return (name, settings, done) => {
        if (name.toLowerCase() === host.toLowerCase()) return lookup(host.toLowerCase(), settings, done)
        done(Object.assign(new Error('another host'), { code: 'NOT_LISTED' }), '')
      }
    },
    async stream(text, asked) {
      const url = checkAddress(text)
      try {
        const answer = await request(url, requestOf(asked))
        return { status: answer.statusCode, headers: answer.headers, body: answer.body }
      } catch (error) {
        throw notReached(url.hostname, (error as { code?: string }).code)
      }
    },
    async send(text, asked) {
      const { timeoutMs, bytesMax, signal } = asked
      const late = AbortSignal.timeout(timeoutMs)
      const url = checkAddress(text)
      const host = url.hostname
      try {
        const answer = await request(url, { ...requestOf(asked), signal: signal === undefined ? late : AbortSignal.any([late, signal]) })
        const chunks: Buffer[] = []
        let size = 0
        for await (const chunk of answer.body) {
          size += (chunk as Buffer).length
          if (size > bytesMax) throw new EgressError(say('answer_beyond', { host, bytes: bytesMax }), 'too_large')
          chunks.push(chunk as Buffer)
        }
        const bytes = Buffer.concat(chunks)
        const { headers, statusCode: status } = answer
        const { 'content-type': type } = headers
        return { status, headers, mediaType: typeof type === 'string' ? type : undefined, body: bytes.toString('utf8'), bytes }
      } catch (error) {
        signal?.throwIfAborted()
        if (error instanceof EgressError) throw error
        const { name, code } = error as NodeJS.ErrnoException
        if (name === 'TimeoutError' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT')
          throw new EgressError(say('no_answer_within', { host, ms: timeoutMs }), 'slow')
        throw notReached(host, code)
      }
    },
    close: () => dispatcher.close(),
  }
}

export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
}

/** What a firewall must let out, from the settings alone. */
export function destinations(options: EgressOptions, otlpEndpoint: string | undefined, objectStore?: string): Destination[] {
  const found: Destination[] = []
  if (options.httpsProxy !== undefined) {
    const proxy = new URL(options.httpsProxy)
    found.push({ host: proxy.hostname, port: portOf(proxy), why: 'proxy for all outside traffic' })
  }
  if (otlpEndpoint !== undefined) {
    const url = new URL(otlpEndpoint)
    found.push({ host: url.hostname, port: portOf(url), why: 'traces (OTLP)' })
  }
  if (objectStore !== undefined) {
    const url = new URL(objectStore)
    found.push({ host: url.hostname, port: portOf(url), why: 'object store (S3)' })
  }
  for (const rule of options.allow.filter((entry) => !entry.startsWith('/'))) {
    const { host, port = 443 } = ruleOf(rule)
    found.push({ host, port, why: 'allow list (webhooks and other receivers)' })
  }
  return found
}
