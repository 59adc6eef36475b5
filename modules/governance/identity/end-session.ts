import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { deleteSession } from './sessions/store.ts'

export const endSession = operation({
  name: 'identity.end_session',
  summary: 'End one of the own sessions, such as on a lost device',
  input: z.strictObject({ session: idSchema('session') }),
  output: z.strictObject({ session: idSchema('session') }),
  access: { action: 'delete', on: (input, principal) => ({ type: 'session', id: input.session, owner: principal.id }) },
  audit: (_input, output) => ({ details: { session: output.session } }),
  http: { method: 'DELETE', path: '/v1/auth/sessions/:session' },
  example: { input: { session: '01980000-0000-7000-8000-000000000001' } },
  problems: [doorProblems.not_found],
  async run({ tx, tenant, principal }, { session }) {
    if (!(await deleteSession(tx, tenant, principal.id, session))) throw new Problem(doorProblems.not_found)
    return { session }
  },
})
