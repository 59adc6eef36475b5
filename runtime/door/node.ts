/** What a running node offers to operations, jobs and loops. One per process; tests build their own. */
import type { Source } from '../base/context.ts'
import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/telemetry.ts'
import type { Database } from '../data/db.ts'
import type { Egress } from '../data/egress.ts'
import type { HeadStore } from '../data/heads/head-store.ts'
import type { Keys } from '../data/keys/keys.ts'
import type { Mail } from '../data/mail/mail.ts'
import type { Queue } from '../work/queue.ts'

export interface NodeServices {
  readonly database: Database
  readonly keys: Keys
  /** Small values that move by compare-and-swap, out of the database's reach. */
  readonly heads: HeadStore
  readonly source: Source
  readonly log: Log
  readonly metrics: Metrics
  readonly egress: Egress
  readonly mail: Mail
  readonly queue: Queue
  /** What partners and people reach the node by. */
  readonly addresses: Addresses
}

export interface Addresses {
  /** The exchange socket. */
  readonly exchangeHost: string
  readonly exchangePort: number
  /** The API's public origin, such as `http://127.0.0.1:5000`. */
  readonly origin: string
}

export interface Node extends NodeServices {
  /**
   * The node's own instance of something that a module keeps in memory (a cache, a client), made on first use. The factory is
   * the key, so two modules cannot meet by accident.
   */
  of<T>(factory: (node: Node) => T): T
}

export function nodeOf(services: NodeServices): Node {
  const instances = new Map<unknown, unknown>()
  const node: Node = {
    ...services,
    of<T>(factory: (node: Node) => T): T {
      if (!instances.has(factory)) instances.set(factory, factory(node))
      return instances.get(factory) as T
    },
  }
  return node
}
