/** Who is told what of an event, judged by what is true when it is handed on. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Right } from '@gatehouse/runtime/door/operation'
import type { CloudEvent } from '@gatehouse/runtime/work/outbox'
import type { Asking } from '../../governance/access/index.ts'
import { type ApprovalConcerned, approvalConcerned, type Concerned, concernedBy, sittersOf } from '../../governance/approvals/index.ts'
import { accountOfPerson, staffWhoMay } from '../../governance/identity/index.ts'
import type { KindName } from './kinds.ts'

export interface Told {
  readonly kind: KindName
  readonly object: string
  readonly users: readonly string[]
  /** Whose account it is, for a person whose records are kept. */
  readonly subject?: Id<'subject'>
  /** What was said of the thing before and needs no look any more. */
  readonly settles?: readonly KindName[]
}

type At = Asking & { readonly now: Instant }

export const toldOf = [
  'approvals.review_requested',
  'approvals.review_resubmitted',
  'approvals.review_lapsed',
  'approvals.review_disclosed',
  'approvals.review_commented',
  'approvals.review_returned',
  'approvals.review_approved',
  'approvals.review_rejected',
  'approvals.review_withdrawn',
  'approvals.review_expired',
  'approvals.review_due',
  'approvals.asked',
  'approvals.due',
  'approvals.completed',
  'approvals.withdrawn',
  'approvals.expired',
  'approvals.delegated',
  'access.glass_broken',
  'consents.given',
  'consents.withdrawn',
  'requests.received',
  'requests.advanced',
  'requests.restriction_lifted',
  'requests.due',
  'requests.overdue',
] as const

/** One for each kind of those who are told. */
export async function tellOf(at: At, event: CloudEvent): Promise<readonly Told[]> {
  const object = event.subject ?? ''
  if (event.type.startsWith('approvals.review_')) {
    const concerned = await concernedBy(at, object as Id<'review'>)
    return concerned === undefined ? [] : [ofReview(event, object, concerned)]
  }
  if (ofApprovals.has(event.type)) {
    const concerned = await approvalConcerned(at, object as Id<'approval'>)
    return concerned === undefined ? [] : [ofApproval(event, object, concerned)]
  }
  if (event.type === 'approvals.delegated') return [{ kind: 'seat_handed', object, users: [String(event.data.to)] }]
  if (event.type === 'access.glass_broken') {
    const groups = [await sittersOf(at, { kind: 'role', id: 'administrator' }), await sittersOf(at, { kind: 'role', id: 'officer' })]
    return [{ kind: 'emergency_taken', object, users: [...new Set(groups.flat())] }]
  }
  const subject = event.data.subject as Id<'subject'>
  const toPerson = async (kind: KindName): Promise<Told[]> => {
    const account = await accountOfPerson(at.tx, at.tenant, subject)
    return account === undefined ? [] : [{ kind, object, users: [account], subject }]
  }
  const toStaff = async (kind: KindName, settles: readonly KindName[] = []): Promise<Told[]> => [
    { kind, object, users: await staffWhoMay(at, answering), settles },
  ]
  switch (event.type) {
    case 'requests.received':
      return toStaff('request_received')
    case 'requests.due':
      return toStaff('request_due')
    case 'requests.overdue':
      return [...(await toStaff('request_overdue', ['request_due'])), ...(await toPerson('request_late'))]
    case 'requests.advanced': {
      const news = await toPerson('request_advanced')
      // What was said to the staff of its time is seen to once there is an answer or another time.
      const seenTo = ['extended', 'done', 'refused'].includes(String(event.data.state))
      return seenTo ? [{ kind: 'request_due', object, users: [], settles: ['request_received', 'request_due', 'request_overdue'] }, ...news] : news
    }
    case 'requests.restriction_lifted':
      return toPerson('request_advanced')
    default:
      return toPerson('consent_changed')
  }
}

/** Whoever may answer what people ask for. */
const answering: Right = { action: 'update', resource: { type: 'rights_request' } }

const ofApprovals: ReadonlySet<string> = new Set(['asked', 'due', 'completed', 'withdrawn', 'expired'].map((news) => `approvals.${news}`))

/** Whoever brought it about knows. */
function ofApproval({ type, data }: CloudEvent, object: string, { voters, waitedFor }: ApprovalConcerned): Told {
  if (type === 'approvals.asked') return { kind: 'approval_waits', object, users: waitedFor }
  if (type === 'approvals.due') return { kind: 'approval_due', object, users: waitedFor }
  return { kind: 'approval_ended', object, users: voters.filter((one) => one !== data.by), settles: ['approval_waits', 'approval_due'] }
}

const over = ['review_waits', 'review_due', 'review_differs'] as const

export function ofReview({ type, data }: Pick<CloudEvent, 'type' | 'data'>, object: string, concerned: Concerned): Told {
  const { author, voters, waitedFor, blinded, state } = concerned
  switch (type) {
    case 'approvals.review_requested':
    case 'approvals.review_resubmitted':
    case 'approvals.review_lapsed':
      return { kind: 'review_waits', object, users: waitedFor }
    case 'approvals.review_disclosed':
      return { kind: 'review_differs', object, users: voters, settles: ['review_waits', 'review_due'] }
    case 'approvals.review_due':
      return { kind: 'review_due', object, users: state === 'returned' ? [author] : blinded ? waitedFor : voters }
    case 'approvals.review_commented':
      return { kind: 'review_said', object, users: hearers(data, author, [...new Set([...voters, ...waitedFor])], blinded) }
    case 'approvals.review_withdrawn':
      return { kind: 'review_ended', object, users: voters, settles: over }
    default:
      return { kind: 'review_ended', object, users: [author], settles: over }
  }
}

/** Only who may read the comment is told of it: while votes are hidden a reviewer's is heard by nobody. */
function hearers({ by, visibility }: CloudEvent['data'], author: string, reviewers: readonly string[], blinded: boolean): string[] {
  if (by === author) return reviewers.filter((one) => one !== by)
  if (blinded) return []
  return [...(visibility === 'public' ? [author] : []), ...reviewers].filter((one) => one !== by)
}
