import { defineProblems } from '@gatehouse/core/problem'
import { limits } from './schema.ts'

export const problems = defineProblems('dataspace', {
  off: { status: 409, title: 'The node does not speak the Dataspace Protocol', mend: 'The operator switches it on with GATEHOUSE_DATASPACE=true.' },
  not_a_participant: {
    status: 403,
    title: 'The caller is no registered participant',
    mend: 'An administrator registers an active partner as a participant first (POST /v1/dataspace/participants).',
  },
  unknown_process: { status: 404, title: 'There is no such negotiation or transfer', mend: 'Use the pid that this side gave.' },
  unknown_dataset: { status: 404, title: 'There is no such dataset', mend: 'Ask for the catalogue: it lists what is offered to you.' },
  filter_unsupported: { status: 400, title: 'The catalogue takes no filter', mend: 'Send the request without "filter".' },
  pid_mismatch: { status: 400, title: 'The pids do not belong together', mend: 'Send both pids as they were given at the beginning.' },
  pid_taken: { status: 409, title: 'This pid was used for something else', mend: 'Begin with a new consumerPid.' },
  wrong_state: { status: 409, title: 'The message does not fit the state', mend: 'Read the state by GET and go on from there.' },
  offer_unknown: { status: 400, title: 'The offer is not one of ours, or not any more', mend: 'Ask for the catalogue again and take an offer from it.' },
  outside_profile: {
    status: 400,
    title: 'The terms say something that this side cannot evaluate',
    mend: 'Keep to the profile at /dsp/profile; the reasons name what was not understood.',
  },
  address_refused: {
    status: 400,
    title: 'The address is not at the host that is registered',
    mend: 'Messages go to the host that is registered for the participant only; https, and on the operator’s allow list.',
  },
  agreement_unknown: { status: 400, title: 'There is no such agreement in force', mend: 'Negotiate first; transfer when the negotiation is FINALIZED.' },
  format_unsupported: { status: 400, title: 'Data is not transferred in this format', mend: 'Ask for HttpData-PULL.' },
  too_many_open: { status: 429, title: 'Too much is under way', mend: `End some: at most ${limits.openMax} negotiations and transfers at a time.` },
  token_refused: { status: 401, title: 'The token opens nothing', mend: 'Use the token of the last start message; resume the transfer for as long again.' },
  step_refused: { status: 409, title: 'This step cannot be done now', mend: 'The detail page lists the steps that can.' },
  people_only: {
    status: 403,
    title: 'A participant is registered by a person',
    mend: 'Sign in, or use an API key of your own: whoever registers it stands for its requests on the review desk.',
  },
  participant_exists: { status: 409, title: 'The partner is a participant already', mend: 'Change that one.' },
  not_offered: { status: 424, title: 'The other side did not answer as the protocol wants', mend: 'The detail says what it answered.' },
  agreement_over: { status: 409, title: 'The agreement under which the data came is over', mend: 'Negotiate again; what came under it is not used any more.' },
  purpose_not_agreed: {
    status: 403,
    title: 'The agreement does not let its data be used for this',
    mend: 'Name one of the purposes of the agreement, or a narrower one; for another one negotiate again.',
  },
  data_unavailable: { status: 409, title: 'There is no data to fetch', mend: 'Data comes with a transfer that the provider has started.' },
  // Only the queue sees this one.
  not_delivered: {
    status: 424,
    title: 'The other side did not take the message',
    mend: 'It is sent again with growing delay; the detail page shows the attempts.',
  },
})
