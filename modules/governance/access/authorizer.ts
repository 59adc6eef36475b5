/**
 * The port behind which relationships are kept and asked. Two drivers pass the same suite (`testing/authorizer-suite.ts`): the
 * engine that ships with the product, on PostgreSQL, and a SpiceDB server.
 *
 * What a driver must give: a write is durable and visible to every later check that names its revision (`atLeast`), in any
 * process; a check that names none may be as old as `stalenessMaxMs`. A check never throws for a person without rights: it answers
 * `no`, or `unknown` where a condition lacks its context, and neither is a grant.
 */
import type { Id } from '@gatehouse/core/id'
import type { Context } from '@gatehouse/policy/relations/caveat'
import type { Answer } from '@gatehouse/policy/relations/proof'
import type { ObjectRef, Relationship, SubjectRef } from '@gatehouse/policy/relations/relationship'
import { type Action, actions } from '@gatehouse/runtime/door/operation'

/** How old an answer may be that was not asked for "at least" a revision. A change takes effect on every process within this time. */
export const stalenessMaxMs = 500

/** Where a change of relationships stands among the others; opaque to whoever keeps it. */
export type Revision = string

export interface Question {
  readonly object: ObjectRef
  readonly permission: string
  readonly subject: SubjectRef
  readonly context?: Context
  readonly atLeast?: Revision
}

export interface Change {
  readonly touch?: readonly Relationship[]
  readonly delete?: readonly Pick<Relationship, 'object' | 'relation' | 'subject'>[]
}

export interface Authorizer {
  check(tenant: Id<'tenant'>, question: Question): Promise<Answer>
  write(tenant: Id<'tenant'>, change: Change): Promise<Revision>
  /** Who of a type has the permission, in no order. */
  subjects(tenant: Id<'tenant'>, object: ObjectRef, permission: string, type: string, atLeast?: Revision): Promise<string[]>
  close(): Promise<void>
}

export const isAction = (word: string): word is Action => (actions as readonly string[]).includes(word)
