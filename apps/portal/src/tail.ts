import type { Entry } from './api.ts'

/** Whether an entry is of one of the types; `release.*` means every type that begins with `release.`. */
export function isOfType({ body }: { readonly body: { readonly type: string } }, types: readonly string[]): boolean {
  return types.some((type) => (type.endsWith('*') ? body.type.startsWith(type.slice(0, -1)) : body.type === type))
}

/** The newest entries, the newest first. */
export interface Tail<T = Entry> {
  readonly entries: readonly T[]
  /** How many came in all, also those that no longer stand in `entries`. */
  readonly seen: number
}

export const emptyTail: Tail = { entries: [], seen: 0 }

/** @param news oldest first, as a stream brings them @param max so many are kept */
export function withNews<T>(tail: Tail<T>, news: readonly T[], max: number): Tail<T> {
  const newest = news.slice(-max).reverse()
  return { entries: [...newest, ...tail.entries.slice(0, max - newest.length)], seen: tail.seen + news.length }
}
