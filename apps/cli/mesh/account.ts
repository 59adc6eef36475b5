/** Somebody who can look at a node of the mesh in the portal, for as long as it lives. */
import { randomBytes } from 'node:crypto'
import { createClient, must } from '@gatehouse/sdk/client'
import type { Member } from './open.ts'

export interface Account {
  readonly email: string
  readonly password: string
}

export const newPassword = (): string => randomBytes(12).toString('base64url')

export async function administrator({ hospital, connection: { client, credential, transport } }: Member): Promise<Account> {
  const email = `admin@${hospital.name}.example.org`
  const password = newPassword()
  const { token } = must(await client.POST('/v1/users', { body: { name: 'Ada Administrator', email, roles: ['administrator', 'data_owner'] } }))
  must(await createClient({ origin: credential.origin, fetch: transport }).POST('/v1/auth/accept-invitation', { body: { token, password } }))
  return { email, password }
}
