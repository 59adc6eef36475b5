/**
 * Problems in the form of RFC 9457. Each module lists its problems once in `problems.ts`; doors, OpenAPI and the reference
 * page are made from that list. A refusal that belongs to the story (deny, pending) is an outcome and no problem.
 */

import type { Said } from './sentence.ts'

export interface ProblemKind {
  /** `/problems/<module>/<slug>` */
  readonly type: string
  readonly title: string
  readonly status: number
  /** What the reader can do about it; empty where nobody knows. */
  readonly mend: string
}

/** One fault in the input, with the JSON pointer (RFC 6901) of the place. */
export interface FieldProblem {
  readonly pointer: string
  readonly detail: string
  /** The same for other languages, where they have it. */
  readonly said?: Said
}

/** The document sent as `application/problem+json`. */
export interface ProblemDocument {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  /** What the reader can do about it. */
  readonly mend?: string
  readonly instance?: string
  readonly errors?: readonly FieldProblem[]
  readonly [extension: string]: unknown
}

/** A problem on its way to the door. `detail` is shown to the caller, so it never holds a personal value. */
export class Problem extends Error {
  readonly kind: ProblemKind
  readonly detail: string | undefined
  readonly errors: readonly FieldProblem[] | undefined
  readonly extensions: Readonly<Record<string, unknown>>

  constructor(kind: ProblemKind, detail?: string, more: { errors?: readonly FieldProblem[]; extensions?: Record<string, unknown>; cause?: unknown } = {}) {
    super(`${kind.type}: ${detail ?? kind.title}`, more.cause === undefined ? undefined : { cause: more.cause })
    this.name = 'Problem'
    this.kind = kind
    this.detail = detail
    this.errors = more.errors
    this.extensions = more.extensions ?? {}
  }

  document(instance?: string): ProblemDocument {
    return {
      type: this.kind.type,
      title: this.kind.title,
      status: this.kind.status,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      ...(this.kind.mend === '' ? {} : { mend: this.kind.mend }),
      ...(instance === undefined ? {} : { instance }),
      ...(this.errors === undefined ? {} : { errors: this.errors }),
      ...this.extensions,
    }
  }
}

export type ProblemTable = Readonly<Record<string, { status: number; title: string; mend: string }>>

/** Turns a module's table into named kinds: `problems.token_refused` has the type `/problems/release/token-refused`. */
export function defineProblems<T extends ProblemTable>(module: string, table: T): { readonly [K in keyof T]: ProblemKind } {
  const kinds: Record<string, ProblemKind> = {}
  for (const [name, row] of Object.entries(table)) kinds[name] = { type: `/problems/${module}/${name.replaceAll('_', '-')}`, ...row }
  return kinds as { readonly [K in keyof T]: ProblemKind }
}
