import { type InfiniteData, infiniteQueryOptions, type QueryKey } from '@tanstack/react-query'

/** A page of a list as every listing operation of the API answers it. */
export interface CursorPage<T> {
  readonly data: readonly T[]
  readonly next: string | null
}

/** Empty for the first page; spread it into the query. */
export type Cursor = { readonly cursor?: string }

/**
 * A list that is read page by page as one scrolls.
 *
 * ```ts
 * cursorPages(['releases', filters], (cursor, signal) =>
 *   ask(() => api.GET('/v1/releases', { params: { query: { ...filters, ...cursor, limit: pageSize } }, signal })))
 * ```
 */
export function cursorPages<T>(queryKey: QueryKey, read: (cursor: Cursor, signal: AbortSignal) => Promise<CursorPage<T>>) {
  return infiniteQueryOptions<CursorPage<T>, Error, InfiniteData<CursorPage<T>, string | null>, QueryKey, string | null>({
    queryKey,
    initialPageParam: null,
    queryFn: ({ pageParam, signal }) => read(pageParam === null ? {} : { cursor: pageParam }, signal),
    getNextPageParam: ({ next }) => next,
  })
}

export type CursorPages<T> = ReturnType<typeof cursorPages<T>>

/** Rows that a list asks for at once. */
export const pageSize = 200
