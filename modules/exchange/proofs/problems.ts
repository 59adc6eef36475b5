import { defineProblems } from '@gatehouse/core/problem'

export const problems = defineProblems('proofs', {
  set_too_small: {
    status: 409,
    title: 'Fewer than 32 consents of this kind are in force',
    mend: 'A proof over so few would tell too much about each of them. Use another way to show the consent, with the person’s knowledge.',
  },
  not_in_set: {
    status: 409,
    title: 'The person has given no such consent that is in force long enough',
    mend: 'Name grantee, purpose and data class as the consent names them; it must not end within ten minutes.',
  },
  checkpoint_late: {
    status: 503,
    title: 'No checkpoint covers the published set yet',
    mend: 'Try again in a few seconds. If it persists, look at the log’s standing.',
  },
  proof_refused: { status: 422, title: 'The proof does not hold', mend: '"reason" says what is wrong with it. Ask whoever sent it for a new one.' },
  o1js_missing: {
    status: 501,
    title: 'Proofs over large sets need the package o1js, which this node does not have',
    mend: 'An operator adds it as docs/how-to/prove-large-sets.md says. Smaller sets need nothing: POST /v1/proofs.',
  },
  too_many_requests: { status: 429, title: 'Twenty proofs over large sets wait already', mend: 'Wait until some are made, or cancel one.' },
  request_ended: { status: 409, title: 'The proof is made, failed or cancelled already', mend: 'Nothing needs to be done.' },
  nullifier_replayed: { status: 409, title: 'This proof was accepted before', mend: 'A proof counts once. Ask for one with a new request.' },
})
