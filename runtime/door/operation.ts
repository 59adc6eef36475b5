/**
 * An operation is one thing that somebody may ask of the node, whichever way they knock. What it takes, what it gives, who
 * may ask and what the ledger keeps of it are required fields: an operation that forgets one does not compile.
 */
import type { Id } from '@gatehouse/core/id'
import type { ProblemKind } from '@gatehouse/core/problem'
import { Problem } from '@gatehouse/core/problem'
import type { z } from 'zod'
import type { Moment, Principal } from '../base/context.ts'
import type { Tx } from '../data/db.ts'
import type { NewEvent } from '../work/outbox.ts'
import type { Node } from './node.ts'

export const actions = ['create', 'read', 'update', 'delete', 'publish', 'export', 'use'] as const
export type Action = (typeof actions)[number]

/** What is acted on, in the words of the access table. `owner` is the partner or user it belongs to. */
export interface Resource {
  readonly type: string
  readonly id?: string
  readonly owner?: string
  /** The product or project of the institution that it belongs to. */
  readonly scope?: { readonly kind: 'product' | 'project'; readonly id: string }
  /** What the conditions of rights may ask about it. */
  readonly facts?: ResourceFacts
}

export interface ResourceFacts {
  readonly sensitivity?: number
  readonly category?: string
  readonly consent_scope?: string
  readonly purpose?: string
}

/** What the ledger keeps of an act: ids, digests and counts. Strings longer than 200 characters are refused. */
export interface AuditFacts {
  /** The person concerned, with the commitment that stands in the log in place of the id. */
  readonly subject?: { readonly id: Id<'subject'>; readonly commitment: string }
  readonly decision?: 'permit' | 'deny' | 'pending' | 'error'
  readonly partner?: Id<'partner'>
  readonly purpose?: string
  /** The thing acted on: `{ kind: 'release', id }`. */
  readonly object?: { readonly kind: string; readonly id: string }
  readonly details?: Readonly<Record<string, string | number | boolean | readonly string[] | readonly Readonly<Record<string, string | number>>[]>>
}

export interface ActContext extends Moment {
  readonly node: Node
  readonly tenant: Id<'tenant'>
  readonly principal: Principal
  /** The id of this act's ledger entry. */
  readonly entry: Id<'entry'>
  /** How the caller came in; for the few acts that depend on a proven key. */
  readonly knock: Knock
  /** Whether the caller plainly may do that, for a public operation that gives more to those who have a right. A permit that has to be noted counts for none. */
  may(action: Action, resource: Resource): Promise<boolean>
  /** Announces an event; it is written with the act. */
  publish(event: NewEvent): void
  /** Writes a further entry of this act: one per imported batch, one per delivery of many. */
  record(tx: Tx, type: string, facts: AuditFacts, events?: readonly NewEvent[]): Promise<Id<'entry'>>
  /** Adds facts for the ledger that cannot be read off input and output. */
  describe(facts: AuditFacts): void
  /** For a public operation that learned from the input itself (a token) on whose behalf it acts. Narrows the transaction. */
  actAs(principal: Principal): Promise<void>
}

export interface TransactionContext extends ActContext {
  readonly tx: Tx
  enqueue(queue: string, data: Readonly<Record<string, unknown>>): Promise<void>
}

export interface StepsContext extends ActContext {
  /** A short transaction of its own. Nothing external happens inside. */
  step<T>(act: (tx: Tx) => Promise<T>): Promise<T>
}

/** What was asked for: an action on a thing. */
export interface Right {
  readonly action: Action
  readonly resource: Resource
}

/** Whether an act may go on; with an entry to write where the right itself has to leave one each time it is used. */
export type Permit = boolean | { readonly note: { readonly type: string; readonly facts: AuditFacts } }

/** Whose right a job carries on, and which: it is asked again at every step that acts. */
export interface Behalf {
  /** Of the institution's rights, by which it was decided; no process judges by older ones. */
  readonly revision?: number
  readonly principal: Pick<Principal, 'kind' | 'id' | 'roles' | 'partner' | 'subject'>
  readonly action: Action
  readonly resource: Resource
}

