/**
 * The HTTP edge: unwraps a request into a knock and an input, lets it through the door, and wraps the answer. It decides
 * nothing. Bodies, headers and times are capped here, before the door.
 */
import { finished, Readable } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import { Problem } from '@gatehouse/core/problem'
import { toHex } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type FastifyServerOptions } from 'fastify'
import type { Principal } from '../base/context.ts'
import type { Answer, Door } from '../door/door.ts'
import type { AnyOperation, FileAnswer, Knock, Right, Sent, Standard } from '../door/operation.ts'
import { doorProblems } from '../door/problems.ts'
import { type StreamedEvent, sendEvents, type Watch } from './events.ts'
import type { FollowUps } from './follow-up.ts'
import { openStreams } from './open-streams.ts'
import { odataHeaders, problemIn, scimMediaType } from './problem-json.ts'
import { encodeRows } from './rows.ts'
import { thumbprintOf } from './tls.ts'

export interface HttpOptions {
  readonly door: Door
  readonly operations: readonly AnyOperation[]
  readonly rateLimits: boolean
  /** The one proxy whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxy?: string | undefined
  readonly tls?: { readonly cert: string; readonly key: string } | undefined
  readonly ready: () => Promise<boolean>
  readonly followUps: FollowUps
}

export const sessionCookie = 'gatehouse_session'
export const deviceCookie = 'gatehouse_device'
/** What somebody carries who was sent to sign in elsewhere; only the ways in see it. */
export const entranceCookie = 'gatehouse_entrance'
const deviceCookieSeconds = 30 * 86_400
const entranceCookieSeconds = 600
const entrancePath = '/v1/auth'
export const bodyBytesMax = 1_048_576
const agentCharactersMax = 512
const closeGraceMs = 3_000
const requestsPerMinuteMax = 1_200
const signInsPerMinuteMax = 30
const filesPerMinuteMax = 30_000

export async function openHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { door } = options
  const settings: FastifyServerOptions & { https?: object } = {
    bodyLimit: bodyBytesMax,
    trustProxy: options.trustedProxy ?? false,
    connectionTimeout: 60_000,
    keepAliveTimeout: 72_000,
    frameworkErrors: (error, request, reply) => void sendProblem(reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store' }), error),
    genReqId: (request) => traceIdOf(request.headers.traceparent, door.node.keys.primitives),
    ...(options.tls === undefined ? {} : { https: { ...options.tls, minVersion: 'TLSv1.2', requestCert: true, rejectUnauthorized: false } }),
  }
  const app: FastifyInstance = Fastify(settings)

  // Open streams never end by themselves: what has not ended soon after the node was told to stop is cut.
  app.addHook('preClose', async () => {
    const late = setTimeout(() => app.server.closeAllConnections(), closeGraceMs)
    app.server.once('close', () => clearTimeout(late))
  })
  app.setErrorHandler((error, request, reply) => sendProblem(reply, error, (request.routeOptions.config as RouteConfig).speaks))
  // A form of another site may send text without asking first; nothing here reads any.
  app.removeContentTypeParser('text/plain')
  app.addContentTypeParser('application/scim+json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'))
  await app.register(cookie)
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // Mantine positions its elements with style attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: options.tls === undefined ? false : { maxAge: 31_536_000, includeSubDomains: true },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginEmbedderPolicy: false,
  })
  if (options.rateLimits) {
    await app.register(rateLimit, {
      max: requestsPerMinuteMax,
      timeWindow: 60_000,
      cache: 20_000,
      // By address and not by credential: a limit that a made-up header lifts is none.
      keyGenerator: (request) => request.ip,
      allowList: (request) => request.url === '/health' || request.url === '/ready',
      errorResponseBuilder: () => new Problem(doorProblems.rate_limited),
    })
  }

  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id)
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })

  app.get('/health', async () => ({ status: 'alive' }))
  app.get('/ready', async (_request, reply) => {
    const ready = await options.ready()
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' })
  })
  app.get('/metrics', async (_request, reply) => {
    const { registry } = door.node.metrics
    return reply.type(registry.contentType).send(await registry.metrics())
  })

  const secure = options.tls !== undefined || door.node.addresses.origin.startsWith('https:')
  const watched = openStreams(door)
  const route = (scope: FastifyInstance, operation: AnyOperation) => {
    const http = operation.http
    if (http === undefined) return
    for (const url of [http.path, ...(http.aliases ?? [])]) {
      scope.route({
        method: http.method,
        url: url.replace(/\*[a-z_]+$/, '*'),
        config: {
          ...(options.rateLimits && operation.session === 'begins'
            ? { rateLimit: { max: signInsPerMinuteMax, timeWindow: 60_000, keyGenerator: (request: FastifyRequest) => request.ip } }
            : options.rateLimits && http.cached === true
              ? { rateLimit: { max: filesPerMinuteMax, timeWindow: 60_000 } }
              : {}),
          ...(http.speaks === undefined ? {} : { speaks: http.speaks }),
        } satisfies RouteConfig,
        handler: async (request, reply) => {
          const answer = await door.knock(operation, inputOf(operation, request), knockOf(request, door.node.addresses.origin))
          return send(options.followUps, operation, answer, request, reply, { secure, watched })
        },
      })
    }
  }
  await app.register(async (scope) => {
    for (const operation of options.operations) if (!(operation.kind === 'steps' && operation.streams) && operation.http?.form !== true) route(scope, operation)
  })
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, async (_request: FastifyRequest, text: string) => formOf(text))
    for (const operation of options.operations) if (operation.http?.form === true) route(scope, operation)
  })
  // Bodies of streaming operations are never buffered: the operation pulls them chunk by chunk.
  await app.register(
    async (scope) => {
      scope.removeAllContentTypeParsers()
      // An operation that refuses stops reading, and that must not end the stream: the rest is still to be read away below.
      scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload.iterator({ destroyOnReturn: false })))
      // What an operation left unread when it refused would stand in the connection in front of the next request.
      scope.addHook('onResponse', async (request) => {
        request.raw.resume()
      })
      for (const operation of options.operations) if (operation.kind === 'steps' && operation.streams) route(scope, operation)
    },
    { bodyLimit: Number.MAX_SAFE_INTEGER } as never,
  )
  return app
}

