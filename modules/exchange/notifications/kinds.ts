/** What people are told of, with how a letter is sent unless they say otherwise, and where the thing is seen. The words name nobody and nothing. */
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
  readonly subject: string
  readonly says: string
  path(object: string): string
}

const review = (object: string) => `/governance/reviews/${object}`
const requests = () => '/governance/requests'
const approval = (object: string) => `/governance/approvals/${object}`

export const kinds: Readonly<Record<KindName, Kind>> = {
  review_waits: { mail: 'at_once', toldTo: 'staff', subject: 'A review waits for you', says: 'A review waits for your vote.', path: review },
  review_due: {
    mail: 'at_once',
    toldTo: 'staff',
    subject: 'A review ends soon',
    says: 'A review that waits for you reaches its deadline soon. After that nothing of it happens.',
    path: review,
  },
  review_differs: {
    mail: 'at_once',
    toldTo: 'staff',
    subject: 'Votes of a review differ',
    says: 'All first votes of a review are in, and they differ. You can change yours, or conclude.',
    path: review,
  },
  review_ended: { mail: 'digest', toldTo: 'staff', subject: 'A review has ended', says: 'A review, or a round of it, has ended.', path: review },
  review_said: { mail: 'digest', toldTo: 'staff', subject: 'A comment on a review', says: 'Somebody has said something about a review.', path: review },
  approval_waits: {
    mail: 'at_once',
    toldTo: 'staff',
    subject: 'An act waits for a second person',
    says: 'Somebody has asked for something that happens only when another person asks for the same. You may be that person.',
    path: approval,
  },
  approval_due: {
    mail: 'at_once',
    toldTo: 'staff',
    subject: 'An act that waits for a second person runs out soon',
    says: 'What somebody has asked for still waits for another person, and is over in a few hours.',
    path: approval,
  },
  approval_ended: {
    mail: 'at_once',
    toldTo: 'staff',
    subject: 'What you asked for has been decided',
    says: 'An act that you asked for and that waited for another person was carried out, taken back, or has run out.',
    path: approval,
  },
  seat_handed: {
    mail: 'at_once',
    toldTo: 'staff',
    subject: 'A seat was handed to you',
    says: 'A colleague has handed you a seat at the review desk until a date.',
    path: () => '/governance/reviews',
  },
  emergency_taken: {
    mail: 'at_once',
    fixed: true,
    toldTo: 'staff',
    subject: 'An emergency right was taken',
    says: 'Somebody has taken a right in an emergency. Look at the reason now, and review it.',
    path: () => '/governance/reviews',
  },
  consent_changed: {
    mail: 'at_once',
    toldTo: 'person',
    subject: 'One of your consents has changed',
    says: 'A consent of yours was recorded or withdrawn. If that was not you, look at it.',
    path: () => '/me/consents',
  },
  request_advanced: {
    mail: 'at_once',
    toldTo: 'person',
    subject: 'What you asked for has gone a step further',
    says: 'There is news of something that you asked for. Read it after signing in.',
    path: () => '/me/requests',
  },
  request_late: {
    mail: 'at_once',
    toldTo: 'person',
    subject: 'The time to answer you is over',
    says: 'The time in which something that you asked for had to be answered is over. You can see it after signing in, and whom you can turn to.',
    path: () => '/me/requests',
  },
  request_received: {
    mail: 'digest',
    toldTo: 'staff',
    subject: 'A person has asked for something',
    says: 'A person has asked for something under the law.',
    path: requests,
  },
  request_due: {
    mail: 'at_once',
    toldTo: 'staff',
    subject: 'The time to answer a person runs out',
    says: 'Something that a person asked for has to be answered within a week. Answer it, or extend its time with a reason.',
    path: requests,
  },
  request_overdue: {
    mail: 'at_once',
    fixed: true,
    toldTo: 'staff',
    subject: 'A person was not answered in time',
    says: 'The statutory time of something that a person asked for is over. Answer it now.',
    path: requests,
  },
}
