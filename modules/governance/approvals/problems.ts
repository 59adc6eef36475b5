import { defineProblems } from '@gatehouse/core/problem'

export const approvalsProblems = defineProblems('approvals', {
  people_only: {
    status: 403,
    title: 'This happens only when several people ask for it',
    mend: 'Sign in as a person. Programs, partners and jobs do not count towards an approval.',
  },
  approval_closed: {
    status: 409,
    title: 'The approval is not open any more',
    mend: 'It was carried out, withdrawn, or has expired. Make the request again to open a new one.',
  },
})
