/** The only door to the node: everything the portal knows comes through the SDK, and only this file imports it. */
import { createClient, GatehouseError, must } from '@gatehouse/sdk/client'

export { GatehouseError }

export interface User {
  readonly id: string
  readonly name: string
  readonly email: string
}

export interface Session {
  readonly roles: readonly string[]
  readonly user: User | null
}

const client = createClient({ origin: globalThis.location.origin })

/** A node that does not answer, or a proxy that answers for it. */
export class NodeAway extends Error {}

async function ask<T>(call: () => Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const result = await call().catch(() => {
    throw new NodeAway()
  })
  if ([502, 503, 504].includes(result.response.status)) throw new NodeAway()
  return must(result)
}

/** @returns `null` when nobody is signed in */
export async function readSession(): Promise<Session | null> {
  try {
    return await ask<Session>(() => client.GET('/v1/auth/session'))
  } catch (error) {
    if (error instanceof GatehouseError && error.problem.status === 401) return null
    throw error
  }
}

export async function signIn(input: { email: string; password: string }): Promise<void> {
  await ask(() => client.POST('/v1/auth/sign-in', { body: input }))
}

export async function signOut(): Promise<void> {
  await ask(() => client.POST('/v1/auth/sign-out'))
}

export async function firstRun(input: { token: string; name: string; email: string; password: string }): Promise<void> {
  await ask(() => client.POST('/v1/auth/first-run', { body: input }))
}

export async function acceptInvitation(input: { token: string; password: string }): Promise<void> {
  await ask(() => client.POST('/v1/auth/accept-invitation', { body: input }))
}
