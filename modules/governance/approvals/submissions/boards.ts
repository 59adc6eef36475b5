import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { teamNames } from '../../identity/index.ts'

export const listBoards = operation({
  name: 'approvals.boards',
  summary: 'List the teams that can be named to judge a submission',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(z.strictObject({ id: idSchema('team'), name: z.string() })) }),
  access: { action: 'create', on: () => ({ type: 'submission' }) },
  audit: { none: 'names and ids of teams of the institution' },
  http: { method: 'GET', path: '/v1/submissions/boards' },
  example: { input: {} },
  run: async ({ tx, tenant }) => ({ data: await teamNames(tx, tenant) }),
})
