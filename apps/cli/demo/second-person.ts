/** Another person who signs in: invited by the first, with a password that nobody keeps. */
import { randomBytes } from 'node:crypto'
import { createClient, type GatehouseClient, must } from '@gatehouse/sdk/client'
import type { Connection } from '../node/connection.ts'

export interface SecondPerson {
  readonly id: string
  readonly name: string
  readonly client: GatehouseClient
}

export async function inviteSecondPerson({ client, credential, transport }: Connection, suffix: string): Promise<SecondPerson> {
  const name = 'Robin Second'
  const invited = must(await client.POST('/v1/users', { body: { email: `robin.second.${suffix}@example.org`, name, roles: ['officer'] } }))
  const nobody = createClient({ origin: credential.origin, fetch: transport })
  const entered = await nobody.POST('/v1/auth/accept-invitation', { body: { token: invited.token, password: randomBytes(24).toString('base64url') } })
  must(entered)
  const session = /gatehouse_session=[^;]+/.exec(entered.response.headers.get('set-cookie') ?? '')?.[0]
  if (session === undefined) throw new Error('The invitation was accepted, and no session came back.')
  // As a browser speaks: with the session's cookie, and saying which page it is on.
  const speaking = (request: Request) => {
    const headers = new Headers(request.headers)
    headers.set('cookie', session)
    headers.set('origin', credential.origin)
    return transport(new Request(request, { headers }))
  }
  return { id: invited.user.id, name, client: createClient({ origin: credential.origin, fetch: speaking }) }
}
