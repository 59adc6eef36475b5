/** A module as the node sees it: its operations, its work in the background, and the tables it owns. */
import type { Id } from '@gatehouse/core/id'
import type { ProblemKind } from '@gatehouse/core/problem'
import type { WrappedKeys } from '../data/keys/wrapped-keys.ts'
import type { CloudEvent } from '../work/outbox.ts'
import type { QueueOptions } from '../work/queue.ts'
import type { AnyMessageKind } from './message-kind.ts'
import type { Eraser, Node } from './node.ts'
import type { AnyOperation } from './operation.ts'
import type { ReviewKind } from './review-kind.ts'

/** A job runs an operation through the door, as the system on behalf of a tenant. */
export interface Job {
  readonly queue: string
  readonly operation: AnyOperation
  readonly options: QueueOptions
}

/** Work that never ends, such as sequencing. One process does it at a time where `run` takes a lock. */
export interface Loop {
  readonly name: string
  /** How long to sleep when there was nothing to do. */
  readonly idleMs: number
  /** @returns true when there is more to do at once */
  run(node: Node): Promise<boolean>
}

/** Called with every event of a tenant in log order, at least once. It must be idempotent. */
export interface Subscription {
  readonly consumer: string
  readonly types: readonly string[] | 'all'
  handle(node: Node, tenant: Id<'tenant'>, events: readonly CloudEvent[]): Promise<void>
}

export interface Module {
  readonly name: string
  readonly operations: readonly AnyOperation[]
  readonly problems: Readonly<Record<string, ProblemKind>>
  /** The folder with the numbered SQL files; the module's schema bears the module's name. */
  readonly migrations?: string
  readonly jobs?: readonly Job[]
  readonly loops?: readonly Loop[]
  readonly subscriptions?: readonly Subscription[]
  /** What it forgets when a person is erased. Every table about persons stands in one of them (`test/schema.test.ts`). */
  readonly erasers?: readonly Eraser[]
  /** Tables that keep something under the tenant's key: rotation moves it from version to version. */
  readonly wrappedKeys?: readonly WrappedKeys[]
  /** Things that the review desk judges for it. */
  readonly reviewKinds?: readonly ReviewKind[]
  /** Messages that nodes send each other for it. */
  readonly messageKinds?: readonly AnyMessageKind[]
  /** Names of tables' columns that hold a person's data and that erasure must reach. */
  readonly personal?: readonly string[]
}

export function defineModule(definition: Module): Module {
  for (const operation of definition.operations) {
    if (!operation.name.startsWith(`${definition.name}.`)) throw new TypeError(`operation ${operation.name} does not belong to module ${definition.name}`)
  }
  return Object.freeze(definition)
}
