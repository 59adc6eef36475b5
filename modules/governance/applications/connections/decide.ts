import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { refusedBy } from '../protocol/refused.ts'
import { endConnections, insertConnection } from '../store.ts'
import { granted } from './question.ts'
import { authorize, ownConnection, requested, requestSchema, wants } from './request.ts'

export const decide = operation({
  name: 'applications.decide',
  summary: 'Let an application act for oneself, or not',
  description:
    'Only in a browser, on the node’s own page, and for what was shown: a change of the application in between is asked about anew. The answer is where to go: the application’s registered address, with a code that it redeems within a minute, or with `access_denied`.',
  input: requestSchema.extend({ allow: z.boolean(), revision: z.int() }),
  output: z.strictObject({ location: z.string() }),
  access: { action: 'create', on: ownConnection },
  audit: ({ client_id: id, allow }) => ({ object: { kind: 'application', id: id.slice(0, 36) }, details: { allow } }),
  secretOutput: true,
  http: { method: 'POST', path: '/v1/me/applications/decision' },
  example: { input: { client_id: '01980000-0000-7000-8000-000000000001', response_type: 'code', allow: true, revision: 1 } },
  problems: [doorProblems.not_found, doorProblems.step_up_required, problems.browser_only, problems.invalid_request, problems.asked_otherwise],
  async run(ctx, { allow, revision, ...request }) {
    const { tx, tenant, principal, now, node } = ctx
    const act = await requested(ctx, request)
    if (act instanceof Refusal) return act
    const { application } = act
    if (application.revision !== revision) return refuse(problems.asked_otherwise)
    if (!allow) {
      const told = await authorize({ ...act, decision: 'deny' }, request)
      return told.location === undefined ? refusedBy(told) : { location: told.location }
    }
    const scope = granted(application, request)
    const id = ctx.newId<'connection'>()
    await insertConnection(tx, {
      tenant_id: tenant,
      id,
      application_id: application.id,
      user_id: principal.id as never,
      scope,
      audience: request.resource ?? node.addresses.origin,
      created_at: now,
    })
    const told = await authorize({ ...act, decision: { allow: id } }, request)
    const done = told.location !== undefined && wants(told) === undefined && new URL(told.location).searchParams.has('code')
    if (done) {
      ctx.describe({ details: { allow, connection: id, scope: scope.slice(0, 200) } })
      return { location: told.location }
    }
    // Nothing was connected: the request was wrong, or wants a fresher proof.
    await endConnections(tx, tenant, { id }, now)
    if (wants(told) === 'login') return refuse(doorProblems.step_up_required)
    return told.location === undefined ? refusedBy(told) : { location: told.location }
  },
})
