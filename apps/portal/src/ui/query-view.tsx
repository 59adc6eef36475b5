import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorState, LoadingState } from './states.tsx'

/**
 * What a query found, or the state it is in: loading, refused, not there, failed. What was read before stays while it is read anew,
 * and when that fails.
 */
export function QueryView<T>({
  query,
  loading,
  whole = false,
  children,
}: {
  readonly query: Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch'>
  /** Drawn while nothing has come; without it grey lines. */
  readonly loading?: ReactNode
  /** Whether the query is what the whole page is about. */
  readonly whole?: boolean
  readonly children: (data: T) => ReactNode
}) {
  if (query.data !== undefined) return children(query.data)
  if (query.error !== null) return <ErrorState error={query.error} onRetry={() => void query.refetch()} whole={whole} />
  return loading ?? <LoadingState />
}
