import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { scopesOf, scopeWord } from '../../access/index.ts'
import { problems } from '../problems.ts'
import { refusedBy } from '../protocol/refused.ts'
import { claimNames, claimsOf, connectionSchema } from '../schema.ts'
import type { ApplicationRow } from '../store.ts'
import { type AuthorizationRequest, authorize, ownConnection, requested, requestSchema, wants } from './request.ts'
import { applicationShown } from './shown.ts'

export const question = operation({
  name: 'applications.question',
  summary: 'See what an application asks for, before deciding',
  description:
    'With the parameters that the application sent along to the page. The answer is what to show, or where to go at once: its own address with the error of RFC 6749, where the request itself is wrong. An address that is not registered is never gone to.',
  input: requestSchema,
  output: z.strictObject({
    /** Where to go at once; then there is nothing to decide. */
    location: z.string().nullable(),
    application: connectionSchema.shape.application.nullable(),
    sandbox: z.boolean(),
    scopes: connectionSchema.shape.scopes,
    claims: connectionSchema.shape.claims,
    /** The host that the answer goes to, and the deployment that the tokens are for, where it is not this one. */
    answers_to: z.string().nullable(),
    elsewhere: z.string().nullable(),
    revision: z.int(),
  }),
  access: { action: 'read', on: ownConnection },
  audit: { none: 'Nothing is decided yet; the decision leaves the entry.' },
  http: { method: 'POST', path: '/v1/me/applications/question' },
  example: { input: { client_id: '01980000-0000-7000-8000-000000000001', response_type: 'code' } },
  problems: [doorProblems.not_found, doorProblems.step_up_required, problems.browser_only, problems.invalid_request],
  async run(ctx, request) {
    const act = await requested(ctx, request)
    if (act instanceof Refusal) return act
    const { application } = act
    const told = await authorize(act, request)
    const next = wants(told)
    if (next === 'login') return refuse(doorProblems.step_up_required)
    const base = {
      location: null,
      application: null,
      sandbox: application.state !== 'live',
      scopes: [],
      claims: [],
      answers_to: null,
      elsewhere: null,
      revision: application.revision,
    }
    if (next === undefined) return told.location === undefined ? refusedBy(told) : { ...base, location: told.location }
    const words = granted(application, request)
    return {
      ...base,
      application: await applicationShown(ctx, application),
      scopes: scopesOf(words),
      claims: claimsOf(words),
      answers_to: new URL(request.redirect_uri ?? application.redirect_uris[0] ?? '').host,
      elsewhere: request.resource === undefined || request.resource === ctx.node.addresses.origin ? null : request.resource,
    }
  },
})

/** Of what is asked, what was registered and judged: never more. */
export function granted({ scopes, claims }: Pick<ApplicationRow, 'scopes' | 'claims'>, { scope = '' }: Pick<AuthorizationRequest, 'scope'>): string {
  const may = new Set(['openid', ...claimNames.filter((name) => claims.includes(name)), ...scopes.map(scopeWord)])
  return [...new Set(scope.split(' '))].filter((word) => may.has(word)).join(' ')
}
