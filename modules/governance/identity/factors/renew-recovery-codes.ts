import { sensitive } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { issueRecoveryCodes } from './codes.ts'
import { factorsOf } from './store.ts'

export const renewRecoveryCodes = operation({
  name: 'identity.renew_recovery_codes',
  summary: 'Get new recovery codes in place of the earlier ones',
  input: z.strictObject({}),
  output: z.strictObject({ recovery_codes: sensitive(z.array(z.string())) }),
  access: { action: 'create', on: (_input, principal) => ({ type: 'factor', owner: principal.id }) },
  audit: (_input, output) => ({ details: { count: output.recovery_codes.length } }),
  stepUp: true,
  secretOutput: true,
  http: { method: 'POST', path: '/v1/auth/recovery-codes' },
  example: { input: {} },
  problems: [problems.factor_needed, problems.no_session],
  async run({ node, tx, tenant, principal }) {
    if (principal.session === undefined) return refuse(problems.no_session)
    if ((await factorsOf(tx, tenant, principal.id)).length === 0)
      return refuse(problems.factor_needed, 'recovery codes stand in for a factor, and there is none yet')
    return { recovery_codes: await issueRecoveryCodes(node, tx, tenant, principal.id) }
  },
})
