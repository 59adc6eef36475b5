import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { certificateSchema } from '../certificate.ts'
import { retentionProblems } from '../problems.ts'
import { findInstitutionErasure } from './store.ts'

export const institutionCertificate = operation({
  name: 'retention.institution_certificate',
  summary: 'Download the certificate of the erasure of an institution',
  input: z.strictObject({ erasure: idSchema('erasure') }),
  output: certificateSchema,
  access: { action: 'read', on: () => ({ type: 'institution' }) },
  audit: { none: 'a certificate holds nothing personal and is made to be handed on' },
  http: { method: 'GET', path: '/v1/institution-erasures/:erasure/certificate' },
  problems: [doorProblems.not_found, retentionProblems.not_certified],
  async run({ tx, tenant }, { erasure }) {
    const row = await findInstitutionErasure(tx, tenant, erasure)
    if (row === undefined) return refuse(doorProblems.not_found)
    return row.certificate ?? refuse(retentionProblems.not_certified, `the erasure is ${row.state}`)
  },
})
