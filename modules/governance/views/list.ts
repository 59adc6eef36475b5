import { pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { listSchema, ownView, viewSchema } from './schema.ts'
import { viewsOf } from './store.ts'

export const listViews = operation({
  name: 'views.list',
  summary: 'List one’s own saved views',
  description: 'All of them, or those of one list. They are few and come in one page.',
  input: z.strictObject({ list: listSchema.optional() }),
  output: pageSchema(viewSchema),
  access: { action: 'read', on: ownView },
  audit: { none: 'It tells callers only how they like to look at lists.' },
  http: { method: 'GET', path: '/v1/me/views' },
  example: { input: { list: 'releases' } },
  run: async ({ tx, principal }, { list }) => ({ data: await viewsOf(tx, principal.id, list), next: null }),
})
