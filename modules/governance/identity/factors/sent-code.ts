/** Codes that leave by mail or SMS: one at a time for a session, as a keyed digest, and never many. */
import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { utf8 } from '@gatehouse/crypto/bytes'
import { commitment } from '@gatehouse/crypto/hmac'
import type { Node } from '@gatehouse/runtime/door/node'
import { type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { afterFailure, isLocked, lettersRule } from '../attempts.ts'
import { problems } from '../problems.ts'
import { limits } from '../schema.ts'
import { keepAttempts, lockAttempts } from '../store.ts'
import { codeDigest } from './codes.ts'
import { factorKey } from './keys.ts'
import { messagesTo, spendSentCode } from './store.ts'

/** A code by SMS is one of its telephone too: it proves nothing once that is another one. */
export async function sentCodeDigest(node: Node, tenant: Id<'tenant'>, session: string, phone: string | undefined, code: string): Promise<Uint8Array> {
  return codeDigest(node.keys.primitives, await factorKey(node, tenant), phone === undefined ? session : `${session} ${phone}`, code)
}

/** @returns whether this code went to this telephone, or by mail where there is none, for the session that asks; it serves once */
export async function spendsCode({ tx, tenant, principal, node, now }: TransactionContext, phone: string | undefined, code: string): Promise<boolean> {
  const session = principal.session ?? ''
  return spendSentCode(tx, tenant, session, await sentCodeDigest(node, tenant, session, phone, code), now)
}

/** Letters and messages are counted like failures: nobody is to be flooded, more codes are more guesses, and messages are paid for. */
export async function stopsSending(ctx: TransactionContext, by: 'mail' | 'sms'): Promise<Refusal | undefined> {
  const { tx, tenant, principal, node, now, nowMs } = ctx
  const digest = commitment(node.keys.primitives, await factorKey(node, tenant), 'gatehouse/identity/letters/v1', utf8(principal.id))
  const sent = await lockAttempts(tx, tenant, digest, now)
  if (isLocked(sent, nowMs)) return refuse(problems.too_many_codes, `wait ${Math.ceil((sent.lockedUntilMs - nowMs) / 1000)} seconds`)
  if (by === 'sms' && (await messagesTo(tx, tenant, principal.id, now)) >= limits.messagesPerHour)
    return refuse(problems.too_many_codes, `${limits.messagesPerHour} messages have gone to this account in the last hour`)
  const next = afterFailure(sent, nowMs, lettersRule)
  await keepAttempts(tx, tenant, digest, next.failures, now, instantOf(next.lockedUntilMs))
  return undefined
}
