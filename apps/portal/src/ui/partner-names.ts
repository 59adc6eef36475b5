import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, ask, type Row } from '../api.ts'
import { useCan, useSession } from '../session.ts'
import { shortened } from './short-id.tsx'

export type Partner = Row<'/v1/partners'>

const partnersQuery = queryOptions({
  queryKey: ['partners', 'by name'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/partners', { params: { query: { limit: 500 } }, signal }))).data,
})

/** The institution's partners, to choose from and to be called by name; none for whoever belongs to one, or may not see them. */
export function usePartners(): readonly Partner[] {
  const can = useCan()
  const { partner } = useSession()
  return useQuery({ ...partnersQuery, enabled: partner === null && can('read', 'partner') }).data ?? []
}

/** The reference of a partner by its id; the id where the reader may not see partners. */
export function usePartnerName(): (id: string) => string {
  const partners = usePartners()
  return useMemo(() => {
    const names = new Map(partners.map(({ id, reference }) => [id, reference]))
    return (id) => names.get(id) ?? shortened(id)
  }, [partners])
}
