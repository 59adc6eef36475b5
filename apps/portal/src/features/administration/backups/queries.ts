import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask } from '../../../api.ts'

export type Backups = Answer<'/v1/backups'>
export type Backup = Backups['data'][number]

export const backupsKey = ['backups'] as const

/** They are of the node, whose log is not this institution's: nothing tells when one is made, so it is looked for now and then. */
export const backupsQuery = queryOptions({
  queryKey: backupsKey,
  queryFn: ({ signal }) => ask(() => api.GET('/v1/backups', { signal })),
  refetchInterval: 60_000,
})
