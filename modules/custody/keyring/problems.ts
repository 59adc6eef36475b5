import { defineProblems } from '@gatehouse/core/problem'

export const problems = defineProblems('keyring', {
  secret_too_long: { status: 400, title: 'The secret is too long', mend: 'A secret has at most 16,384 bytes.' },
})