/** Kept with a job that a person asks for. */
export function behalfOf({ kind, id, roles, partner, subject }: Principal, right: Right | undefined): Behalf | undefined {
  if (kind !== 'user' || right === undefined) return undefined
  return { principal: { kind, id, roles, ...(partner === undefined ? {} : { partner }), ...(subject === undefined ? {} : { subject }) }, ...right }
}

/** Where a knock comes from and what it proves. Secrets in it live as long as the knock. */
export interface Knock {
  readonly channel: 'http' | 'socket' | 'job' | 'process'
  readonly authorization?: string
  readonly sessionToken?: string
  /** RFC 9449 proof with the method and URL it must be for. */
  readonly dpop?: { readonly proof: string; readonly method: string; readonly url: string }
  /** An HTTP message signature (RFC 9421) as it came, and what it has to cover. */
  readonly signed?: { readonly input: string; readonly signature: string; readonly digest: string; readonly method: string; readonly url: string }
  /** SHA-256 thumbprint (base64url) of the client certificate whose key the TLS handshake proved. */
  readonly certificateThumbprint?: string
  /** A network address; only ever kept as a keyed digest. */
  readonly source?: string
  readonly traceId?: string
  readonly idempotencyKey?: string
  /** The page that a browser says the request came from. */
  readonly origin?: string
  /** The cookie by which a browser is known that its user asked to remember. */
  readonly deviceToken?: string
  /** The cookie that says that this browser was sent to sign in elsewhere. */
  readonly entranceToken?: string
  /** What a browser calls itself; only its kind is kept. */
  readonly agent?: string
  /** How the page that asks stands to the node, as the browser says (Fetch Metadata): `same-origin`, `same-site`, `cross-site` or `none`. */
  readonly site?: string
  /** True for a method that changes nothing. */
  readonly safe?: boolean
  /** For a job: who asked for it. */
  readonly behalf?: Behalf
}

/** A refusal is an outcome: it commits with its ledger entry. */
export class Refusal {
  readonly problem: Problem
  readonly facts: AuditFacts

  constructor(problem: Problem, facts: AuditFacts = {}) {
    this.problem = problem
    this.facts = facts
  }
}

export function refuse(kind: ProblemKind, detail?: string, facts: AuditFacts = {}, extensions: Record<string, unknown> = {}): Refusal {
  return new Refusal(new Problem(kind, detail, { extensions }), facts)
}

/**
 * A protocol that others have defined, and that tells problems in its own form:
 * - `oauth` (RFC 6749 section 5.2): `error` is the last word of the problem's type;
 * - `scim` (RFC 7644), for directories: also its media type, and the place of what was made in a header;
 * - `odata` (OData 4.0), for spreadsheets and BI tools: also its version in a header;
 * - `beacon` (GA4GH Beacon v2);
 * - `dsp:…` (Dataspace Protocol 2025-1), each part with an error of its own, and only where the node is switched to it.
 */
export type Standard = 'oauth' | 'scim' | 'odata' | 'beacon' | 'dsp:version' | 'dsp:catalog' | 'dsp:negotiation' | 'dsp:transfer'

export interface HttpDoor {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `/v1/policies/:policy` – parameters become members of the input. A last part `*name` takes the rest of the path. */
  readonly path: string
  /** Small files that caches keep: more of them may be fetched in a minute than of other answers. */
  readonly cached?: boolean
  readonly status?: number
  /** The body is `application/x-www-form-urlencoded` instead of JSON. Only for what takes no notice of cookies: any page may send one. */
  readonly form?: true
  /** A browser comes with a form and is led on, by GET, to the `location` of the answer. */
  readonly leads?: true
  readonly speaks?: Standard
  /** Older or unversioned paths that answer too. */
  readonly aliases?: readonly string[]
}

/** What became of an answer on its way out. */
export interface Sent {
  readonly complete: boolean
  readonly bytes: number
}

export interface FollowUp {
  readonly operation: AnyOperation
  /** The follow-up's input, from answers that left at about the same time. It acts for the tenant that they were for. */
  readonly inputOf: (items: never) => unknown
}

