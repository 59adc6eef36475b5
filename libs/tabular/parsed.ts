import type { FieldProblem } from '@gatehouse/core/problem'

/** What reading a document from outside gives: the value, or all that is wrong with it. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: readonly FieldProblem[] }

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One step of a JSON pointer; "~" and "/" are escaped by RFC 6901 section 3. */
export function pointerStep(member: string): string {
  return `/${member.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** A misspelt member must not be a silent loss, so members nobody knows are refused. */
export function unknownMembers(object: Record<string, unknown>, known: ReadonlySet<string>, at: string): FieldProblem[] {
  return Object.keys(object)
    .filter((member) => !known.has(member))
    .map((member) => ({ pointer: at + pointerStep(member), detail: `unknown member; use ${[...known].join(', ')}` }))
}
