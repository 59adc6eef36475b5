/** Problems on the wire: `application/problem+json` (RFC 9457). */
import { Problem } from '@gatehouse/core/problem'
import type { Standard } from '../door/operation.ts'
import { problemOf } from '../door/problem-of.ts'
import { doorProblems } from '../door/problems.ts'

export const scimMediaType = 'application/scim+json; charset=utf-8'

export interface ProblemAnswer {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** What a problem is told about: its trace id, and what was said. */
export interface Asked {
  readonly id: string
  readonly method: string
  readonly body: unknown
}

/** In the words of the standard that is spoken there; our own where there is none. */
export function problemIn(standard: Standard | undefined, error: unknown, asked: Asked): ProblemAnswer {
  switch (standard) {
    case undefined:
      return problemAnswer(error, asked.id)
    case 'oauth':
      return oauthAnswer(error, asked.id)
    case 'scim':
      return scimAnswer(error, asked.id)
    case 'odata':
      return odataAnswer(error, asked.id)
    case 'beacon':
      return beaconAnswer(error, asked.id)
    default:
      return dspAnswer(error, standard, asked)
  }
}

/** `instance` is the trace id: with it an administrator finds the log lines, and it says nothing else. */
export function problemAnswer(error: unknown, traceId: string): ProblemAnswer {
  const problem = fromFramework(error) ?? problemOf(error)
  const status = problem.kind.status
  return {
    status,
    body: JSON.stringify(problem.document(`urn:trace:${traceId}`)),
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      ...(status === 401 ? { 'www-authenticate': 'Bearer, DPoP algs="ES256 EdDSA"' } : {}),
      ...(status === 503 ? { 'retry-after': '2' } : {}),
    },
  }
}

/**
 * The same for those who speak OAuth: RFC 6749 section 5.2 wants `error` and `error_description` in `application/json`. The rest of
 * the problem stands beside them.
 */
function oauthAnswer(error: unknown, traceId: string): ProblemAnswer {
  const { status, body, headers } = problemAnswer(error, traceId)
  const document = JSON.parse(body) as { type: string; title: string; detail?: string }
  const own = !document.type.startsWith('/problems/door/')
  const word = own ? (document.type.split('/').at(-1) ?? '').replaceAll('-', '_') : status >= 500 ? 'server_error' : 'invalid_request'
  return {
    status,
    body: JSON.stringify({ error: word, error_description: document.detail ?? document.title, ...document }),
    headers: {
      ...headers,
      'content-type': 'application/json; charset=utf-8',
      ...(word === 'invalid_client' ? { 'www-authenticate': 'Basic realm="gatehouse"' } : {}),
    },
  }
}

/** The same for those who speak SCIM (RFC 7644 section 3.12). */
function scimAnswer(error: unknown, traceId: string): ProblemAnswer {
  const { status, body, headers } = problemAnswer(error, traceId)
  const { type, title, detail, scimType } = JSON.parse(body) as { type: string; title: string; detail?: string; scimType?: string }
  const kind = scimType ?? (type === doorProblems.input_invalid.type ? 'invalidSyntax' : undefined)
  return {
    status,
    body: JSON.stringify({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
      ...(kind === undefined ? {} : { scimType: kind }),
      detail: detail ?? title,
    }),
    headers: { ...headers, 'content-type': scimMediaType },
  }
}

export const odataHeaders = { 'odata-version': '4.0' } as const

/** The same for those who speak OData (JSON Format 4.01, section 21.1). */
function odataAnswer(error: unknown, traceId: string): ProblemAnswer {
  const { status, body, headers } = problemAnswer(error, traceId)
  const { type, title, detail } = JSON.parse(body) as { type: string; title: string; detail?: string }
  return {
    status,
    body: JSON.stringify({ error: { code: type, message: detail === undefined ? title : `${title}: ${detail}` } }),
    headers: { ...headers, ...odataHeaders, 'content-type': 'application/json; charset=utf-8' },
  }
}

/** The same for those who speak Beacon v2 (`beaconErrorResponse`). What was asked is not repeated: it may not have been understood. */
function beaconAnswer(error: unknown, traceId: string): ProblemAnswer {
  const { status, body, headers } = problemAnswer(error, traceId)
  const { title, detail, errors = [] } = JSON.parse(body) as { title: string; detail?: string; errors?: { pointer: string; detail: string }[] }
  const message = [title, ...(detail === undefined ? [] : [detail]), ...errors.slice(0, 5).map((one) => `${one.pointer}: ${one.detail}`)].join('. ')
  const version = 'v2.0.0'
  const summary = { apiVersion: version, requestedSchemas: [], pagination: {}, requestedGranularity: 'boolean' }
  const meta = { beaconId: 'urn:gatehouse:beacon', apiVersion: version, returnedGranularity: 'boolean', returnedSchemas: [], receivedRequestSummary: summary }
  return {
    status,
    body: JSON.stringify({ meta, error: { errorCode: status, errorMessage: message } }),
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
  }
}

const dspErrors = {
  'dsp:version': 'VersionsError',
  'dsp:catalog': 'CatalogError',
  'dsp:negotiation': 'ContractNegotiationError',
  'dsp:transfer': 'TransferError',
} as const

/**
 * The same for connectors of a dataspace (Dataspace Protocol 2025-1). An error of a process names it by both pids: as the act knew them, or as they
 * were sent. That there is nothing is told by 404 to whoever reads; a message that is not taken is told by another status.
 */
function dspAnswer(error: unknown, part: keyof typeof dspErrors, { method, body }: Asked): ProblemAnswer {
  const problem = fromFramework(error) ?? problemOf(error)
  const { type, status } = problem.kind
  const details = [problem.detail ?? problem.kind.title, ...(problem.errors ?? []).slice(0, 20).map(({ pointer, detail }) => `${pointer}: ${detail}`)]
  const said = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const pid = (name: 'providerPid' | 'consumerPid') => [problem.extensions[name], said[name]].find((value) => typeof value === 'string') ?? ''
  const pids = part === 'dsp:negotiation' || part === 'dsp:transfer' ? { providerPid: pid('providerPid'), consumerPid: pid('consumerPid') } : {}
  return {
    status: status === 404 && method !== 'GET' ? 400 : status,
    body: JSON.stringify({
      '@context': ['https://w3id.org/dspace/2025/1/context.jsonld'],
      '@type': dspErrors[part],
      ...pids,
      code: type.split('/').at(-1) ?? 'error',
      reason: details,
    }),
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(status === 503 ? { 'retry-after': '2' } : {}),
    },
  }
}

/** Faults that the web framework finds before the door: bad JSON, wrong media type, too many bytes or requests. */
function fromFramework(error: unknown): Problem | undefined {
  if (error instanceof Problem) return undefined
  const code = (error as { code?: unknown } | null)?.code
  const status = (error as { statusCode?: unknown } | null)?.statusCode
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem(doorProblems.too_large)
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Problem(doorProblems.media_type)
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return new Problem(doorProblems.input_invalid, 'the body is not JSON')
  }
  if (status === 429) return new Problem(doorProblems.rate_limited)
  if (status === 413) return new Problem(doorProblems.too_large)
  if (status === 415) return new Problem(doorProblems.media_type)
  if (error instanceof SyntaxError) return new Problem(doorProblems.input_invalid, 'the body is not JSON')
  if (status === 400) return new Problem(doorProblems.input_invalid)
  return undefined
}
