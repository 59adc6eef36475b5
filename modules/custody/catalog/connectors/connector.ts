/**
 * A kind of place that records can be read from. A connector only ever reads: it opens its connection read-only where the other side
 * knows that, and names one statement or request at a time, made of names that were discovered and values that are passed apart.
 *
 * Obligations of a driver, which the contract suite (`testing/connector-contract.ts`) holds it to:
 * - what it throws is a `ConnectorError` that names the source's host or table and never a credential, a path of a URL or a value;
 * - `read` gives chunks of at most `rowsPerChunk` rows, waits while nobody takes them, and stops within a second once `signal` aborts;
 * - it ends without an error only where every row has come, whatever else is read on the same connection meanwhile;
 * - it gives the columns that were asked for, in that order and of the fields' types, whatever order or types the source has now; what
 *   no longer fits is a `ConnectorError` with the code `drifted` that names the column;
 * - `where` is pushed down as far as the source understands it. What it does not is filtered here, so the rows that come are right in any case;
 * - where the request names `resumeAfter`, reading goes on behind that key, in the order of the key.
 */

import type { Id } from '@gatehouse/core/id'
import type { Said, Sentence } from '@gatehouse/core/sentence'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Dataset } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import type { Predicate } from '@gatehouse/tabular/predicate'
import type { z } from 'zod'

export const rowsPerChunk = 65_536

export type ConnectorFault = 'unreachable' | 'slow' | 'refused' | 'drifted' | 'bad_value' | 'too_large' | 'not_installed' | 'unsupported'

/** Says what is wrong with a source, where, and how to mend it. `refused`: it does not take the credentials, or they lack a right. */
export class ConnectorError extends Error {
  // A plug-in throws that of the package, and a built node looks for that of its bundle: they are one by name.
  static override [Symbol.hasInstance](error: unknown): boolean {
    return error instanceof Error && error.name === 'ConnectorError'
  }

  override readonly name = 'ConnectorError'
  readonly code: ConnectorFault
  /** The message for other languages, where they have it; a plug-in's own words are in its own language alone. */
  readonly said: Said | undefined

  constructor(code: ConnectorFault, says: string | Sentence, cause?: unknown) {
    super(typeof says === 'string' ? says : says.detail, { cause })
    this.code = code
    this.said = typeof says === 'string' ? undefined : says.said
  }
}

/** A column as the source has it. */
export interface DiscoveredColumn {
  /** As the source writes it. */
  readonly column: string
  /** The source's own word for its type: `numeric(10,2)`, `keyword`. */
  readonly physical: string
  readonly field: Field
  /** The source itself says what it means and how much it tells; nothing is proposed in its place. */
  readonly declared?: boolean
}

export interface DiscoveredTable {
  /** As the source writes it, such as `public.patients`; given back to `read`. */
  readonly name: string
  readonly columns: readonly DiscoveredColumn[]
  /** Columns that together name one row, in order, as the source writes them; empty where nothing does. */
  readonly key: readonly string[]
  readonly references: readonly { readonly columns: readonly string[]; readonly table: string; readonly to: readonly string[] }[]
  /** What the source says or estimates without counting. */
  readonly rows: number | undefined
  /** Words of the source's own for it. */
  readonly title?: string
  readonly description?: string
  /** Fewer people than these are never told of; a table's own floor is never below it. */
  readonly floor?: number
}

/** Columns are named by the fields that they become (`field.name`); how the source writes them stands in `table.columns`. */
export interface ReadRequest {
  readonly table: Pick<DiscoveredTable, 'name' | 'columns' | 'key'>
  /** What is given, in this order, and nothing else. */
  readonly columns: readonly string[]
  readonly where: Predicate | undefined
  /** Values of the key's columns behind which reading goes on after a crash, as a chunk's `after` told them. */
  readonly resumeAfter?: readonly (string | number)[] | undefined
  /** In the order of the table's key, so that reading can go on; only where it has one. */
  readonly inKeyOrder: boolean
  /** A source that gives more ends the reading with `too_large`. */
  readonly rowsMax: number
  readonly timeMsMax: number
  readonly signal: AbortSignal
  /** Any rows, at most `rowsMax`, in one chunk: a look at what columns hold. */
  readonly sample?: boolean
}

/** A chunk that was read in the order of a key says behind which values reading goes on. It may have no row that was asked for. */
export interface ReadChunk extends Dataset {
  readonly after?: readonly (string | number)[]
}

export interface Connection {
  /** Whether the source answers, and what it is: `PostgreSQL 17.2`. */
  check(): Promise<{ readonly server: string; readonly readOnly: boolean }>
  /** @param tell where each table is asked for by itself: how many were, and of how many */
  discover(tell?: (tables: number, of: number) => void): Promise<readonly DiscoveredTable[]>
  read(request: ReadRequest): AsyncIterable<ReadChunk>
  /** Ends whatever is under way, too. */
  close(): Promise<void>
}

export interface ConnectorContext {
  readonly node: Node
  readonly tenant: Id<'tenant'>
}

export interface OptionalPackage {
  /** `npm install mysql2@3.15.3` */
  readonly line: string
  missing(): Promise<boolean>
}

/** What a plug-in brings, too: one object of this shape. `S` is what may be shown again, and the secret is what may not. */
export interface Connector<S = unknown> {
  /** `postgresql`, `file`. */
  readonly kind: string
  readonly title: string
  /** Where it is and how it is asked; without any secret. */
  readonly settings: z.ZodType<S>
  /** Whether a credential is needed, and in which words: `{ user, password }`. */
  readonly secret: z.ZodType | undefined
  /** Where a table has a key, rows can come in its order, so that reading goes on where it broke off. */
  readonly resumes: boolean
  /** The package that it needs and that is not installed by itself. */
  readonly install?: OptionalPackage
  open(context: ConnectorContext, settings: S, secret: unknown): Promise<Connection>
}
