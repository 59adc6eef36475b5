import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'
import type { FilterValues } from '../../../ui/record-list/columns.ts'

export type Webhook = Row<'/v1/webhooks'>
export type WebhookWithDeliveries = Answer<'/v1/webhooks/{webhook}'>
export type Delivery = Row<'/v1/webhooks/{webhook}/deliveries'>

export const webhooksKey = ['webhooks'] as const

export function webhookPages({ state }: FilterValues) {
  const query = { state: state as Webhook['state'] | undefined }
  return cursorPages<Webhook>([...webhooksKey, 'list', query], (cursor, signal) =>
    ask(() => api.GET('/v1/webhooks', { params: { query: { ...query, ...cursor, limit: pageSize } }, signal })),
  )
}

export function webhookQuery(webhook: string) {
  return queryOptions({
    queryKey: [...webhooksKey, webhook],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/webhooks/{webhook}', { params: { path: { webhook } }, signal })),
  })
}

export function deliveryPages(webhook: string) {
  return ({ state }: FilterValues) => {
    const query = { state: state as Delivery['state'] | undefined }
    return cursorPages<Delivery>([...webhooksKey, webhook, 'deliveries', query], (cursor, signal) =>
      ask(() => api.GET('/v1/webhooks/{webhook}/deliveries', { params: { path: { webhook }, query: { ...query, ...cursor, limit: pageSize } }, signal })),
    )
  }
}

async function changed<T>(act: Promise<T>): Promise<T> {
  const answer = await act
  await queryClient.invalidateQueries({ queryKey: webhooksKey })
  return answer
}

/** The answer holds the secret, which is shown once and kept nowhere. */
export const createWebhook = (body: { readonly url: string; readonly types: 'all' | string[] }) => changed(ask(() => api.POST('/v1/webhooks', { body })))

export const rotateSecret = (webhook: string) => changed(ask(() => api.POST('/v1/webhooks/{webhook}/rotate', { params: { path: { webhook } } })))

export const setState = (webhook: string, state: 'active' | 'paused') =>
  changed(ask(() => api.PATCH('/v1/webhooks/{webhook}', { params: { path: { webhook } }, body: { state } })))

export const sendTest = (webhook: string) => changed(ask(() => api.POST('/v1/webhooks/{webhook}/test', { params: { path: { webhook } } })))

export const deleteWebhook = (webhook: string) => changed(ask(() => api.DELETE('/v1/webhooks/{webhook}', { params: { path: { webhook } } })))

export const replay = (webhook: string, delivery: string) =>
  changed(ask(() => api.POST('/v1/webhooks/{webhook}/deliveries/{delivery}/replay', { params: { path: { webhook, delivery } } })))
