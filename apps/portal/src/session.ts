/** Who is inside, what they may, and the cache of everything they have read. */
import { QueryCache, QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { NodeAway, readSession, type Session, statusOf } from './api.ts'
import { isOpenTo } from './rights.ts'

type Ended = () => void
const endings = new Set<Ended>()

/** Calls `listener` when the node no longer knows the session: it was ended elsewhere, or has run out. */
export function whenSessionEnds(listener: Ended): () => void {
  endings.add(listener)
  return () => endings.delete(listener)
}

export function sessionEnded(): void {
  for (const listener of endings) listener()
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (statusOf(error) === 401) sessionEnded()
    },
  }),
  defaultOptions: { queries: { retry: (count, error) => error instanceof NodeAway && count < 2, staleTime: 30_000 } },
})

export const sessionQuery = queryOptions({ queryKey: ['session'], queryFn: readSession })

const nobody: Session = { kind: 'staff', partner: null, roles: [], rights: [], user: null, awaits: null, factors: [], mailed_code: false, texted_code: null }

/** The session of whoever is inside. Only pages behind the entrance use it, and the router lets nobody there without one. */
export function useSession(): Session {
  return useQuery(sessionQuery).data ?? nobody
}

/** `const can = useCan()` … `can('publish', 'policy')`: whether whoever is inside has the right, if only on their own things. */
export function useCan(): (action: string, on: string) => boolean {
  const session = useSession()
  return useCallback((action, on) => isOpenTo(session, { action, on }), [session])
}
