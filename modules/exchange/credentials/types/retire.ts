import { slugSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { typeView } from '../schema.ts'
import { retireType as retire, typeBySlug } from '../store.ts'
import { typeViewOf } from '../view.ts'

export const retireType = operation({
  name: 'credentials.retire_type',
  summary: 'Issue no more credentials of a type',
  description: 'Those that were issued stay valid until they end or are revoked one by one.',
  input: z.strictObject({ type: slugSchema }),
  output: typeView,
  access: { action: 'delete', on: () => ({ type: 'credential_type' }) },
  audit: (_input, { id, slug }) => ({ object: { kind: 'credential_type', id }, details: { type: slug } }),
  http: { method: 'DELETE', path: '/v1/credential-types/:type' },
  example: { input: { type: 'of_age' } },
  problems: [doorProblems.not_found, problems.type_retired],
  async run({ tx, node, tenant, now }, input) {
    const row = await typeBySlug(tx, input.type)
    if (row === undefined) return refuse(doorProblems.not_found)
    if (!(await retire(tx, row.id, now))) return refuse(problems.type_retired, undefined, { object: { kind: 'credential_type', id: row.id } })
    return typeViewOf(node, tenant, { ...row, retired_at: now })
  },
})
