import { defineProblems } from '@gatehouse/core/problem'

/** Problems that any door may answer with, whichever operation stands behind it. */
export const doorProblems = defineProblems('door', {
  input_invalid: {
    status: 400,
    title: 'The request does not have the form it must have',
    mend: 'Each entry of "errors" names a place and what belongs there.',
  },
  not_authenticated: { status: 401, title: 'Nobody is signed in', mend: 'Send an API key as "Authorization: Bearer …", or sign in.' },
  not_allowed: { status: 403, title: 'You may not do this', mend: 'Ask an administrator for the role that the operation needs.' },
  outside_boundary: {
    status: 403,
    title: 'The institution is not reached from here',
    mend: 'Come from one of the networks, or with one of the client certificates, that the institution names. An administrator inside can change them.',
  },
  step_up_required: {
    status: 403,
    title: 'This needs a fresh proof that it is you',
    mend: 'Prove a factor at /v1/auth/factor, then repeat the request. The proof holds for five minutes.',
  },
  not_found: {
    status: 404,
    title: 'There is no such thing, or you may not know of it',
    mend: 'Check the id, and that you are signed in to the right institution.',
  },
  conflict: { status: 409, title: 'The thing has changed meanwhile', mend: 'Read it again and repeat the change on what is there now.' },
  not_in_sandbox: {
    status: 409,
    title: 'The sandbox has no made-up answer for this',
    mend: 'Files, streams and sessions are not made up. Have the application admitted and ask again.',
  },
  key_reused: { status: 409, title: 'This Idempotency-Key was used for another request', mend: 'Use a new key for a new request.' },
  answer_once: {
    status: 409,
    title: 'This request was carried out before and its answer is shown only once',
    mend: 'Use a new Idempotency-Key to carry it out again.',
  },
  too_large: { status: 413, title: 'The request is larger than this operation takes', mend: 'Send less at a time; the limit stands in the reference.' },
  media_type: { status: 415, title: 'The body is of a kind that this operation does not read', mend: 'Send the content type that the reference names.' },
  rate_limited: { status: 429, title: 'Too many requests', mend: 'Wait as long as the Retry-After header says.' },
  internal: { status: 500, title: 'The node met an error of its own', mend: 'Nothing was changed. Give the administrator the instance id.' },
  unavailable: { status: 503, title: 'The node cannot reach what it needs', mend: 'Nothing was changed. Try again shortly.' },
})
