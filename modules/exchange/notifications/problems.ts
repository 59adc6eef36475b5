import { defineProblems } from '@gatehouse/core/problem'

export const problems = defineProblems('notifications', {
  preference_fixed: {
    status: 409,
    title: 'How you are told of this cannot be chosen',
    mend: 'See the list of preferences; what is "fixed" is sent to everybody concerned.',
  },
  letter_failed: {
    status: 502,
    title: 'The letter was not taken',
    mend: 'The node tries again by itself. Check the settings of the mail server if it stays so.',
  },
})
