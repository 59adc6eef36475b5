import type { Instant } from '@gatehouse/core/instant'
import type { ReleaseView } from './schema.ts'
import type { GrantRow } from './store.ts'

/** A grant as people see it. A grant whose time is over is expired, whether or not anything has written that down. */
export function viewOf(grant: GrantRow, now: Instant): ReleaseView {
  return {
    id: grant.id,
    state: grant.state === 'issued' && grant.expires_at <= now ? 'expired' : grant.state,
    partner: grant.partner_id,
    subject: grant.subject_id,
    purpose: grant.purpose,
    record_type: grant.record_type,
    fields: grant.plan.fields.map(({ name, mask }) => ({ name, mask: mask.mask })),
    rules: [...grant.rules],
    decision_id: grant.decision_entry,
    issued_at: grant.issued_at,
    expires_at: grant.expires_at,
    spent_at: grant.spent_at,
    closed_at: grant.closed_at,
    bytes: grant.bytes,
  }
}
