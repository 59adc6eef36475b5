import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, ask, type Row } from '../../api.ts'
import { useCan, useSession } from '../../session.ts'

export type Partner = Row<'/v1/partners'>

const partnersQuery = queryOptions({
  queryKey: ['partners', 'of insight'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/partners', { params: { query: { limit: 500 } }, signal }))).data,
})

/** The institution's partners, to choose from and to be called by name; none for whoever belongs to one, or may not see them. */
export function usePartners(): readonly Partner[] {
  const can = useCan()
  const { partner } = useSession()
  return useQuery({ ...partnersQuery, enabled: partner === null && can('read', 'partner') }).data ?? []
}
