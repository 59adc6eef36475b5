import { defineProblems } from '@gatehouse/core/problem'

export const subjectsProblems = defineProblems('subjects', {
  user_id_invalid: {
    status: 400,
    title: 'A user id cannot be used',
    mend: 'A user id has 1 to 200 characters and no control characters; "errors" gives the places.',
  },
})
