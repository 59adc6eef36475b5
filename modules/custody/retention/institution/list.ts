import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { institutionErasureSchema, institutionListMax } from './schema.ts'
import { listInstitutionErasures } from './store.ts'
import { viewOf } from './view.ts'

export const listInstitutions = operation({
  name: 'retention.institution_erasures',
  summary: 'List erasures of institutions',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(institutionErasureSchema) }),
  access: { action: 'read', on: () => ({ type: 'institution' }) },
  audit: { none: 'it tells ids and times of institutions and nothing of a person' },
  http: { method: 'GET', path: '/v1/institution-erasures' },
  example: { input: {} },
  run: async ({ tx }) => ({ data: (await listInstitutionErasures(tx, institutionListMax)).map(viewOf) }),
})
