import { defineProblems } from '@gatehouse/core/problem'
import { skewSeconds } from './protocol/request.ts'

export const problems = defineProblems('coordinator', {
  card_invalid: { status: 422, title: 'This is no card of a node', mend: 'Send the card as the node gives it: GET /v1/mesh/identity.' },
  name_taken: {
    status: 409,
    title: 'Another node has that name',
    mend: 'A changed card is signed by the key before it, too. Where that key is lost, ask the operator of the coordinator to exclude the old node.',
  },
  too_many: { status: 429, title: 'Too many nodes wait to be admitted', mend: 'Ask the operator of the coordinator to look through those that wait.' },
  not_a_node: {
    status: 401,
    title: 'The request is not signed by a node that is admitted here',
    mend: 'Register the card of the node, let the operator of the coordinator admit it, and sign with the key that the card names.',
  },
  clock_skew: {
    status: 401,
    title: 'The clocks of the node and of the mailbox differ too much',
    mend: `At most ${skewSeconds} seconds lie between them: set the clock right. "now" is the time here.`,
  },
  body_changed: { status: 400, title: 'The body is not the one that was signed', mend: 'Send the bytes that the digest was made from.' },
  fingerprint_differs: {
    status: 409,
    title: 'The fingerprint is not that of the card',
    mend: 'Compare it with whoever runs the other node, on another way than this one. Do not admit it until they agree.',
  },
  manifest_invalid: { status: 422, title: 'This is no manifest of a release', mend: 'Send the manifest as it was signed, in compact form.' },
  full: { status: 507, title: 'Too much waits for that node', mend: 'Try again when it has taken some of it.' },
  part_too_large: { status: 413, title: 'The part is too large, or has too high a number', mend: 'Send an attachment in the parts that the protocol names.' },
})
