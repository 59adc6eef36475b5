/**
 * The client of a node. Paths, inputs and answers are typed from the node's own API description, so a call that the API does
 * not have does not compile.
 *
 * ```ts
 * const gatehouse = createClient({ origin: 'http://127.0.0.1:5000', key: 'ghk_…' })
 * const { data, error } = await gatehouse.POST('/v1/authorize', { body: { partner_id: 'northwind-bank', user_id: 'C000001', purpose: 'loan_application' } })
 * ```
 */
import createFetchClient, { type Client } from 'openapi-fetch'
import type { paths } from './generated/api.ts'

export type GatehouseClient = Client<paths>

export interface ClientOptions {
  readonly origin: string
  /** An API key (`ghk_…`). In a browser leave it out: the session cookie speaks. */
  readonly key?: string
  readonly fetch?: (request: Request) => Promise<Response>
}

export function createClient({ origin, key, fetch }: ClientOptions): GatehouseClient {
  return createFetchClient<paths>({
    baseUrl: origin,
    credentials: 'same-origin',
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    ...(fetch === undefined ? {} : { fetch }),
  })
}

interface Said {
  readonly code: string
  readonly params: Readonly<Record<string, string | number>>
}

/** RFC 9457, as every refusal and error of a node arrives. */
export interface ProblemDocument {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  /** What the reader can do about it. */
  readonly mend?: string
  readonly instance?: string
  /** Which of several causes it was, where the problem has some. */
  readonly reason?: string
  readonly errors?: readonly { readonly pointer: string; readonly detail: string; readonly said?: Said }[]
  /** The detail as a code with its values, for other languages. */
  readonly said?: Said
  readonly reasons?: readonly { readonly code: string; readonly rule?: string }[]
}

export class GatehouseError extends Error {
  readonly problem: ProblemDocument

  constructor(problem: ProblemDocument) {
    const reasons = problem.reasons?.map((reason) => (reason.rule === undefined ? reason.code : `${reason.code} (${reason.rule})`)).join(', ')
    const errors = problem.errors?.map((error) => `${error.pointer}: ${error.detail}`).join('; ')
    super([problem.title, problem.detail, reasons, errors].filter((part) => part !== undefined && part !== '').join('. '))
    this.name = 'GatehouseError'
    this.problem = problem
  }
}

/** The answer of a call, or a `GatehouseError` with the problem. */
export function must<T>(result: { data?: T; error?: unknown; response: Response }): T {
  if (result.error !== undefined) {
    const problem = result.error as Partial<ProblemDocument>
    throw new GatehouseError({
      type: problem.type ?? 'about:blank',
      title: problem.title ?? `HTTP ${result.response.status}`,
      status: problem.status ?? result.response.status,
      ...problem,
    })
  }
  return result.data as T
}
