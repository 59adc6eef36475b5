/** The messages that this side sends, by the step that each one is. Pure. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { inPath } from '../protocol/addresses.ts'
import { context, type MessageName, type Wire } from '../protocol/messages.ts'
import { agreementName, ownParticipant, pidOf } from '../protocol/names.ts'
import type { ProtocolEvent } from '../states.ts'
import type { AgreementRow, ProcessRow } from './store.ts'

export interface Outgoing {
  readonly type: MessageName
  /** Below the other side's address. */
  readonly path: string
  readonly body: Wire
}

export interface Sides {
  readonly tenant: Id<'tenant'>
  /** The other side's participant id. */
  readonly other: string
  /** Where this side takes messages. */
  readonly callback: string
}

/** Both pids, as each side of the process calls it. */
export function pidsOf({ id, role, other_pid }: Pick<ProcessRow, 'id' | 'role' | 'other_pid'>): { providerPid: string; consumerPid: string } {
  const [own, other] = [pidOf(id), other_pid ?? '']
  return role === 'provider' ? { providerPid: own, consumerPid: other } : { providerPid: other, consumerPid: own }
}

/** An offer or an agreement with the parties in it. */
function parties({ tenant, other }: Sides, role: ProcessRow['role']) {
  return role === 'provider' ? { assigner: ownParticipant(tenant), assignee: other } : { assigner: other, assignee: ownParticipant(tenant) }
}

/** What both sides sign, so to speak: the terms on the table with a name, a time and the parties. */
export function agreementBody(id: Id<'agreement'>, target: string, terms: Wire, sides: Sides, at: Instant): Wire {
  return { '@id': agreementName(id), '@type': 'Agreement', target, ...parties(sides, 'provider'), timestamp: at, ...terms }
}

export function outgoing(
  event: ProtocolEvent,
  process: ProcessRow,
  sides: Sides,
  more: { readonly agreement?: AgreementRow | undefined; readonly code?: string | undefined; readonly target: string },
): Outgoing {
  const pids = pidsOf(process)
  const message = (type: MessageName, body: object): Wire => ({ '@context': context, '@type': type, ...body })
  const place = `/${process.kind}s/${inPath(process.other_pid ?? '')}`
  const why = { ...(more.code === undefined ? {} : { code: more.code, reason: [more.code.replaceAll('_', ' ')] }) }
  const offer = { '@id': process.offer_id, '@type': 'Offer', target: more.target, ...parties(sides, process.role), ...process.terms }
  switch (event) {
    case 'request': {
      const type = 'ContractRequestMessage'
      if (process.other_pid !== null) return { type, path: `${place}/request`, body: message(type, { ...pids, offer }) }
      return { type, path: '/negotiations/request', body: message(type, { consumerPid: pids.consumerPid, offer, callbackAddress: sides.callback }) }
    }
    case 'offer':
      return { type: 'ContractOfferMessage', path: `${place}/offers`, body: message('ContractOfferMessage', { ...pids, offer }) }
    case 'agree': {
      const agreement = more.agreement?.body
      return { type: 'ContractAgreementMessage', path: `${place}/agreement`, body: message('ContractAgreementMessage', { ...pids, agreement }) }
    }
    case 'verify': {
      const type = 'ContractAgreementVerificationMessage'
      return { type, path: `${place}/agreement/verification`, body: message(type, pids) }
    }
    case 'accept':
    case 'finalize': {
      const eventType = event === 'accept' ? 'ACCEPTED' : 'FINALIZED'
      return { type: 'ContractNegotiationEventMessage', path: `${place}/events`, body: message('ContractNegotiationEventMessage', { ...pids, eventType }) }
    }
    case 'terminate': {
      const type = process.kind === 'negotiation' ? 'ContractNegotiationTerminationMessage' : 'TransferTerminationMessage'
      return { type, path: `${place}/termination`, body: message(type, { ...pids, ...why }) }
    }
    case 'start':
    case 'resume':
      return { type: 'TransferStartMessage', path: `${place}/start`, body: message('TransferStartMessage', pids) }
    case 'suspend':
      return { type: 'TransferSuspensionMessage', path: `${place}/suspension`, body: message('TransferSuspensionMessage', { ...pids, ...why }) }
    case 'complete':
      return { type: 'TransferCompletionMessage', path: `${place}/completion`, body: message('TransferCompletionMessage', pids) }
  }
}

/** The first message of a transfer. */
export function transferRequest(process: Pick<ProcessRow, 'id'>, agreement: string, format: string, callback: string): Outgoing {
  const type = 'TransferRequestMessage'
  const body = { '@context': context, '@type': type, consumerPid: pidOf(process.id), agreementId: agreement, format, callbackAddress: callback }
  return { type, path: '/transfers/request', body }
}
