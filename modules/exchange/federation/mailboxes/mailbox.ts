/** How a node speaks to a mailbox: by requests that it signs, or directly where this very process keeps it. */
import type { Instant } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { momentOf, nodeTenant } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { EgressAnswer } from '@gatehouse/runtime/data/egress'
import { EgressError } from '@gatehouse/runtime/data/egress'
import type { Node } from '@gatehouse/runtime/door/node'
import { Refusal } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import {
  admittedCards,
  cardsPath,
  cardTextSchema,
  digestOf,
  dropParts,
  type ExchangeAnswer,
  type ExchangeBody,
  exchangeAnswer,
  exchangeFor,
  exchangePath,
  keepPart,
  leavePath,
  mailboxLimits,
  manifestLimits,
  manifestText,
  offeredReleases,
  partOf,
  registerCard,
  registerPath,
  releasesPath,
  signRequest,
  takePath,
} from '../../coordinator/index.ts'
import type { Own } from '../identity/own.ts'

const timeoutMs = 20_000
const smallAnswer = 65_536

export type Standing = 'proposed' | 'admitted' | 'excluded'

/** Something is wrong with a mailbox, in a word that can be shown. */
export class MailboxError extends Error {
  override readonly name = 'MailboxError'
}

export interface Part {
  readonly attachment: string
  readonly part: number
}

export interface Mailbox {
  register(card: string): Promise<Standing>
  /** The cards that it knows; whatever it says of them, keys are believed only after somebody compared them. */
  cards(): Promise<string[]>
  /** Manifests of releases; whether one counts is for this node to see. */
  releases(): Promise<string[]>
  exchange(body: ExchangeBody): Promise<ExchangeAnswer>
  leavePart(part: Part, to: string, expiresAt: Instant, bytes: Uint8Array): Promise<void>
  /** @returns `undefined` where it is not there */
  takePart(from: string, part: Part): Promise<Uint8Array | undefined>
  drop(from: string, attachment: string): Promise<void>
}

export function mailboxAt(node: Node, address: string, own: Own): Mailbox {
  return address === node.addresses.origin ? ownMailbox(node, own) : remoteMailbox(node, address, own)
}

/** Kept by this process: the same acts, without a request. */
function ownMailbox(node: Node, { identity: { name } }: Own): Mailbox {
  const step = <T>(act: (tx: Tx) => Promise<T>) => node.database.transaction(nodeTenant, act)
  const at = { blobs: node.blobs, step }
  const now = () => momentOf(node.source).now
  return {
    async register(card) {
      const answer = await step((tx) => registerCard(tx, card, now()))
      if (answer instanceof Refusal) throw new MailboxError(answer.problem.kind.title)
      return answer.state
    },
    cards: () => step(admittedCards),
    releases: () => step(offeredReleases),
    exchange: (body) => step((tx) => exchangeFor(tx, name, body, now())),
    leavePart: ({ attachment, part }, to, expires_at, bytes) => keepPart({ ...at, now: now() }, { from_node: name, attachment, part, to, expires_at }, bytes),
    async takePart(from, { attachment, part }) {
      const found = await partOf(at, name, { from_node: from, attachment, part })
      if (found === undefined) return undefined
      const chunks: Uint8Array[] = []
      for await (const chunk of found.chunks) chunks.push(chunk)
      return Buffer.concat(chunks)
    },
    async drop(from, attachment) {
      await dropParts(at, name, from, attachment)
    },
  }
}

const problemSchema = z.object({ title: z.string().max(200), type: z.string().max(200) })
const registered = z.object({ state: z.enum(['proposed', 'admitted', 'excluded']) })

function remoteMailbox(node: Node, address: string, { identity: { name }, keys }: Own): Mailbox {
  async function ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body: Uint8Array | undefined, bytesMax: number, type: string) {
    const url = `${address}${path}`
    const signed = signRequest({ method, url, digest: digestOf(body ?? new Uint8Array()) }, name, keys[0].signing.key, node.source.nowMs())
    try {
      return await node.egress.send(url, {
        method,
        headers: { ...signed, accept: 'application/json', ...(body === undefined ? {} : { 'content-type': type }) },
        ...(body === undefined ? {} : { body }),
        timeoutMs,
        bytesMax,
      })
    } catch (error) {
      if (error instanceof EgressError) throw new MailboxError(error.message)
      throw error
    }
  }
  const json = (value: unknown) => Buffer.from(JSON.stringify(value))

  return {
    async register(card) {
      const answer = await ask('POST', registerPath, json({ card }), smallAnswer, 'application/json')
      return read(answer, registered).state
    },
    async cards() {
      const answer = await ask('GET', cardsPath, undefined, mailboxLimits.nodes * 8_192, '')
      return read(answer, z.object({ cards: z.array(cardTextSchema).max(mailboxLimits.nodes) })).cards
    },
    async releases() {
      const answer = await ask('GET', releasesPath, undefined, manifestLimits.releases * (manifestLimits.characters + 100), '')
      return read(answer, z.object({ manifests: z.array(manifestText).max(manifestLimits.releases) })).manifests
    },
    async exchange(body) {
      // Bytes and not JSON to the other side: what it checks the digest of is what came.
      const answer = await ask('POST', exchangePath, json(body), mailboxLimits.exchangeBytes, 'application/octet-stream')
      return read(answer, exchangeAnswer)
    },
    async leavePart({ attachment, part }, to, expiresAt, bytes) {
      const query = new URLSearchParams({ to, expires_at: expiresAt })
      read(await ask('PUT', `${leavePath(attachment, part)}?${query}`, bytes, smallAnswer, 'application/octet-stream'), z.object({}))
    },
    async takePart(from, { attachment, part }) {
      const answer = await ask('GET', `${takePath(from, attachment)}/${part}`, undefined, mailboxLimits.partBytes, '')
      if (answer.status === 404) return undefined
      if (answer.status !== 200) throw faultOf(answer)
      return answer.bytes
    },
    async drop(from, attachment) {
      read(await ask('DELETE', takePath(from, attachment), undefined, smallAnswer, ''), z.object({}))
    },
  }
}

function read<T>(answer: EgressAnswer, schema: z.ZodType<T>): T {
  if (answer.status >= 300) throw faultOf(answer)
  const parsed = schema.safeParse(jsonOf(answer.body))
  if (!parsed.success) throw new MailboxError('it answers, but not as a mailbox does')
  return parsed.data
}

function faultOf({ status, body }: EgressAnswer): MailboxError {
  const problem = problemSchema.safeParse(jsonOf(body))
  return new MailboxError(problem.success ? problem.data.title : `it answered with the status ${status}`)
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

export function problemOfMailbox(error: unknown, kind: ConstructorParameters<typeof Problem>[0]): Problem {
  if (error instanceof MailboxError) return new Problem(kind, error.message)
  throw error
}
