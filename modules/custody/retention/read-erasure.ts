import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { erasureSchema } from './schema.ts'
import { findErasure } from './store.ts'
import { viewOf } from './view.ts'

export const readErasure = operation({
  name: 'retention.erasure',
  summary: 'Read how far an erasure is',
  input: z.strictObject({ erasure: idSchema('erasure') }),
  output: erasureSchema,
  access: { action: 'read', on: () => ({ type: 'erasure' }) },
  audit: { none: 'it tells random ids, times and counts; a reference stands in it only until the person is erased' },
  http: { method: 'GET', path: '/v1/erasures/:erasure' },
  example: { input: { erasure: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  async run({ tx }, { erasure }) {
    const row = await findErasure(tx, erasure)
    return row === undefined ? refuse(doorProblems.not_found) : viewOf(row)
  },
})
