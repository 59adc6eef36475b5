/** Where messages of negotiations come in. The paths of both sides lie in one space: the pid in them is always ours. */
import type { Id } from '@gatehouse/core/id'
import { sameTerms } from '@gatehouse/policy/odrl-terms'
import { writeTerms } from '@gatehouse/policy/odrl-write-terms'
import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { problems } from '../problems.ts'
import { begin, beginningProblems } from '../processes/begin.ts'
import { listener } from '../processes/listener.ts'
import { thenProceed } from '../processes/proceed.ts'
import { readAs } from '../processes/read-as.ts'
import { offerNamed, termsIn } from '../processes/receive.ts'
import { context, messages } from '../protocol/messages.ts'
import { tableOf } from '../protocol/names.ts'
import { acknowledgement, examples, path } from '../schema.ts'

const use = { '@id': examples.offer, '@type': 'Offer' as const, target: examples.dataset, permission: [{ action: 'use' }] }
const inReach = (_input: unknown, { partner }: { readonly partner?: Id<'partner'> }) => ({
  type: 'negotiation',
  ...(partner === undefined ? {} : { owner: partner }),
})

export const requestNegotiation = operation({
  name: 'dataspace.request_negotiation',
  summary: 'Begin a negotiation, as another participant',
  description:
    'Dataspace Protocol 2025-1. The offer is one of the catalogue. The same request again gives the same negotiation; terms outside the profile are refused with the names of what was not understood.',
  input: messages.ContractRequestMessage,
  output: acknowledgement,
  access: { action: 'create', on: inReach },
  audit: (_input, { state }) => ({ details: { message: 'ContractRequestMessage', state } }),
  http: { method: 'POST', path: `${path}/negotiations/request`, status: 201, speaks: 'dsp:negotiation' },
  followUp: thenProceed,
  example: {
    input: {
      '@context': [...context],
      '@type': 'ContractRequestMessage',
      consumerPid: examples.other,
      offer: use,
      callbackAddress: 'https://connector.example.org/dsp',
    },
  },
  problems: [...beginningProblems, problems.offer_unknown, problems.outside_profile],
  async run(ctx, message) {
    const { consumerPid, offer, callbackAddress } = message
    // With a pid of ours it is a counter-request, and comes to that negotiation's own address.
    if (callbackAddress === undefined) return refuse(problems.pid_mismatch, 'a first request has a callbackAddress and no providerPid')
    const beginning = { kind: 'negotiation', event: 'request', role: 'provider', state: 'REQUESTED', pid: consumerPid, callbackAddress } as const
    return begin(ctx, message, beginning, async () => {
      const terms = termsIn(ctx, offer)
      if (terms instanceof Refusal) return terms
      const reference = referenceIn(offer['@id'])
      const ours = reference === undefined ? undefined : await offerNamed(ctx, reference, offer)
      if (reference === undefined || ours === undefined) return refuse(problems.offer_unknown)
      if (offer.target !== undefined && tableOf(offer.target) !== reference) return refuse(problems.offer_unknown, 'the offer is of another dataset')
      return { dataset: reference, offer_id: ours.id, terms: writeTerms(terms), terms_ours: sameTerms(terms, ours.terms) }
    })
  },
})

/** The table in the name of an offer of ours. */
const referenceIn = (offer: string): string | undefined => /^urn:gatehouse:offer:[0-9a-f-]{36}:\d+:(.+)$/.exec(offer)?.[1]

export const offerNegotiation = operation({
  name: 'dataspace.offer_negotiation',
  summary: 'Begin a negotiation with an offer, as another participant',
  description: 'The provider makes the first step. It waits for a person here, who accepts it or not.',
  input: messages.ContractOfferMessage,
  output: acknowledgement,
  access: { action: 'create', on: inReach },
  audit: (_input, { state }) => ({ details: { message: 'ContractOfferMessage', state } }),
  http: { method: 'POST', path: `${path}/negotiations/offers`, status: 201, speaks: 'dsp:negotiation' },
  example: {
    input: {
      '@context': [...context],
      '@type': 'ContractOfferMessage',
      providerPid: examples.other,
      offer: use,
      callbackAddress: 'https://connector.example.org/dsp',
    },
  },
  problems: [...beginningProblems, problems.outside_profile],
  async run(ctx, message) {
    const { providerPid, offer, callbackAddress } = message
    if (callbackAddress === undefined) return refuse(problems.pid_mismatch, 'a first offer has a callbackAddress and no consumerPid')
    const beginning = { kind: 'negotiation', event: 'offer', role: 'consumer', state: 'OFFERED', pid: providerPid, callbackAddress } as const
    return begin(ctx, message, beginning, async () => {
      const terms = termsIn(ctx, offer)
      return terms instanceof Refusal ? terms : { dataset: offer.target ?? '', offer_id: offer['@id'], terms: writeTerms(terms) }
    })
  },
})

export const readNegotiationAs = readAs('negotiation', 'negotiation_state', 'Read a negotiation, as another participant')

export const negotiationListeners = [
  listener({
    name: 'counter_request',
    summary: 'Ask for other terms, as another participant',
    kind: 'negotiation',
    message: 'ContractRequestMessage',
    below: 'request',
    event: () => 'request',
    example: { offer: use },
  }),
  listener({
    name: 'offer',
    summary: 'Make an offer, as another participant',
    kind: 'negotiation',
    message: 'ContractOfferMessage',
    below: 'offers',
    event: () => 'offer',
    example: { offer: use },
  }),
  listener({
    name: 'negotiation_event',
    summary: 'Accept an offer or finalize an agreement, as another participant',
    kind: 'negotiation',
    message: 'ContractNegotiationEventMessage',
    below: 'events',
    event: ({ eventType }) => (eventType === 'ACCEPTED' ? 'accept' : 'finalize'),
    example: { eventType: 'ACCEPTED' },
  }),
  listener({
    name: 'agree',
    summary: 'Send the agreement, as another participant',
    kind: 'negotiation',
    message: 'ContractAgreementMessage',
    below: 'agreement',
    event: () => 'agree',
    example: {
      agreement: {
        '@id': examples.other,
        '@type': 'Agreement',
        target: examples.dataset,
        assigner: 'did:web:provider.example.org',
        assignee: 'did:web:consumer.example.org',
        timestamp: '2026-11-22T09:30:00Z',
        permission: [{ action: 'use' }],
      },
    },
  }),
  listener({
    name: 'verify_agreement',
    summary: 'Verify the agreement, as another participant',
    kind: 'negotiation',
    message: 'ContractAgreementVerificationMessage',
    below: 'agreement/verification',
    event: () => 'verify',
  }),
  listener({
    name: 'terminate_negotiation',
    summary: 'End a negotiation, as another participant',
    kind: 'negotiation',
    message: 'ContractNegotiationTerminationMessage',
    below: 'termination',
    event: () => 'terminate',
  }),
]
