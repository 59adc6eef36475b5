import type { Principal } from '@gatehouse/runtime/base/context'
import type { BegunSession } from './credentials.ts'
import { type SignedIn, type User, userRoles } from './schema.ts'
import type { UserRow } from './store.ts'

type Role = User['roles'][number]

/** A user as people see one. */
export function userOf(row: UserRow): User {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    roles: row.roles.filter((role): role is Role => (userRoles as readonly string[]).includes(role)),
    status: row.disabled_at !== null ? 'disabled' : row.active ? 'active' : 'invited',
    created_at: row.created_at,
  }
}

export function principalOf(row: UserRow, session?: BegunSession): Principal {
  return { kind: 'user', id: row.id, tenant: row.tenant_id, roles: row.roles, ...(session === undefined ? {} : { session: session.id }) }
}

export function signedIn(row: UserRow, session: BegunSession): SignedIn {
  return { session_token: session.token, session: session.id, expires_at: session.expiresAt, user: userOf({ ...row, active: true }) }
}

/** What the ledger keeps of a sign-in. */
export function signedInFacts(output: SignedIn) {
  return { object: { kind: 'user', id: output.user.id }, details: { session: output.session } }
}
