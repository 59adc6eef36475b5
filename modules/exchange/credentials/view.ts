import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Node } from '@gatehouse/runtime/door/node'
import { institutionOf, vctOf } from './institution.ts'
import type { PresentationView, TypeView } from './schema.ts'
import type { CredentialRow, PresentationRow, TypeRow } from './store.ts'

export function typeViewOf(node: Node, tenant: Id<'tenant'>, row: TypeRow): TypeView {
  return { ...row, vct: vctOf(institutionOf(node, tenant).base, row.slug) }
}

export function credentialViewOf({ id, type, name, subject_id: subject, status, issued_at, expires_at }: CredentialRow) {
  return { id, type, name, subject, status, issued_at, expires_at }
}

/** A request whose time is over counts as expired, and so does one whose check was broken off. */
export function presentationViewOf({ nonce: _, state: __, ...row }: PresentationRow, now: Instant): PresentationView {
  const open = row.status === 'waiting' || row.status === 'checking'
  return { ...row, status: open && row.expires_at <= now ? 'expired' : row.status, reason: row.reason as PresentationView['reason'] }
}
