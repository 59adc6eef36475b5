import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { importStatuses, listImports as rowsOf } from './store.ts'
import { importView, viewOf } from './view.ts'

export const listImports = operation({
  name: 'vault.imports',
  summary: 'List imports, newest first',
  input: z.strictObject({ ...pageQuery, cursor: idSchema('import').optional(), status: z.enum(importStatuses).optional() }),
  output: pageSchema(importView),
  access: { action: 'read', on: () => ({ type: 'import' }) },
  audit: { none: 'it tells counts of files and nothing of a person' },
  http: { method: 'GET', path: '/v1/vault/imports' },
  example: { input: { limit: 20 } },
  async run(ctx, { cursor, status, limit }) {
    const rows = await rowsOf(ctx.tx, { before: cursor, status, limit: limit + 1 })
    const page = rows.slice(0, limit)
    return { data: page.map(viewOf), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
  },
})
