import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { ownView } from './schema.ts'
import { deleteView as deleteRow } from './store.ts'

export const deleteView = operation({
  name: 'views.delete',
  summary: 'Delete one of one’s own saved views',
  input: z.strictObject({ view: idSchema('view') }),
  output: z.strictObject({ view: idSchema('view') }),
  access: { action: 'delete', on: ownView },
  audit: (_input, { view }) => ({ object: { kind: 'view', id: view } }),
  http: { method: 'DELETE', path: '/v1/me/views/:view' },
  example: { input: { view: '01980000-0000-7000-8000-000000000001' } },
  problems: [doorProblems.not_found],
  async run({ tx, principal }, { view }) {
    if (!(await deleteRow(tx, principal.id, view))) throw new Problem(doorProblems.not_found)
    return { view }
  },
})
