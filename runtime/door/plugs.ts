import type { Id } from '@gatehouse/core/id'
import type { Principal } from '../base/context.ts'
import type { Tx } from '../data/db.ts'
import type { AuditEntry } from './audit.ts'
import type { Node } from './node.ts'
import type { Action, Knock, Permit, Refusal, Resource, Right, TransactionContext } from './operation.ts'

/** What still waits for others. */
export interface Approval {
  readonly id: Id<'approval'>
  readonly have: number
  readonly need: number
}

/** An act that several people must ask for, as one of them asks. */
export interface AskedOfSeveral {
  readonly operation: string
  /** SHA-256 of the canonical request, in hex. */
  readonly requestDigest: string
  readonly need: number
  /** Whoever has it may be the next who asks. */
  readonly right: Right | undefined
}

/** The questions the door asks, answered by `identity`, `tenancy`, `access`, `approvals` and `ledger`; `apps/server` plugs them in. */
export interface DoorPlugs {
  /** `undefined` when nothing was presented; `failed` when something was and it does not hold. */
  authenticate(node: Node, knock: Knock): Promise<Principal | 'failed' | undefined>
  /** For what stays open after it was let in: which of these principals of the tenant would still be let in, in their order. */
  stillHold(node: Node, tenant: Id<'tenant'>, principals: readonly Principal[]): Promise<readonly boolean[]>
  /** Whether the institution can be reached from where the principal stands; with the transaction that the act is in already. */
  within(node: Node, principal: Principal, tx?: Tx): Promise<boolean>
  /**
   * Answered at once where nothing has to be looked up.
   * @param atLeast a revision of the institution's rights: the answer is not from before it
   */
  allowed(principal: Principal, action: Action, resource: Resource, node: Node, atLeast?: number): Permit | Promise<Permit>
  /** The revision of the institution's rights, as this transaction sees it. */
  revision(tx: Tx, tenant: Id<'tenant'>): Promise<number>
  /** Nothing where enough people have asked; a refusal where the institution wants it decided in another way. */
  approve(ctx: TransactionContext, asked: AskedOfSeveral): Promise<Approval | Refusal | undefined>
  append(tx: Tx, entry: AuditEntry, node: Node): Promise<void>
  /** Somebody knocked and nobody is known: counted by source and minute rather than written one by one. */
  countUnknown(node: Node, knock: Knock): void
}