interface Common<I extends z.ZodType, O extends z.ZodType> {
  /** `<module>.<verb>`, also the type of its ledger entry. */
  readonly name: string
  readonly summary: string
  readonly description?: string
  readonly input: I
  readonly output: O
  /** Who may: an action on a resource, or `public` with the reason why nobody is asked. */
  readonly access: { readonly action: Action; readonly on: (input: z.output<I>, principal: Principal) => Resource } | { readonly public: string }
  /** What the ledger keeps, or `none` with the reason (reads of metadata only). */
  readonly audit: ((input: z.output<I>, output: z.output<O>) => AuditFacts) | { readonly none: string }
  /** A dangerous act: somebody with a session must have proven a factor within `stepUpMinutes`. Programs with a key of their own are not asked. */
  readonly stepUp?: true
  /** How many different people must ask for the same before it happens. */
  readonly approvals?: number
  /** The answer holds a secret that is shown once, so it is not kept for repeated requests. */
  readonly secretOutput?: boolean
  /** The answer begins or ends a browser session: the HTTP edge sets or clears the cookies from `session_token`, `device_token` and `entrance_token`. */
  readonly session?: 'begins' | 'ends'
  /** Entered by the edge as the system once the answer has left, or has failed to. */
  readonly followUp?: FollowUp
  readonly http?: HttpDoor
  /** Shown in the reference and run by a test. */
  readonly example?: { readonly input: z.input<I>; readonly output?: z.output<O> }
  readonly problems?: readonly ProblemKind[]
}

export interface TransactionOperation<I extends z.ZodType, O extends z.ZodType> extends Common<I, O> {
  readonly kind?: 'transaction'
  /** Asked before people are counted (`approvals`): what could never happen is not waited for. */
  before?(ctx: TransactionContext, input: z.output<I>): Promise<Refusal | undefined>
  run(ctx: TransactionContext, input: z.output<I>): Promise<z.output<O> | Refusal>
}

/** A file to keep. It is made while it is sent: whoever stops reading ends the iteration. */
export interface FileAnswer {
  /** Letters, digits, `-` and `.` only. A file without a name is shown rather than saved. */
  readonly name?: string
  /** The `cache-control` of a file that never changes; `no-store` where it is absent. */
  readonly cache?: string
  readonly mediaType: string
  /** How many bytes the whole file has, where that is known before. */
  readonly size?: number
  /** Which of them these are, where not all: from `start` up to but not including `end`. */
  readonly part?: { readonly start: number; readonly end: number }
  readonly chunks: AsyncIterable<Uint8Array | string>
}

/** Long or external work: the entry is opened first, short transactions follow, the entry is closed last. */
export interface StepsOperation<I extends z.ZodType, O extends z.ZodType> extends Common<I, O> {
  readonly kind: 'steps'
  /**
   * `json`: one answer. `rows`: an async iterable of rows, sent as NDJSON or CSV. `events`: an endless async iterable of batches, sent as
   * server-sent events. `file`: a `FileAnswer`.
   */
  readonly answers?: 'json' | 'rows' | 'events' | 'file'
  /** The media types that a `file` may have. */
  readonly mediaTypes?: readonly string[]
  /** A `file` of which a part can be asked for: a `Range` header becomes `input.range`. */
  readonly ranges?: true
  /** The request's body comes as a stream of bytes in `input.body` instead of JSON. */
  readonly streams?: boolean
  run(ctx: StepsContext, input: z.output<I>): Promise<z.output<O> | Refusal>
}

export type Operation<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = TransactionOperation<I, O> | StepsOperation<I, O>

/** An operation of any shape, for lists. */
// biome-ignore lint/suspicious/noExplicitAny: a list holds operations of every input and output type, and variance forbids a narrower one
export type AnyOperation = Operation<any, any>

export function operation<I extends z.ZodType, O extends z.ZodType>(definition: TransactionOperation<I, O>): TransactionOperation<I, O>
export function operation<I extends z.ZodType, O extends z.ZodType>(definition: StepsOperation<I, O>): StepsOperation<I, O>
export function operation<I extends z.ZodType, O extends z.ZodType>(definition: Operation<I, O>): Operation<I, O> {
  if (!/^[a-z]+(\.[a-z_]+)+$/.test(definition.name)) throw new TypeError(`an operation's name is <module>.<verb>: ${definition.name}`)
  return Object.freeze(definition)
}
