import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { applicationFacts, applicationOf } from './application.ts'
import { check } from './checked.ts'
import { heldApplication, ownApplication } from './own.ts'
import { problems } from './problems.ts'
import { applicationSchema, changeInput } from './schema.ts'
import { applicationLife } from './states.ts'
import { updateApplication } from './store.ts'

export const change = operation({
  name: 'applications.change',
  summary: 'Change what an application is or asks for',
  description: 'It goes back into the sandbox: what people connected stays, and is of use again once the change was admitted. Nobody’s connection grows by it.',
  input: changeInput,
  output: applicationSchema,
  access: { action: 'update', on: ownApplication },
  audit: (_input, application) => applicationFacts(application),
  stepUp: true,
  http: { method: 'PATCH', path: '/v1/applications/:application' },
  example: { input: { application: '01980000-0000-7000-8000-000000000001', name: 'Budget helper' } },
  problems: [doorProblems.not_found, problems.redirect_refused, problems.area_refused, problems.wrong_state],
  async run(ctx, { application, ...settings }) {
    check(settings)
    const row = await heldApplication(ctx, application, 'update')
    const state = applicationLife.next(row.state, 'change')
    if (state === undefined) return refuse(problems.wrong_state, `it is ${row.state}`, { object: { kind: 'application', id: row.id } })
    const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
    const next = { ...row, ...given, state, revision: row.revision + 1, updated_at: ctx.now }
    await updateApplication(ctx.tx, next)
    return applicationOf(next)
  },
})
