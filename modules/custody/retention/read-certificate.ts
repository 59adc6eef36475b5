import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { certificateSchema } from './certificate.ts'
import { retentionProblems } from './problems.ts'
import { findErasure } from './store.ts'

export const readCertificate = operation({
  name: 'retention.certificate',
  summary: 'Download the certificate of an erasure, which verifies offline',
  input: z.strictObject({ erasure: idSchema('erasure') }),
  output: certificateSchema,
  access: { action: 'read', on: () => ({ type: 'erasure' }) },
  audit: { none: 'a certificate holds nothing personal and is made to be handed on' },
  http: { method: 'GET', path: '/v1/erasures/:erasure/certificate' },
  problems: [doorProblems.not_found, retentionProblems.not_certified],
  async run(ctx, { erasure }) {
    const row = await findErasure(ctx.tx, erasure)
    if (row === undefined) return refuse(doorProblems.not_found)
    return row.certificate ?? refuse(retentionProblems.not_certified, `the erasure is ${row.state}`)
  },
})
