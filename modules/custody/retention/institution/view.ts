import type { AuditFacts } from '@gatehouse/runtime/door/operation'
import type { InstitutionErasure } from './schema.ts'
import type { InstitutionRow } from './store.ts'

export function viewOf({
  id,
  institution,
  state,
  reference,
  requested_by,
  requested_at,
  due_at,
  begun_at,
  ended_at,
  counts,
}: InstitutionRow): InstitutionErasure {
  return { id, institution, state, reference, requested_by, requested_at, due_at, begun_at, ended_at, counts }
}

export const institutionFacts = ({ id, institution }: Pick<InstitutionErasure, 'id' | 'institution'>): AuditFacts => ({
  object: { kind: 'erasure', id },
  details: { institution },
})
