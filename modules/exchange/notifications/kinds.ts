/** What people are told of, with how a letter is sent unless they say otherwise, and where the thing is seen. */
export const mailChoices = ['off', 'at_once', 'digest'] as const
export type MailChoice = (typeof mailChoices)[number]

export const kindNames = [
  'review_waits',
  'review_due',
  'review_differs',
  'review_ended',
  'review_said',
  'approval_waits',
  'approval_due',
  'approval_ended',
  'seat_handed',
  'emergency_taken',
  'consent_changed',
  'request_advanced',
  'request_late',
  'request_received',
  'request_due',
  'request_overdue',
] as const
export type KindName = (typeof kindNames)[number]

export interface Kind {
  readonly mail: MailChoice
  /** A letter leaves at once, whatever somebody prefers. */
  readonly fixed?: true
  readonly toldTo: 'staff' | 'person'
  path(object: string): string
}

const review = (object: string) => `/governance/reviews/${object}`
const requests = () => '/governance/requests'
const approval = (object: string) => `/governance/approvals/${object}`

export const kinds: Readonly<Record<KindName, Kind>> = {
  review_waits: { mail: 'at_once', toldTo: 'staff', path: review },
  review_due: {
    mail: 'at_once',
    toldTo: 'staff',
    path: review,
  },
  review_differs: {
    mail: 'at_once',
    toldTo: 'staff',
    path: review,
  },
  review_ended: { mail: 'digest', toldTo: 'staff', path: review },
  review_said: { mail: 'digest', toldTo: 'staff', path: review },
  approval_waits: {
    mail: 'at_once',
    toldTo: 'staff',
    path: approval,
  },
  approval_due: {
    mail: 'at_once',
    toldTo: 'staff',
    path: approval,
  },
  approval_ended: {
    mail: 'at_once',
    toldTo: 'staff',
    path: approval,
  },
  seat_handed: {
    mail: 'at_once',
    toldTo: 'staff',
    path: () => '/governance/reviews',
  },
  emergency_taken: {
    mail: 'at_once',
    fixed: true,
    toldTo: 'staff',
    path: () => '/governance/reviews',
  },
  consent_changed: {
    mail: 'at_once',
    toldTo: 'person',
    path: () => '/me/consents',
  },
  request_advanced: {
    mail: 'at_once',
    toldTo: 'person',
    path: () => '/me/requests',
  },
  request_late: {
    mail: 'at_once',
    toldTo: 'person',
    path: () => '/me/requests',
  },
  request_received: {
    mail: 'digest',
    toldTo: 'staff',
    path: requests,
  },
  request_due: {
    mail: 'at_once',
    toldTo: 'staff',
    path: requests,
  },
  request_overdue: {
    mail: 'at_once',
    fixed: true,
    toldTo: 'staff',
    path: requests,
  },
}
