/** Where messages of transfers come in. */
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { problems } from '../problems.ts'
import { begin, beginningProblems } from '../processes/begin.ts'
import { listener } from '../processes/listener.ts'
import { thenProceed } from '../processes/proceed.ts'
import { readAs } from '../processes/read-as.ts'
import { agreementNamed } from '../processes/store.ts'
import { context, messages } from '../protocol/messages.ts'
import { acknowledgement, examples, path, pullFormat } from '../schema.ts'

export const requestTransfer = operation({
  name: 'dataspace.request_transfer',
  summary: 'Ask for the data of an agreement, as another participant',
  description: 'Dataspace Protocol 2025-1. The answer to it is a start message with the address of the data and a token that fetches it.',
  input: messages.TransferRequestMessage,
  output: acknowledgement,
  access: { action: 'create', on: (_input, { partner }) => ({ type: 'transfer', ...(partner === undefined ? {} : { owner: partner }) }) },
  audit: (_input, { state }) => ({ details: { message: 'TransferRequestMessage', state } }),
  http: { method: 'POST', path: `${path}/transfers/request`, status: 201, speaks: 'dsp:transfer' },
  followUp: thenProceed,
  example: {
    input: {
      '@context': [...context],
      '@type': 'TransferRequestMessage',
      consumerPid: examples.other,
      agreementId: examples.pid,
      format: pullFormat,
      callbackAddress: 'https://connector.example.org/dsp',
    },
  },
  problems: [...beginningProblems, problems.agreement_unknown, problems.format_unsupported],
  async run(ctx, message) {
    const { consumerPid, agreementId, format, callbackAddress } = message
    const beginning = { kind: 'transfer', event: 'request', role: 'provider', state: 'REQUESTED', pid: consumerPid, callbackAddress } as const
    return begin(ctx, message, beginning, async ({ partner }) => {
      const agreement = await agreementNamed(ctx.tx, partner.id, 'provider', agreementId)
      if (agreement?.in_force_at == null) return refuse(problems.agreement_unknown)
      if (format !== pullFormat) return refuse(problems.format_unsupported)
      return { dataset: agreement.dataset, agreement_id: agreement.id, format }
    })
  },
})

export const readTransferAs = readAs('transfer', 'transfer_state', 'Read a transfer, as another participant')

export const transferListeners = [
  listener({
    name: 'start_transfer',
    summary: 'Start or resume a transfer, as another participant',
    kind: 'transfer',
    message: 'TransferStartMessage',
    below: 'start',
    event: (_message, { state }) => (state === 'SUSPENDED' ? 'resume' : 'start'),
  }),
  listener({
    name: 'suspend_transfer',
    summary: 'Suspend a transfer, as another participant',
    kind: 'transfer',
    message: 'TransferSuspensionMessage',
    below: 'suspension',
    event: () => 'suspend',
  }),
  listener({
    name: 'complete_transfer',
    summary: 'Complete a transfer, as another participant',
    kind: 'transfer',
    message: 'TransferCompletionMessage',
    below: 'completion',
    event: () => 'complete',
  }),
  listener({
    name: 'terminate_transfer',
    summary: 'End a transfer, as another participant',
    kind: 'transfer',
    message: 'TransferTerminationMessage',
    below: 'termination',
    event: () => 'terminate',
  }),
]
