import type { Words } from './saying.ts'

export const en: Words = {
  kinds: {
    review_waits: { subject: 'A review waits for you', says: 'A review waits for your vote.' },
    review_due: { subject: 'A review ends soon', says: 'A review that waits for you reaches its deadline soon. After that nothing of it happens.' },
    review_differs: { subject: 'Votes of a review differ', says: 'All first votes of a review are in, and they differ. You can change yours, or conclude.' },
    review_ended: { subject: 'A review has ended', says: 'A review, or a round of it, has ended.' },
    review_said: { subject: 'A comment on a review', says: 'Somebody has said something about a review.' },
    approval_waits: {
      subject: 'An act waits for a second person',
      says: 'Somebody has asked for something that happens only when another person asks for the same. You may be that person.',
    },
    approval_due: {
      subject: 'An act that waits for a second person runs out soon',
      says: 'What somebody has asked for still waits for another person, and is over in a few hours.',
    },
    approval_ended: {
      subject: 'What you asked for has been decided',
      says: 'An act that you asked for and that waited for another person was carried out, taken back, or has run out.',
    },
    seat_handed: { subject: 'A seat was handed to you', says: 'A colleague has handed you a seat at the review desk until a date.' },
    emergency_taken: {
      subject: 'An emergency right was taken',
      says: 'Somebody has taken a right in an emergency. Look at the reason now, and review it.',
    },
    consent_changed: { subject: 'One of your consents has changed', says: 'A consent of yours was recorded or withdrawn. If that was not you, look at it.' },
    request_advanced: {
      subject: 'What you asked for has gone a step further',
      says: 'There is news of something that you asked for. Read it after signing in.',
    },
    request_late: {
      subject: 'The time to answer you is over',
      says: 'The time in which something that you asked for had to be answered is over. You can see it after signing in, and whom you can turn to.',
    },
    request_received: { subject: 'A person has asked for something', says: 'A person has asked for something under the law.' },
    request_due: {
      subject: 'The time to answer a person runs out',
      says: 'Something that a person asked for has to be answered within a week. Answer it, or extend its time with a reason.',
    },
    request_overdue: {
      subject: 'A person was not answered in time',
      says: 'The statutory time of something that a person asked for is over. Answer it now.',
    },
  },
  digest: (count) => ({ subject: `${count} new in your inbox`, says: `Since the last letter this many things have come to your inbox: ${count}.` }),
  choose: (place) => `You can choose what you are told by mail: ${place}`,
}
