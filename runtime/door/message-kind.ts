/**
 * What modules say of the messages that nodes send each other for them. `exchange/federation` carries the envelopes; kinds stand here because
 * it knows none of them.
 */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { z } from 'zod'
import type { Refusal, TransactionContext } from './operation.ts'

/** A person of another node, as this institution knows them. */
export interface MessagePerson {
  /** An account here, without a way to sign in, that administrators approved. */
  readonly user: Id<'user'>
  readonly issuer: string
  readonly subject: string
}

export interface ReceivedMessage<Body = unknown> {
  readonly id: Id<'message'>
  /** The peer's name. */
  readonly from: string
  readonly thread: string
  readonly version: number
  readonly person?: MessagePerson
  /** The sender's project, and the one of this institution that was joined to it. */
  readonly project?: { readonly foreign: string; readonly id: Id<'project'> }
  readonly body: Body
  /** Sealed bytes, copied to this node. They go when the message's time is over. */
  readonly attachments: readonly { readonly name: string; readonly blob: string; readonly size: number }[]
}

/** What became of a message that was sent. */
export interface AnsweredMessage {
  readonly id: Id<'message'>
  readonly to: string
  readonly thread: string
  readonly state: 'acknowledged' | 'refused' | 'expired'
  readonly reason?: string
  readonly detail?: string
  readonly at: Instant
}

export interface MessageKind<Body = unknown> {
  /** `<module>.<what>`. */
  readonly kind: string
  /** What this node understands: its own version and the one before. */
  readonly versions: readonly number[]
  readonly body: z.ZodType<Body>
  /** Only handled where a person stands behind it whom this institution approved, in a project that it joined. */
  readonly acting?: true
  /** Once for each message, in the order of its thread, inside the act that remembers it. What takes long is put into the queue. */
  run(ctx: TransactionContext, message: ReceivedMessage<Body>): Promise<Refusal | undefined>
  /** For the sender, inside the act that notes the answer. */
  answered?(ctx: TransactionContext, message: AnsweredMessage): Promise<void>
}

/** A kind of any body, for lists. */
// biome-ignore lint/suspicious/noExplicitAny: a list holds kinds of every body, and variance forbids a narrower one
export type AnyMessageKind = MessageKind<any>

export function messageKind<Body>(kind: MessageKind<Body>): AnyMessageKind {
  return Object.freeze(kind)
}
