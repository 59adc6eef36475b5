/** One listener of the protocol for one kind of message, towards provider and consumer alike: which of both this side is, the process tells. */
import { operation } from '@gatehouse/runtime/door/operation'
import type { z } from 'zod'
import { problems } from '../problems.ts'
import { context, type MessageName, messages, type Wire } from '../protocol/messages.ts'
import { acknowledgement, examples, path, pidSchema } from '../schema.ts'
import type { Kind, ProtocolEvent } from '../states.ts'
import { thenProceed } from './proceed.ts'
import { receive } from './receive.ts'
import type { ProcessRow } from './store.ts'

export interface Listener {
  /** The last part of the operation's name. */
  readonly name: string
  readonly summary: string
  readonly kind: Kind
  readonly message: MessageName
  /** Behind the pid. */
  readonly below: string
  readonly event: (message: Wire, process: ProcessRow) => ProtocolEvent
  /** Members of the example besides the pids. */
  readonly example?: object
}

export function listener({ name, summary, kind, message: type, below, event, example }: Listener) {
  const input = (messages[type] as z.ZodObject).safeExtend({ pid: pidSchema }) as unknown as z.ZodType<Wire & { readonly pid: string }>
  const shown = { '@context': [...context], '@type': type, providerPid: examples.pid, consumerPid: examples.other, ...example, pid: examples.pid }
  return operation({
    name: `dataspace.${name}`,
    summary,
    input,
    output: acknowledgement,
    access: { action: 'update', on: (_input, { partner }) => ({ type: kind, ...(partner === undefined ? {} : { owner: partner }) }) },
    // The step that it leads to is an entry of its own, and this one says that a message came.
    audit: (_input, { state }) => ({ details: { message: type, state } }),
    http: { method: 'POST', path: `${path}/${kind}s/:pid/${below}`, speaks: `dsp:${kind}` },
    followUp: thenProceed,
    example: { input: shown as never },
    problems: [problems.not_a_participant, problems.unknown_process, problems.pid_mismatch, problems.wrong_state, problems.outside_profile],
    run: (ctx, { pid, ...message }) => receive(ctx, { kind, pid, message, event: (process) => event(message, process) }),
  })
}