interface RouteConfig {
  readonly speaks?: Standard
  readonly rateLimit?: object
}

/** RFC 6749 section 3.2: a parameter stands once. */
function formOf(text: string): Record<string, string> {
  const pairs = [...new URLSearchParams(text)]
  const form = Object.fromEntries(pairs)
  if (Object.keys(form).length !== pairs.length) throw new Problem(doorProblems.input_invalid, 'a parameter stands twice')
  return form
}

/** The trace id of a W3C `traceparent` header, or a fresh one. */
function traceIdOf(header: string | string[] | undefined, { randomBytes }: Primitives): string {
  const match = typeof header === 'string' ? /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(header) : null
  return match?.[1] ?? toHex(randomBytes(16))
}

function inputOf(operation: AnyOperation, request: FastifyRequest): unknown {
  const streams = operation.kind === 'steps' && operation.streams
  const body = request.body
  if (!streams && body !== undefined && body !== null && (typeof body !== 'object' || Array.isArray(body))) {
    throw new Problem(doorProblems.input_invalid, 'the body must be a JSON object')
  }
  const { '*': rest, ...params } = request.params as Record<string, string>
  const [, restName] = /\*([a-z_]+)$/.exec(operation.http?.path ?? '') ?? []
  const named = { ...(request.query as object), ...params, ...(restName === undefined ? {} : { [restName]: rest }) }
  if (streams) return { ...named, body: body ?? Readable.from([]), media_type: request.headers['content-type'] }
  // A browser that lost a stream of events says by this header where it wants to go on.
  const last = request.headers['last-event-id']
  if (operation.kind === 'steps' && operation.answers === 'events' && typeof last === 'string') return { ...named, after: last }
  const { range } = request.headers
  if (operation.kind === 'steps' && operation.ranges === true && range !== undefined) return { ...named, range }
  const members = (body ?? {}) as Record<string, unknown>
  // A body may not speak for the address: `POST /v1/policies/A/publish {"policy": "B"}` would check one and change the other.
  for (const name of Object.keys(named)) {
    if (name in members)
      throw new Problem(doorProblems.input_invalid, undefined, {
        errors: [{ pointer: `/${name}`, detail: 'this member comes from the address and cannot be repeated in the body' }],
      })
  }
  return { ...members, ...named }
}

function knockOf(request: FastifyRequest, origin: string): Knock {
  const { authorization, dpop, origin: from, signature, 'signature-input': input, 'content-digest': digest } = request.headers
  const key = request.headers['idempotency-key']
  const session = request.cookies[sessionCookie]
  const device = request.cookies[deviceCookie]
  const entrance = request.cookies[entranceCookie]
  const agent = request.headers['user-agent']
  const site = request.headers['sec-fetch-site']
  const socket = request.raw.socket as TLSSocket
  const thumbprint = typeof socket.getPeerCertificate === 'function' ? thumbprintOf(socket) : undefined
  return {
    channel: 'http',
    ...(authorization === undefined ? {} : { authorization }),
    ...(session === undefined ? {} : { sessionToken: session }),
    ...(device === undefined ? {} : { deviceToken: device }),
    ...(entrance === undefined ? {} : { entranceToken: entrance }),
    ...(agent === undefined ? {} : { agent: agent.slice(0, agentCharactersMax) }),
    ...(typeof dpop === 'string' ? { dpop: { proof: dpop, method: request.method, url: `${origin}${request.url.split('?')[0]}` } } : {}),
    ...(typeof input === 'string' && typeof signature === 'string' && typeof digest === 'string'
      ? { signed: { input, signature, digest, method: request.method, url: `${origin}${request.url}` } }
      : {}),
    ...(thumbprint === undefined ? {} : { certificateThumbprint: thumbprint }),
    source: request.ip,
    ...(typeof site === 'string' ? { site } : {}),
    traceId: request.id,
    ...(typeof key === 'string' ? { idempotencyKey: key } : {}),
    ...(from === undefined ? {} : { origin: from }),
    safe: request.method === 'GET',
  }
}

