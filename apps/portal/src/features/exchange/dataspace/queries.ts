import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'
import type { FilterValues } from '../../../ui/record-list/columns.ts'

export type NegotiationRow = Row<'/v1/dataspace/negotiations'>
export type Negotiation = Answer<'/v1/dataspace/negotiations/{negotiation}'>
export type TransferRow = Row<'/v1/dataspace/transfers'>
export type Transfer = Answer<'/v1/dataspace/transfers/{transfer}'>
export type Agreement = Row<'/v1/dataspace/agreements'>

export const dataspaceKey = ['dataspace'] as const
export const dataspaceNews = ['dataspace.*']

export function negotiationPages({ state }: FilterValues) {
  const query = { state: state as NegotiationRow['state'] | undefined }
  return cursorPages<NegotiationRow>([...dataspaceKey, 'negotiations', query], (cursor, signal) =>
    ask(() => api.GET('/v1/dataspace/negotiations', { params: { query: { ...query, ...cursor, limit: pageSize } as never }, signal })),
  )
}

export function transferPages({ state }: FilterValues) {
  const query = { state: state as TransferRow['state'] | undefined }
  return cursorPages<TransferRow>([...dataspaceKey, 'transfers', query], (cursor, signal) =>
    ask(() => api.GET('/v1/dataspace/transfers', { params: { query: { ...query, ...cursor, limit: pageSize } as never }, signal })),
  )
}

export const agreementPages = () =>
  cursorPages<Agreement>([...dataspaceKey, 'agreements'], (cursor, signal) =>
    ask(() => api.GET('/v1/dataspace/agreements', { params: { query: { ...cursor, limit: pageSize } }, signal })),
  )

export const negotiationQuery = (negotiation: string) =>
  queryOptions({
    queryKey: [...dataspaceKey, 'negotiation', negotiation],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/dataspace/negotiations/{negotiation}', { params: { path: { negotiation } }, signal })),
  })

export const transferQuery = (transfer: string) =>
  queryOptions({
    queryKey: [...dataspaceKey, 'transfer', transfer],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/dataspace/transfers/{transfer}', { params: { path: { transfer } }, signal })),
  })

export const participantsQuery = () =>
  queryOptions({
    queryKey: [...dataspaceKey, 'participants'],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/dataspace/participants', { signal })),
  })

async function changed<T>(act: Promise<T>): Promise<T> {
  const answer = await act
  await queryClient.invalidateQueries({ queryKey: dataspaceKey })
  return answer
}

export const stepNegotiation = (negotiation: string, step: 'accept' | 'verify' | 'terminate') =>
  changed(ask(() => api.POST('/v1/dataspace/negotiations/{negotiation}/steps', { params: { path: { negotiation } }, body: { step } })))

export const stepTransfer = (transfer: string, step: 'suspend' | 'resume' | 'complete' | 'terminate') =>
  changed(ask(() => api.POST('/v1/dataspace/transfers/{transfer}/steps', { params: { path: { transfer } }, body: { step } })))

export const askTransfer = (partner: string, agreement: string) => changed(ask(() => api.POST('/v1/dataspace/transfers', { body: { partner, agreement } })))
