/** The only door to the node: everything the portal knows comes through the SDK, and only this file imports it. */

import { createClient, GatehouseError, must } from '@gatehouse/sdk/client'
import type { paths } from '@gatehouse/sdk/generated/api'
import type { Language } from './i18n/index.ts'
import { nodeAnswered, nodeSilent } from './reach.ts'

export { events, type ServerEvent } from '@gatehouse/sdk/events'
export { GatehouseError }

/** `ask(() => api.GET('/v1/releases', …))`. Inputs and answers are typed by the node's own API description. */
export const api = createClient({ origin: globalThis.location.origin })

/** For somebody who brings a key in place of a session: an operator of the node. */
export const apiOf = (key: string) => createClient({ origin: globalThis.location.origin, key })

/** A node that does not answer, or a proxy that answers for it. */
export class NodeAway extends Error {}

/** Asks whoever is inside for a factor. */
type Proof = () => Promise<boolean>
let proof: Proof | undefined

/** `asks` is called when an act needs a fresh proof; where it answers true the act is repeated. */
export function whenProofIsNeeded(asks: Proof): () => void {
  proof = asks
  return () => {
    proof = undefined
  }
}

/** The answer of one call, after a fresh proof where the node asks for one. @throws GatehouseError with the node's problem; NodeAway where nobody answers */
export async function ask<T>(call: Call<T>): Promise<T> {
  try {
    return await askOnce(call)
  } catch (error) {
    const needed = error instanceof GatehouseError && error.problem.type.endsWith('/step-up-required')
    if (!needed || proof === undefined || !(await proof())) throw error
    return askOnce(call)
  }
}

type Call<T> = () => Promise<{ data?: T; error?: unknown; response: Response }>

/** @throws GatehouseError with the node's problem; NodeAway where nobody answers */
async function askOnce<T>(call: Call<T>): Promise<T> {
  const result = await call().catch((error: unknown) => {
    // Who left the page asked for the call to end; the node did nothing wrong.
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    nodeSilent()
    throw new NodeAway()
  })
  if ([502, 503, 504].includes(result.response.status)) {
    nodeSilent()
    throw new NodeAway()
  }
  nodeAnswered()
  return must(result)
}

/** The status of a refusal, or `undefined` for whatever else went wrong. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof GatehouseError ? error.problem.status : undefined
}

/** What a GET of this address answers: `Answer<'/v1/releases/{release}'>`. */
export type Answer<Path extends keyof paths> = paths[Path] extends { get: { responses: { 200: { content: { 'application/json': infer Body } } } } }
  ? Body
  : never
/** What a POST to this address takes. */
export type Body<Path extends keyof paths> = paths[Path] extends { post: { requestBody?: { content: { 'application/json': infer Sent } } } } ? Sent : never
/** One row of a list: `Row<'/v1/releases'>`. */
export type Row<Path extends keyof paths> = Answer<Path> extends { data: readonly (infer One)[] } ? One : never

export type Entry = Row<'/v1/logs'>

/** Who is asking and what would be let in; a right with `own` counts only on what belongs to the caller. */
export type Session = Pick<Answer<'/v1/auth/session'>, 'kind' | 'partner' | 'roles' | 'rights' | 'user' | 'awaits' | 'factors' | 'mailed_code' | 'texted_code'>

/** @returns `null` when nobody is signed in */
export async function readSession(): Promise<Session | null> {
  try {
    return await ask(() => api.GET('/v1/auth/session'))
  } catch (error) {
    if (statusOf(error) === 401) return null
    throw error
  }
}

export async function signIn(input: { email: string; password: string }): Promise<void> {
  await ask(() => api.POST('/v1/auth/sign-in', { body: input }))
}

/** @returns where the browser is to go: the provider of an institution */
export async function beginSso(by: { email: string } | { provider: string }): Promise<string> {
  return (await ask(() => api.POST('/v1/auth/sso', { body: by }))).location
}

export async function returnFromSso(given: Body<'/v1/auth/sso/return'>): Promise<void> {
  await ask(() => api.POST('/v1/auth/sso/return', { body: given }))
}

export async function letterLanguage(): Promise<string> {
  return (await ask(() => api.GET('/v1/me/notifications/preferences'))).language
}

export async function keepLanguage(language: Language): Promise<void> {
  await ask(() => api.PUT('/v1/me/notifications/language', { body: { language } }))
}

/** @returns where to go on to sign out at the provider as well */
export async function signOut(): Promise<string | null> {
  return (await ask(() => api.POST('/v1/auth/sign-out'))).location
}

export async function firstRun(input: { token: string; name: string; email: string; password: string }): Promise<void> {
  await ask(() => api.POST('/v1/auth/first-run', { body: input }))
}

export async function acceptInvitation(input: { token: string; password: string }): Promise<void> {
  await ask(() => api.POST('/v1/auth/accept-invitation', { body: input }))
}

export async function forgotPassword(email: string): Promise<void> {
  await ask(() => api.POST('/v1/auth/forgot-password', { body: { email } }))
}

export async function resetPassword(input: { token: string; password: string }): Promise<void> {
  await ask(() => api.POST('/v1/auth/reset-password', { body: input }))
}

/** Filters, columns and sorting of a list under a name; `query` is the part of the address that says them. */
export type View = Row<'/v1/me/views'>

export async function readViews(list: string, signal: AbortSignal): Promise<readonly View[]> {
  return (await ask(() => api.GET('/v1/me/views', { params: { query: { list } }, signal }))).data
}

export async function addView(view: Pick<View, 'list' | 'name' | 'query'>): Promise<void> {
  await ask(() => api.POST('/v1/me/views', { body: view }))
}

export async function removeView(view: string): Promise<void> {
  await ask(() => api.DELETE('/v1/me/views/{view}', { params: { path: { view } } }))
}
