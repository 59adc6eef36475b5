import { defineProblems } from '@gatehouse/core/problem'

export const tenancyProblems = defineProblems('tenancy', {
  locks_out: {
    status: 409,
    title: 'The boundary would lock you out',
    mend: 'Add the network or the client certificate that you come with (GET /v1/tenant/own-place tells both), or make the change from inside.',
  },
})
