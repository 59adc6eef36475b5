import { defineProblems } from '@gatehouse/core/problem'

export const requestsProblems = defineProblems('requests', {
  too_many_open: { status: 409, title: 'There are as many open requests as one person may have', mend: 'Wait for an answer to those.' },
  not_now: { status: 409, title: 'The request is not in a state for this step', mend: 'Read the request: its state says what comes next.' },
  reason_needed: { status: 400, title: 'The person has to be told', mend: 'Send "reason": it is shown to the person.' },
  too_late_to_extend: {
    status: 409,
    title: 'The time is over, and can be extended no more',
    mend: 'Answer now. The law wants the person told of an extension within the first time.',
  },
  not_restricted: { status: 409, title: 'This request restricts nothing', mend: 'Only a restriction that was granted is lifted, once.' },
})
