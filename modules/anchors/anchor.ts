/**
 * What keeps a checkpoint outside the institution's reach. A driver says what became of it; the job keeps the state.
 *
 * Obligations of a driver: `send` may be called again for the same checkpoint, after a crash too, and then finds what it did before
 * or does it again without harm; it takes no larger checkpoint back. `look` says `confirmed` only for what an outsider can check with
 * the receipt and nothing else. An outside that does not answer, or answers nonsense, is `failed` and never an exception: nothing is
 * given up and nothing is believed. `testing/anchor-contract.ts` holds every driver to this.
 */
import type { Instant } from '@gatehouse/core/instant'

export interface AnchoredCheckpoint {
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
  /** The signed note. */
  readonly checkpoint: string
}

/** Plain data; what the driver needs to find its act again. */
export type Reference = Readonly<Record<string, string | number>>
export type Receipt = Readonly<Record<string, unknown>>

/** What keeps an anchor from its place, for programs; the reason beside it is for people. */
export const anchorFaults = [
  'unreachable',
  'unreadable',
  'refused',
  'unusable',
  'wrong_chain',
  'no_contract',
  'other_writer',
  'forked',
  'insufficient_funds',
  'underpriced',
  'not_taken',
  'number_taken',
  'reverted',
  'reorganised',
  'untrusted',
  'wrong_clock',
] as const
export type AnchorFault = (typeof anchorFaults)[number]

/** @property reference where it is there, the next attempt begins with it */
export interface Failed {
  readonly outcome: 'failed'
  readonly fault: AnchorFault
  readonly reason: string
  readonly reference?: Reference
}

export type Sending =
  | { readonly outcome: 'sent'; readonly reference: Reference }
  /** Outside there is a larger one already: this one is needless. */
  | { readonly outcome: 'superseded' }
  | Failed

export type Looking =
  | { readonly outcome: 'waiting'; readonly depth: number }
  | { readonly outcome: 'confirmed'; readonly depth: number; readonly final: boolean; readonly receipt: Receipt }
  /** It is not there and will not come by itself. */
  | { readonly outcome: 'lost'; readonly fault: AnchorFault; readonly reason: string }
  | Failed

export interface Anchor {
  readonly kind: 'evm' | 'time_stamp'
  /** @param before the reference of an earlier attempt, where there was one */
  send(checkpoint: AnchoredCheckpoint, before: Reference | null): Promise<Sending>
  look(checkpoint: AnchoredCheckpoint, reference: Reference, sentAt: Instant): Promise<Looking>
}
