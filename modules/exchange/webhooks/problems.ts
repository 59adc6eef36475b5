import { defineProblems } from '@gatehouse/core/problem'
import { signingSecretsMax, webhooksPerOwnerMax } from './schema.ts'

export const problems = defineProblems('webhooks', {
  url_refused: {
    status: 422,
    title: 'The node may not send to this address',
    mend: 'Use https and a host on the allow list: the operator adds it to GATEHOUSE_EGRESS_ALLOW.',
  },
  too_many: {
    status: 409,
    title: 'There are as many webhooks as there may be',
    mend: `An owner has at most ${webhooksPerOwnerMax}: delete one that is not used.`,
  },
  not_owner: { status: 403, title: 'The webhook belongs to a partner', mend: 'Only its owner may learn a secret of it: let the partner rotate it.' },
  rotated_too_often: {
    status: 409,
    title: 'Too many secrets sign at the moment',
    mend: `At most ${signingSecretsMax} sign at a time, and a replaced one for 24 hours: wait, or delete the webhook and create it anew.`,
  },
  not_active: { status: 409, title: 'The webhook is not active', mend: 'Make it active first: PATCH with "state": "active".' },
  still_pending: { status: 409, title: 'The delivery is still being tried', mend: 'Wait until it is delivered or dead.' },
  // Only the queue sees this one. It is the receiver's failure and no error of the node, so it stays below 500.
  delivery_failed: { status: 424, title: 'The receiver did not take the delivery', mend: 'It is tried again with growing delay; the delivery says why.' },
})
