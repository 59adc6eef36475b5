import { QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import { NodeAway, readSession, type Session } from './api.ts'

export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: (count, error) => error instanceof NodeAway && count < 2, staleTime: 30_000 } },
})

export const sessionQuery = queryOptions({ queryKey: ['session'], queryFn: readSession })

/** The session of whoever is inside. Only pages behind the entrance use it, and the router lets nobody there without one. */
export function useSession(): Session {
  return useQuery(sessionQuery).data ?? { roles: [], user: null }
}
