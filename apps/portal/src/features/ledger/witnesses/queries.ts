import { queryOptions } from '@tanstack/react-query'
import { api, ask, type Row } from '../../../api.ts'
import { queryClient } from '../../../session.ts'
import { logKey } from '../log/queries.ts'

export type Witness = Row<'/v1/ledger/witnesses'>

const witnessesKey = [...logKey, 'witnesses'] as const

/** Cosignatures come without an entry of the log, so they are looked for while the page is open. */
export const witnessesQuery = queryOptions({
  queryKey: witnessesKey,
  queryFn: ({ signal }) => ask(() => api.GET('/v1/ledger/witnesses', { signal })),
  refetchInterval: 5_000,
})

export async function addWitness(body: { vkey: string; url: string }): Promise<void> {
  await ask(() => api.POST('/v1/ledger/witnesses', { body }))
  await queryClient.invalidateQueries({ queryKey: logKey })
}

export async function removeWitness(witness: string): Promise<void> {
  await ask(() => api.DELETE('/v1/ledger/witnesses/{witness}', { params: { path: { witness } } }))
  await queryClient.invalidateQueries({ queryKey: logKey })
}
