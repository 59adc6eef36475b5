/** What the ledger keeps of acts of forgetting: ids, and words of a closed list. */
import { toHex } from '@gatehouse/crypto/bytes'
import type { AuditFacts } from '@gatehouse/runtime/door/operation'
import type { Subject } from '../../subjects/index.ts'
import type { ErasureRow } from './store.ts'

export const personFacts = ({ id, commitment }: Pick<Subject, 'id' | 'commitment'>): AuditFacts => ({ subject: { id, commitment } })

export function erasureFacts(row: Pick<ErasureRow, 'id' | 'subject_id' | 'commitment' | 'ground'>): AuditFacts {
  return {
    subject: { id: row.subject_id, commitment: toHex(row.commitment) },
    object: { kind: 'erasure', id: row.id },
    details: { ground: row.ground },
  }
}
