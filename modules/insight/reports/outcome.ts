/** What one entry of the log counts for. Pure, and blind to persons: the commitment in an entry is not looked at. */
import type { EntryBody } from '../../ledger/index.ts'

/**
 * The steps of a release. `denied`: policy or consent said no. `refused`: a token was not accepted. `failed`: the node met an
 * error. `staff_read`, `staff_denied`: the institution's own people asked.
 */
export const outcomes = [
  'requested',
  'permitted',
  'denied',
  'redeemed',
  'refused',
  'delivered',
  'undelivered',
  'cancelled',
  'staff_read',
  'staff_denied',
  'failed',
] as const
export type Outcome = (typeof outcomes)[number]

/** Outcomes whose entries name fields. */
export const withFields: readonly Outcome[] = ['permitted', 'redeemed', 'staff_read']
/** Outcomes whose entries give reasons. */
export const withReasons: readonly Outcome[] = ['denied', 'refused', 'staff_denied']

export const timedOperations = ['authorize', 'redeem'] as const
export type TimedOperation = (typeof timedOperations)[number]

export interface Counted {
  readonly outcomes: readonly Outcome[]
  readonly bytes: number
  readonly fields: readonly string[]
  readonly reasons: readonly string[]
  readonly timed?: { readonly operation: TimedOperation; readonly decision: 'permit' | 'deny'; readonly ms: number }
}

interface Kind {
  readonly permit: readonly Outcome[]
  readonly deny: readonly Outcome[]
  readonly error: readonly Outcome[]
  readonly timed?: TimedOperation
}

const kinds: Readonly<Record<string, Kind>> = {
  'release.authorize': { permit: ['requested', 'permitted'], deny: ['requested', 'denied'], error: ['requested', 'failed'], timed: 'authorize' },
  'release.redeem': { permit: ['redeemed'], deny: ['refused'], error: ['failed'], timed: 'redeem' },
  'release.read_record': { permit: ['staff_read'], deny: ['staff_denied'], error: ['failed'] },
}

/** The types of entries that count for anything. */
export const countedTypes: readonly string[] = [...Object.keys(kinds), 'release.deliver', 'release.cancel']

/** Text from an entry that becomes part of a key. */
const nameMax = 128

export function countedIn({ type, decision, details = {}, took_ms: ms }: EntryBody): Counted | undefined {
  const none = { bytes: 0, fields: [], reasons: [] }
  if (type === 'release.cancel') return decision === undefined ? { ...none, outcomes: ['cancelled'] } : undefined
  if (type === 'release.deliver') {
    const bytes = Number.isSafeInteger(details.bytes) ? (details.bytes as number) : 0
    return { ...none, outcomes: [details.delivered === true ? 'delivered' : 'undelivered'], bytes }
  }
  const kind = kinds[type]
  if (kind === undefined || (decision !== 'permit' && decision !== 'deny' && decision !== 'error')) return undefined
  return {
    outcomes: kind[decision],
    bytes: 0,
    fields: decision === 'permit' ? namesIn(details.fields) : [],
    // The door itself refuses with a single reason.
    reasons: decision === 'deny' ? namesIn(details.reasons ?? [details.reason]) : [],
    ...(kind.timed === undefined || decision === 'error' || ms === undefined ? {} : { timed: { operation: kind.timed, decision, ms } }),
  }
}

/** Each name once. Older entries hold a mere number in the place of names. */
function namesIn(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return [...new Set(value.filter((name): name is string => typeof name === 'string' && name.length > 0 && name.length <= nameMax))]
}
