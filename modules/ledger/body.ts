/** The body of an entry: the bytes that become a leaf of the log. Stored as they are hashed, never written anew from columns. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { Problem } from '@gatehouse/core/problem'
import { utf8 } from '@gatehouse/crypto/bytes'
import type { AuditEntry } from '@gatehouse/runtime/door/audit'
import { ledgerProblems } from './problems.ts'
import { entryBytesMax } from './schema.ts'

/**
 * RFC 8785 text of the entry, members without a value left out. The person concerned appears by commitment only.
 * @throws Problem entry_too_large
 */
export function entryBody({ id, tenant, type, at, actor, facts, trace, tookMs }: AuditEntry): Uint8Array {
  const { subject, decision, partner, purpose, object, details } = facts
  const body = utf8(
    canonicalJson({
      v: 1,
      stream: 'audit',
      id,
      type,
      at,
      actor,
      tenant,
      decision,
      subject_c: subject?.commitment,
      partner,
      purpose,
      object,
      details,
      trace,
      took_ms: tookMs,
    }),
  )
  if (body.length > entryBytesMax) throw new Problem(ledgerProblems.entry_too_large, `${type}: ${body.length} bytes`)
  return body
}
