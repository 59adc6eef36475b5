import { defineProblems } from '@gatehouse/core/problem'

export const problems = defineProblems('keyring', {
  rotated_meanwhile: { status: 409, title: 'Somebody else has just changed this key', mend: 'Look at the keys again before you change it once more.' },
  too_many_generations: {
    status: 409,
    title: 'This key was changed too often',
    mend: 'At most 100 keys of one use are kept for verifying. Ask the makers of Gatehouse for more.',
  },
  secret_too_long: { status: 400, title: 'The secret is too long', mend: 'A secret has at most 16,384 bytes.' },
})
