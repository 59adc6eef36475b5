import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { holderSchema } from '../schema.ts'
import { listHolderRows } from '../store.ts'

export const listHolders = operation({
  name: 'projects.holders',
  summary: 'List which team answers for what is kept',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(holderSchema) }),
  access: { action: 'read', on: () => ({ type: 'data_holder' }) },
  audit: { none: 'names of kinds of data and ids of teams; nothing about a person concerned' },
  http: { method: 'GET', path: '/v1/data-holders' },
  example: { input: {} },
  run: async ({ tx }) => ({ data: await listHolderRows(tx) }),
})
