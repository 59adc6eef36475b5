/** What a running node offers to operations, jobs and loops. One per process; tests build their own. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Source } from '../base/context.ts'
import type { Log } from '../base/log.ts'
import type { Plugin } from '../base/plugins.ts'
import type { Metrics } from '../base/telemetry.ts'
import type { Backups } from '../data/backup/backups.ts'
import type { BlobStore } from '../data/blobs/blob-store.ts'
import type { Database, Tx } from '../data/db.ts'
import type { Egress } from '../data/egress.ts'
import type { HeadStore } from '../data/heads/head-store.ts'
import type { Keys } from '../data/keys/keys.ts'
import type { WrappedKeys } from '../data/keys/wrapped-keys.ts'
import type { Mail } from '../data/mail/mail.ts'
import type { Scanner } from '../data/scan/scanner.ts'
import type { SecretStore } from '../data/secrets/secret-store.ts'
import type { Sms } from '../data/sms/sms.ts'
import type { Queue } from '../work/queue.ts'

export interface NodeServices {
  /** Which release this is, since when this process runs, and whose signature on a later one counts: Ed25519 public keys in base64url. */
  readonly about: { readonly version: string; readonly startedMs: number; readonly releaseKeys: readonly string[] }
  readonly database: Database
  readonly keys: Keys
  /** Whether everybody may read the node's own log, the one over the heads of all institutions. */
  readonly publishesNodeLog: boolean
  /** Whether connectors of a dataspace may talk to it. */
  readonly speaksDataspace: boolean
  /** Where the optional o1js was installed, if not beside the node. */
  readonly o1jsFolder: string | undefined
  /** Modules that bring kinds of sources, as the operator named them. */
  readonly sourcePlugins: readonly Plugin[]
  /** Small values that move by compare-and-swap, out of the database's reach. */
  readonly heads: HeadStore
  readonly source: Source
  readonly log: Log
  readonly metrics: Metrics
  readonly egress: Egress
  readonly mail: Mail
  /** Text messages to telephones; absent where the node has no gateway. */
  readonly sms: Sms | undefined
  /** Secrets of other systems; read inside the node only, by the component that uses them. */
  readonly secrets: SecretStore
  /** Every table that keeps something under a tenant's key, of the runtime and of all modules. */
  readonly wrappedKeys: readonly WrappedKeys[]
  readonly queue: Queue
  /** Large objects; what lies there is sealed by whoever puts it. */
  readonly blobs: BlobStore
  /** Looks through files that come in; absent where the node has none. */
  readonly scanner: Scanner | undefined
  /** Made by the node itself; `external` where the database server is the operator's own, `off` where no folder is named. */
  readonly backups: Backups | 'external' | 'off'
  /** What partners and people reach the node by. */
  readonly addresses: Addresses
  /** What the node's modules forget when a person or an institution is erased, in the order of the modules. */
  readonly erasers: readonly Eraser[]
}

/** How much was removed or blanked, by table (`schema.table`) or kind of thing (`documents.files`). It stands in a certificate. */
export type ErasedCounts = Readonly<Record<string, number>>

export interface ErasedPerson {
  readonly tenant: Id<'tenant'>
  readonly subject: Id<'subject'>
  readonly now: Instant
}

/**
 * What one module forgets. Every step may be repeated after a crash and after a restored backup, so each is idempotent: done
 * again, it finds nothing and counts nothing. Rows of an erased institution need no eraser, since every table begins with the
 * tenant; what lies outside the database does.
 */
export interface Eraser {
  /** The module, or `<module>.<part>` where it has several. */
  readonly name: string
  /** Tables about persons (those with a `subject_id`, or with a column named in `personal`) that `eraseSubject` empties or blanks. */
  readonly tables: readonly string[]
  /** Tables about persons whose rows stay, each with the reason why what stays tells nothing. */
  readonly keeps?: Readonly<Record<string, string>>
  /** Inside the transaction of the tenant in which every module forgets the person's rows: all of them, or none. */
  eraseSubject(tx: Tx, node: Node, person: ErasedPerson): Promise<ErasedCounts>
  /** What lies outside the database, once the rows are gone. It finds its things by the subject and not by rows. */
  purgeSubject?(node: Node, person: ErasedPerson): Promise<ErasedCounts>
  /** What lies outside the database of a whole institution, before its keys and rows go. After a restore its keys are dead already. */
  purgeTenant?(node: Node, tenant: Id<'tenant'>): Promise<ErasedCounts>
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
