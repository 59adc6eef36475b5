import { queryOptions } from '@tanstack/react-query'
import { api, ask } from '../../../api.ts'

/** Checkpoints follow entries within a second, so the newest that one covers is among these. */
const newest = 20

/** When the newest entry happened that a checkpoint of this size covers: how fresh the checkpoint is. */
export function coveredUntil(size: number) {
  return queryOptions({
    queryKey: ['log', 'covered', size],
    async queryFn({ signal }) {
      const { data } = await ask(() => api.GET('/v1/logs', { params: { query: { limit: newest } }, signal }))
      return data.find(({ index }) => index !== null && index < size)?.body.at ?? null
    },
  })
}

export type LogReport = NonNullable<Awaited<ReturnType<typeof recompute>>>
export type LogFault = NonNullable<LogReport['fault']>

/** @param checkpoint one that was kept: the log must still begin with it */
export function recompute(checkpoint: string | undefined) {
  return ask(() => api.POST('/v1/ledger/verify', { body: checkpoint === undefined ? {} : { checkpoint } }))
}
