/** The heart of a mailbox: a node leaves messages, says which it has taken, and gets what waits for it, all in one request. */
import { addSeconds, type Instant } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation } from '@gatehouse/runtime/door/operation'
import { fieldProblems } from '@gatehouse/runtime/door/problem-of'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { type ExchangeAnswer, type ExchangeBody, exchangeAnswer, exchangeBody, exchangePath, type LeftMessage, mailboxLimits } from '../protocol/exchange.ts'
import { deleteTaken, insertMessages, type Load, loadOf, notePoll, waitingFor } from '../store.ts'
import { bytesOf } from './bytes.ts'
import { provenNode } from './proven.ts'

/** What is left of an answer beside names, ids and times. */
const answerCharacters = mailboxLimits.exchangeBytes - mailboxLimits.messagesPerExchange * 300

export const exchange = operation({
  name: 'coordinator.exchange',
  summary: 'Leave sealed messages, and take those that wait',
  description:
    'For nodes. The body is a JSON object: `leave` holds messages, `taken` the ids of messages that need not be kept any longer, `health` a few numbers. The request is signed (RFC 9421) by the key of the node.',
  kind: 'steps',
  streams: true,
  input: z.strictObject({ body: z.custom<AsyncIterable<Uint8Array>>(), media_type: z.string().optional() }),
  output: exchangeAnswer,
  access: { public: 'a node proves by its signature who it is, and gets what was left for it and nothing else' },
  audit: { none: 'what passes is sealed and stands in the ledgers of the nodes on both sides; hundreds of exchanges a second would bury everything else' },
  http: { method: 'POST', path: exchangePath },
  problems: [problems.not_a_node, problems.clock_skew, problems.body_changed],
  async run(ctx, { body }) {
    const bytes = await bytesOf(body, mailboxLimits.exchangeBytes)
    const name = await provenNode(ctx, bytes)
    const asked = exchangeBody.safeParse(jsonOf(bytes))
    if (!asked.success) throw new Problem(doorProblems.input_invalid, undefined, { errors: fieldProblems(asked.error) })
    return ctx.step((tx) => exchangeFor(tx, name, asked.data, ctx.now))
  },
})

/** The same for a node of this very process, which needs no request. */
export async function exchangeFor(tx: Tx, name: string, { leave, taken, health }: ExchangeBody, now: Instant): Promise<ExchangeAnswer> {
  if (taken.length > 0) await deleteTaken(tx, name, taken)
  const left = leave.length === 0 ? [] : await keep(tx, name, leave, now)
  await notePoll(tx, name, health, now)
  const waiting = await waitingFor(tx, name, now, mailboxLimits.messagesPerExchange, answerCharacters)
  return { now, left, waiting }
}

async function keep(tx: Tx, from: string, leave: readonly LeftMessage[], now: Instant): Promise<ExchangeAnswer['left']> {
  const loads = new Map((await loadOf(tx, [...new Set(leave.map(({ to }) => to))])).map((load) => [load.name, { ...load }]))
  const until = addSeconds(now, mailboxLimits.lifeDays * 86_400)
  const judged = leave.map((message) => ({ message, answer: answerTo(message, loads.get(message.to), now, until) }))
  const kept = judged.flatMap(({ message, answer }) => (answer === 'kept' ? [message] : []))
  const added = kept.length === 0 ? new Set() : await insertMessages(tx, from, kept, now)
  return judged.map(({ message: { id, to }, answer }) => ({ id, answer: answer === 'kept' && !added.has(`${to} ${id}`) ? 'waits' : answer }))
}

type Counted = { -readonly [K in keyof Load]: Load[K] }

/** Counts what it lets in, so that the messages of one request do not fill a mailbox beyond its bound together. */
function answerTo({ sealed, expires_at }: LeftMessage, load: Counted | undefined, now: Instant, until: Instant): ExchangeAnswer['left'][number]['answer'] {
  if (load?.state !== 'admitted') return 'no_such_node'
  if (expires_at <= now || expires_at > until) return 'too_late'
  if (load.messages >= mailboxLimits.messagesPerNode || load.bytes + sealed.length > mailboxLimits.bytesPerNode) return 'full'
  load.messages += 1
  load.bytes += sealed.length
  return 'kept'
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  } catch {
    return undefined
  }
}
