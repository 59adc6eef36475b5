import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { retentionProblems } from '../problems.ts'
import { institutionErasureSchema } from './schema.ts'
import { institutionLife } from './states.ts'
import { findInstitutionErasure, moveInstitutionErasure } from './store.ts'
import { institutionFacts, viewOf } from './view.ts'

export const cancelInstitution = operation({
  name: 'retention.cancel_institution',
  summary: 'Cancel the erasure of an institution before it begins',
  description: 'One operator is enough: stopping is always safe.',
  input: z.strictObject({ erasure: idSchema('erasure') }),
  output: institutionErasureSchema,
  access: { action: 'delete', on: () => ({ type: 'institution' }) },
  audit: (_input, output) => institutionFacts(output),
  http: { method: 'DELETE', path: '/v1/institution-erasures/:erasure' },
  example: { input: { erasure: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found, retentionProblems.erasure_closed],
  async run(ctx, { erasure }) {
    const row = await findInstitutionErasure(ctx.tx, ctx.tenant, erasure, true)
    if (row === undefined) return refuse(doorProblems.not_found)
    const state = institutionLife.next(row.state, 'cancel')
    if (state === undefined) return refuse(retentionProblems.erasure_closed, `the erasure is ${row.state}`, institutionFacts(row))
    await moveInstitutionErasure(ctx.tx, row, { state, endedAt: ctx.now })
    return viewOf({ ...row, state, ended_at: ctx.now })
  },
})
