/**
 * A message enters through the door, once: what its kind does, that it was handled, and the answer commit together. A refusal is an outcome and
 * commits, too; an exception rolls everything back, and the queue tries again.
 */
import type { Id } from '@gatehouse/core/id'
import { addSeconds } from '@gatehouse/core/instant'
import type { ProblemKind } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import type { AnyMessageKind, ReceivedMessage } from '@gatehouse/runtime/door/message-kind'
import { operation, Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { requireIdentity } from '../identity/own.ts'
import { signersOf } from '../peers/peer.ts'
import { type PeerRow, peerById } from '../peers/store.ts'
import { problems } from '../problems.ts'
import { joinOf, personOf } from '../projects/store.ts'
import { providerOf } from '../provider/store.ts'
import { issuerOf, personOfProvider } from '../provider/token.ts'
import { receivedLife } from '../states.ts'
import { kindNamed } from './kinds.ts'
import { type Message, messageLimits } from './message.ts'
import { personBehind } from './person-token.ts'
import { receipt } from './receipt.ts'
import { openMessage } from './seal.ts'
import { receiptKind } from './send.ts'
import { endReceived, lockReceived, lockThread, type ReceivedRow, readyAt, setHandled } from './store.ts'

export const handleQueue = 'federation-handle'

const outcomes = ['handled', 'refused', 'waits', 'none'] as const
type Outcome = (typeof outcomes)[number]

export const handle = operation({
  name: 'federation.handle',
  summary: 'Handle a message of another node',
  input: z.strictObject({ peer: idSchema('peer'), message: idSchema('message') }),
  output: z.strictObject({ outcome: z.enum(outcomes) }),
  access: { action: 'use', on: () => ({ type: 'mesh' }) },
  audit: ({ message }, { outcome }) => ({ object: { kind: 'message', id: message }, details: { outcome } }),
  async run(ctx, { peer: peerId, message: id }): Promise<{ outcome: Outcome }> {
    const { tx, now } = ctx
    const row = await lockReceived(tx, peerId, id)
    const peer = await peerById(tx, peerId)
    if (row === undefined || peer === undefined || !receivedLife.can(row.state, 'handle')) return { outcome: 'none' }
    const before = row.sequence === 0 ? -1 : await lockThread(tx, peerId, row.thread, now)
    if (before >= 0 && row.sequence !== before + 1) return { outcome: row.sequence <= before ? 'none' : 'waits' }
    ctx.describe({ details: { from: peer.name, kind: row.kind, outcome: 'handled' } })
    const refusal = await outcomeOf(ctx, peer, row)
    const end = {
      state: refusal === undefined ? ('handled' as const) : ('refused' as const),
      reason: refusal === undefined ? null : wordOf(refusal.problem.kind),
      detail: refusal?.problem.message.slice(0, messageLimits.detailCharacters) ?? null,
    }
    await endReceived(tx, row, end, now)
    if (row.kind !== receiptKind) await receipt(tx, ctx.node, ctx.tenant, peer, { ...row, ...end })
    if (before >= 0) {
      await setHandled(tx, peerId, row.thread, row.sequence)
      const next = await readyAt(tx, peerId, row.thread, row.sequence + 1)
      if (next !== undefined) await ctx.enqueue(handleQueue, { peer: peerId, message: next })
    }
    if (refusal === undefined) return { outcome: 'handled' }
    ctx.describe({ decision: 'deny', details: { from: peer.name, kind: row.kind, outcome: 'refused', reason: end.reason ?? '' } })
    return { outcome: 'refused' }
  },
})

/** The last word of a problem's type. */
const wordOf = ({ type }: ProblemKind): string => type.slice(type.lastIndexOf('/') + 1).slice(0, messageLimits.reasonCharacters)

async function outcomeOf(ctx: TransactionContext, peer: PeerRow, row: ReceivedRow): Promise<Refusal | undefined> {
  const { tx, node, tenant, now } = ctx
  if (row.expires_at <= now) return refuse(problems.expired)
  if (peer.state !== 'approved' && row.kind !== receiptKind) return refuse(problems.peer_refused)
  const own = await requireIdentity(tx, node, tenant)
  const signers = await signersOf(peer, now)
  const opened = await openMessage({ id: row.id, from: peer.name, sealed: row.sealed ?? '' }, { name: own.identity.name, keys: own.keys }, signers)
  // The peer's keys may have been changed since the message came.
  if ('fault' in opened) return refuse(problems.peer_refused, 'the key that signed it does not count any more')
  const { message } = opened
  if (message.sent_at > addSeconds(now, messageLimits.skewSeconds)) return refuse(problems.clock_skew)
  const kind = kindNamed(node, message.kind)
  if (kind === undefined) return refuse(problems.kind_unknown)
  if (!kind.versions.includes(message.version)) return refuse(problems.version_unknown, `it knows ${kind.versions.join(' and ')}`)
  const body = kind.body.safeParse(message.body)
  if (!body.success) return refuse(problems.body_invalid)
  const behind = await actingIn(ctx, kind, message, signers)
  if (behind instanceof Refusal) return behind
  if (behind.person !== undefined) ctx.describe({ details: { from: peer.name, kind: row.kind, outcome: 'handled', behalf: behind.person.user } })
  return kind.run(ctx, {
    id: message.id,
    from: peer.name,
    thread: message.thread,
    version: message.version,
    ...behind,
    body: body.data,
    attachments: row.attachments.map(({ name, blob, size }) => ({ name, blob, size })),
  })
}

type Behind = Pick<ReceivedMessage, 'person' | 'project'>

/** The person behind a message, as this institution approved them, in the project that it joined: asked at the step that acts. */
async function actingIn(
  ctx: TransactionContext,
  kind: AnyMessageKind,
  message: Message,
  signers: Parameters<typeof personBehind>[2],
): Promise<Behind | Refusal> {
  if (message.on_behalf_of === undefined) return kind.acting ? refuse(problems.person_required) : {}
  const provider = await providerOf(ctx.tx)
  const said =
    provider !== undefined && issuerOf(message.on_behalf_of) === provider.issuer
      ? await personOfProvider(message.on_behalf_of, message, provider)
      : await personBehind(message.on_behalf_of, message, signers)
  if (said === undefined) return refuse(problems.person_token_invalid)
  const joined = await joinOf(ctx.tx, message.from, said.project)
  if (joined?.state !== 'joined' || joined.project_id === null) return refuse(problems.project_not_joined)
  const person = await personOf(ctx.tx, { peer: message.from, issuer: said.issuer, subject: said.subject, project: said.project })
  if (person?.state !== 'approved' || person.user_id === null) return refuse(problems.person_not_approved)
  return {
    person: { user: person.user_id as Id<'user'>, issuer: said.issuer, subject: said.subject },
    project: { foreign: said.project, id: joined.project_id },
  }
}