async function send(
  after: FollowUps,
  operation: AnyOperation,
  answer: Answer<unknown>,
  request: FastifyRequest,
  reply: FastifyReply,
  { secure, watched }: { readonly secure: boolean; readonly watched: (principal: Principal, right?: Right) => Watch },
): Promise<FastifyReply> {
  if (answer.outcome === 'refused') return sendProblem(reply, answer.problem, operation.http?.speaks)
  if (answer.outcome === 'pending') {
    return reply.code(202).send({ status: 'pending_approval', approval_id: answer.approval.id, have: answer.approval.have, need: answer.approval.need })
  }
  if (operation.http?.speaks === 'odata') reply.headers(odataHeaders)
  const answers = operation.kind === 'steps' ? (operation.answers ?? 'json') : 'json'
  if (answers === 'events') return sendEvents(answer.output as AsyncIterable<readonly StreamedEvent[]>, reply, watched(answer.principal, answer.right))
  if (answers === 'rows') return sendRows(answer.output as AsyncIterable<Record<string, unknown>>, request, reply)
  if (answers === 'file') return sendFile(answer.output as FileAnswer, reply)
  reply.code(operation.http?.status ?? 200)
  if (operation.http?.leads) return reply.header('location', (answer.output as { location: string }).location).send()
  const body = withCookies(operation, answer.output, request, reply, secure)
  if (operation.http?.speaks === 'scim') {
    const { location } = (body as { meta?: { location?: string } }).meta ?? {}
    if (location !== undefined && reply.statusCode === 201) reply.header('location', location)
    return reply.statusCode === 204 ? reply.send() : reply.type(scimMediaType).send(JSON.stringify(body))
  }
  if (operation.followUp === undefined) return reply.code(reply.statusCode).send(body)
  const text = JSON.stringify(body)
  // Written to a connection that is gone already, an answer still counts as finished to Node.
  const gone = request.raw.socket.destroyed
  finished(reply.raw, (error) => {
    const complete = !gone && (error === undefined || error === null)
    const sent: Sent = { complete, bytes: complete ? Buffer.byteLength(text) : 0 }
    after.add(operation, answer, sent)
  })
  return reply.type('application/json; charset=utf-8').send(text)
}

/** What stands in cookies and not in the body. @returns the rest */
function withCookies(operation: AnyOperation, body: unknown, request: FastifyRequest, reply: FastifyReply, secure: boolean): unknown {
  if (operation.session === 'begins') {
    const { session_token, device_token, entrance_token, ...rest } = body as { session_token?: string; device_token?: string; entrance_token?: string }
    const own = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const
    if (session_token !== undefined) reply.setCookie(sessionCookie, session_token, own)
    if (device_token !== undefined) reply.setCookie(deviceCookie, device_token, { ...own, sameSite: 'strict', maxAge: deviceCookieSeconds })
    if (entrance_token !== undefined)
      reply.setCookie(entranceCookie, entrance_token, { ...own, path: entrancePath, sameSite: 'strict', maxAge: entranceCookieSeconds })
    else if (request.cookies[entranceCookie] !== undefined) reply.clearCookie(entranceCookie, { ...own, path: entrancePath })
    return rest
  }
  if (operation.session === 'ends') reply.clearCookie(sessionCookie, { path: '/', httpOnly: true, sameSite: 'lax', secure })
  return body
}

function sendProblem(reply: FastifyReply, error: unknown, standard?: Standard): FastifyReply {
  const { status, body, headers } = problemIn(standard, error, reply.request)
  return reply.code(status).headers(headers).send(body)
}

function sendRows(rows: AsyncIterable<Record<string, unknown>>, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const csv = (request.headers.accept ?? '').includes('text/csv') || (request.query as { format?: string }).format === 'csv'
  return reply
    .type(csv ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8')
    .header('content-disposition', `attachment; filename="gatehouse-export.${csv ? 'csv' : 'ndjson'}"`)
    .send(Readable.from(encodeRows(rows, csv ? 'csv' : 'ndjson')))
}

function sendFile({ name, mediaType, cache, size, part, chunks }: FileAnswer, reply: FastifyReply): FastifyReply {
  if (name !== undefined) reply.header('content-disposition', `attachment; filename="${name}"`)
  if (cache !== undefined) reply.header('cache-control', cache)
  if (size !== undefined) reply.headers({ 'accept-ranges': 'bytes', 'content-length': part === undefined ? size : part.end - part.start })
  if (size !== undefined && part !== undefined) reply.code(206).header('content-range', `bytes ${part.start}-${part.end - 1}/${size}`)
  return reply.type(mediaType).send(Readable.from(chunks))
}
