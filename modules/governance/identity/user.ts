import type { Id } from '@gatehouse/core/id'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { BegunSession } from './begin-session.ts'
import { type SignedIn, type User, userRoles } from './schema.ts'
import type { Behind, UserRow } from './store.ts'

type Role = User['roles'][number]

/** A user as people see one. */
export function userOf(row: UserRow): User {
  return {
    id: row.id,
    kind: row.subject_id !== null ? 'person' : row.partner_id !== null ? 'engineer' : 'staff',
    name: row.name,
    email: row.email,
    roles: row.roles.filter((role): role is Role => (userRoles as readonly string[]).includes(role)),
    partner: row.partner_id,
    status: row.disabled_at !== null ? 'disabled' : row.active ? 'active' : 'invited',
    created_at: row.created_at,
  }
}

/** Who acts when a user does, by whichever credential. */
export function principalOf(
  tenant: Id<'tenant'>,
  user: Id<'user'>,
  { roles, partner_id: partner, subject_id: subject }: Behind,
  by: Pick<Principal, 'session' | 'apiKey' | 'scopes' | 'provenAtMs'>,
): Principal {
  return { kind: 'user', id: user, tenant, roles, ...(partner === null ? {} : { partner }), ...(subject === null ? {} : { subject }), ...by }
}

export function signedIn(row: UserRow, session: BegunSession, awaits: SignedIn['awaits']): SignedIn {
  return { session_token: session.token, session: session.id, expires_at: session.expiresAt, user: userOf({ ...row, active: true }), awaits }
}

/** What the ledger keeps of a sign-in. */
export function signedInFacts(output: SignedIn) {
  return { object: { kind: 'user', id: output.user.id }, details: { session: output.session, awaits: output.awaits ?? 'nothing' } }
}
