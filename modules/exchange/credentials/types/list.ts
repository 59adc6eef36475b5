import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { typesMax, typeView } from '../schema.ts'
import { listTypes as findTypes } from '../store.ts'
import { typeViewOf } from '../view.ts'

export const listTypes = operation({
  name: 'credentials.types',
  summary: 'List the types of credential',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(typeView) }),
  access: { action: 'read', on: () => ({ type: 'credential_type' }) },
  audit: { none: 'shows what the institution offers, and nobody’s data' },
  http: { method: 'GET', path: '/v1/credential-types' },
  example: { input: {} },
  run: async ({ tx, node, tenant }) => ({ data: (await findTypes(tx, typesMax)).map((row) => typeViewOf(node, tenant, row)) }),
})
