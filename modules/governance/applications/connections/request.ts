/** What an application asks a person for: the parameters of its authorization request, as the page that asks hands them over. */
import { parseId } from '@gatehouse/core/id'
import type { Principal } from '@gatehouse/runtime/base/context'
import { type Refusal, type Resource, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { ownerOf } from '../own.ts'
import { problems } from '../problems.ts'
import type { Serving } from '../protocol/adapter.ts'
import { ask, paths, type Told } from '../protocol/provider.ts'
import { sent } from '../protocol/token.ts'
import { limits } from '../schema.ts'
import { running } from '../states.ts'
import { type ApplicationRow, applicationById, deploymentRows } from '../store.ts'

const parameter = z.string().max(limits.parameterCharacters)

/** A parameter that is not known is passed over (RFC 6749 section 3.1); request objects and other ways of answering are not offered. */
export const requestSchema = z.object({
  client_id: parameter,
  response_type: parameter.optional(),
  redirect_uri: parameter.optional(),
  scope: parameter.optional(),
  state: parameter.optional(),
  nonce: parameter.optional(),
  code_challenge: parameter.optional(),
  code_challenge_method: parameter.optional(),
  resource: parameter.optional(),
  response_mode: parameter.optional(),
  prompt: parameter.optional(),
  max_age: parameter.optional(),
  dpop_jkt: parameter.optional(),
  request: parameter.optional(),
  request_uri: parameter.optional(),
})
export type AuthorizationRequest = z.output<typeof requestSchema>

export const ownConnection = (_input: unknown, { id }: Principal): Resource => ({ type: 'own_connection', owner: id })

/** The shortest time in which somebody can prove a factor and be here again. */
const freshSecondsMin = 60
const freshSeconds = 300

/**
 * The person is asked each time, so asking to ask says nothing. To sign in anew is to prove a factor anew, which the node asks for by
 * itself where the last proof is older than what the application takes.
 */
function asked({ prompt, max_age: maxAge, ...request }: AuthorizationRequest): Record<string, string> {
  const prompts = (prompt ?? '').split(' ')
  const wanted = maxAge !== undefined && /^\d{1,9}$/.test(maxAge) ? Number(maxAge) : undefined
  const age = prompts.includes('login') ? Math.min(wanted ?? freshSeconds, freshSeconds) : wanted
  return sent({
    ...request,
    ...(prompts.includes('none') ? { prompt: 'none' } : {}),
    ...(age === undefined ? {} : { max_age: String(Math.max(age, freshSecondsMin)) }),
  })
}

/** @returns a refusal: `browser_only`, or `not_found` also for an application of another institution, or one that is not admitted and not one's own */
export async function requested(ctx: TransactionContext, { client_id: client }: AuthorizationRequest): Promise<Serving | Refusal> {
  const { principal, tx, tenant } = ctx
  if (principal.session === undefined) return refuse(problems.browser_only)
  const id = parseId<'application'>(client)
  const application = id === undefined ? undefined : await applicationById(tx, tenant, id)
  if (application === undefined || !mayConnect(application, principal)) return refuse(doorProblems.not_found)
  const audiences = (await deploymentRows(tx, tenant)).flatMap(({ audience }) => (audience === null ? [] : [audience]))
  return { ctx, application, audiences, person: principal }
}

function mayConnect({ state, registered_by, owner_id }: ApplicationRow, principal: Principal): boolean {
  const mode = running(state)
  return mode === 'live' || (mode === 'sandbox' && (registered_by === principal.id || owner_id === ownerOf(principal)))
}

export function authorize(act: Serving, request: AuthorizationRequest): Promise<Told> {
  return ask(act, { path: paths.authorization, query: asked(request) })
}

/** Whether the library wants the person to do something first, and what. */
export const wants = ({ location }: Told): 'consent' | 'login' | undefined =>
  location === '/consent' ? 'consent' : location === '/login' ? 'login' : undefined
