/** What a partner was answered when a release was refused, from what the ledger keeps of it. Pure. */
import { partnerReasons, type Reason, reasonCodes } from '@gatehouse/policy/reasons'

/**
 * The codes that the partner was told, and none of those that it was not. An entry without reasons is a request that named no
 * data class where there were several.
 */
export function answeredReasons(details: Readonly<Record<string, unknown>> | undefined): string[] {
  const kept = details?.reasons
  if (!Array.isArray(kept)) return ['record_type_needed']
  const known = kept.filter((code): code is Reason['code'] => typeof code === 'string' && Object.hasOwn(reasonCodes, code))
  // A code that no table knows tells nothing, rather than too much.
  if (known.length < kept.length) return ['not_available']
  return [...new Set(partnerReasons(known.map((code) => ({ code }))).map(({ code }) => code))]
}
