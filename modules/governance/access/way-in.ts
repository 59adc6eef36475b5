/** The rows for somebody who gave the right password and still owes a factor. Nothing else counts until then, whatever the account has. */

export const wayIn = [
  {
    name: 'entering',
    summary: 'Somebody who gave the right password and still owes a factor: proves one, or leaves.',
    borneBy: ['staff', 'engineer', 'person'],
    rights: [
      { on: 'factor', may: ['use'], own: true },
      { on: 'session', may: ['read', 'delete'], own: true },
    ],
  },
  {
    name: 'enrolling',
    summary: 'Somebody who must have a second factor and has none yet: sets one up, or leaves.',
    borneBy: ['staff', 'engineer', 'person'],
    rights: [
      { on: 'factor', may: ['create', 'read', 'use'], own: true },
      { on: 'session', may: ['read', 'delete'], own: true },
    ],
  },
] as const
