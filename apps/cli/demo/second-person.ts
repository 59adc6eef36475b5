/** Other people who sign in: invited by the first, each with a password that nobody keeps. */
import { randomBytes } from 'node:crypto'
import { createClient, type GatehouseClient, must } from '@gatehouse/sdk/client'
import type { paths } from '@gatehouse/sdk/generated/api'
import type { Connection } from '../node/connection.ts'
import { codeOf } from './totp.ts'

export interface Invited {
  readonly id: string
  readonly name: string
  readonly client: GatehouseClient
}

type Invitation = paths['/v1/users']['post']['requestBody']['content']['application/json']

export const inviteSecondPerson = (connection: Connection, suffix: string): Promise<Invited> =>
  invite(connection, { name: 'Robin Second', email: `robin.second.${suffix}@example.org`, roles: ['officer'] })

const passwordNobodyKeeps = () => randomBytes(24).toString('base64url')

export async function invite({ client, credential, transport }: Connection, invitation: Invitation, password = passwordNobodyKeeps()): Promise<Invited> {
  const { name } = invitation
  const invited = must(await client.POST('/v1/users', { body: invitation }))
  const nobody = createClient({ origin: credential.origin, fetch: transport })
  const entered = await nobody.POST('/v1/auth/accept-invitation', { body: { token: invited.token, password } })
  const { awaits } = must(entered)
  // As a browser speaks: with the session's cookie, and saying which page it is on.
  const speakingAs = (session: string) => (request: Request) => {
    const headers = new Headers(request.headers)
    headers.set('cookie', session)
    headers.set('origin', credential.origin)
    return transport(new Request(request, { headers }))
  }
  const entering = createClient({ origin: credential.origin, fetch: speakingAs(sessionOf(entered.response)) })
  if (awaits === null) return { id: invited.user.id, name, client: entering }
  // The institution asks for a second factor: an authenticator app that lives as long as this command.
  const { factor, uri } = must(await entering.POST('/v1/auth/factors/totp', { body: {} }))
  const enrolled = await entering.POST('/v1/auth/factors/{factor}/confirm', { params: { path: { factor } }, body: { code: codeOf(uri, Date.now()) } })
  must(enrolled)
  return { id: invited.user.id, name, client: createClient({ origin: credential.origin, fetch: speakingAs(sessionOf(enrolled.response)) }) }
}

function sessionOf({ headers }: Response): string {
  const session = /gatehouse_session=[^;]+/.exec(headers.get('set-cookie') ?? '')?.[0]
  if (session === undefined) throw new Error('The invitation was accepted, and no session came back.')
  return session
}
