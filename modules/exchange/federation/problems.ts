import { defineProblems } from '@gatehouse/core/problem'

export const problems = defineProblems('federation', {
  no_identity: { status: 409, title: 'The institution has no name in a mesh yet', mend: 'Give it one: POST /v1/mesh/identity, or gatehouse node name.' },
  name_fixed: { status: 409, title: 'A node keeps its name', mend: 'Peers know it by that name. Change the title or the mailbox only.' },
  card_invalid: { status: 422, title: 'This is no card of a node', mend: 'Send the card as the other node gives it: gatehouse node card.' },
  own_card: { status: 422, title: 'This is the card of this node', mend: 'Send the card of the other node.' },
  not_a_peer: {
    status: 409,
    title: 'There is no approved peer of that name',
    mend: 'Propose it from its card, compare the fingerprint with its institution, and approve it.',
  },
  peer_known: {
    status: 409,
    title: 'A peer of that name is known with another card',
    mend: 'A changed card comes from the peer itself, signed by the key before it. Where that key is lost, revoke the peer and propose it anew.',
  },
  peer_state: { status: 409, title: 'The peer is in no state for that', mend: '"detail" names the state it is in.' },
  fingerprint_differs: {
    status: 409,
    title: 'The fingerprint is not that of the card',
    mend: 'Compare it with the institution on another way than this one. Do not approve it until both agree.',
  },
  no_mailbox: {
    status: 422,
    title: 'Neither side has a mailbox',
    mend: 'Name the mailbox of a coordinator, or switch one on at one of the nodes and name its address.',
  },
  no_common_version: {
    status: 409,
    title: 'The two nodes speak no version in common',
    mend: 'Update the older of them. A node speaks its own version and the one before.',
  },
  mailbox_unreachable: {
    status: 424,
    title: 'The mailbox did not answer as one',
    mend: '"detail" says why. Look at the address, and at GATEHOUSE_EGRESS_ALLOW.',
  },
  kind_unknown: {
    status: 422,
    title: 'This node knows no such kind of message',
    mend: 'Update the older of the two nodes, or switch on what the message is for.',
  },
  version_unknown: { status: 422, title: 'This node does not know that version of the message', mend: 'Update the older of the two nodes.' },
  body_invalid: { status: 422, title: 'The message does not have the form of its kind', mend: 'Update the older of the two nodes.' },
  clock_skew: { status: 422, title: 'The message was sent in the future', mend: 'Set the clocks of both nodes right.' },
  expired: { status: 410, title: 'The time of the message was over', mend: 'Send it again.' },
  peer_refused: { status: 403, title: 'The sender is no approved peer', mend: 'Its institution asks the other one’s administrators.' },
  person_required: { status: 403, title: 'A person has to stand behind this message', mend: 'Send it on behalf of a member of the project.' },
  person_token_invalid: { status: 403, title: 'The token of the person does not hold', mend: 'Set the clocks right and send the message again.' },
  project_not_joined: {
    status: 403,
    title: 'This institution has not joined the project',
    mend: 'Invite it, and wait until its administrators have joined.',
  },
  person_not_approved: {
    status: 403,
    title: 'This institution has not approved the person in the project',
    mend: 'Propose the person, and wait until its administrators have approved.',
  },
  project_unknown: { status: 404, title: 'There is no such project', mend: 'Look at the projects there are.' },
  person_state: { status: 409, title: 'The person is in no state for that', mend: '"detail" names the state.' },
  too_many: { status: 429, title: 'There are as many of them as there may be', mend: 'Remove what is not needed any more.' },
  body_too_large: { status: 413, title: 'The message is too large', mend: 'Send what is large as an attachment.' },
})
