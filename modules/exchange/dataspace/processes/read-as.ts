/** How the other side reads where a process stands. */
import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { callingParty } from '../participants/counterparty.ts'
import { problems } from '../problems.ts'
import { processOf } from '../protocol/names.ts'
import { acknowledgement, examples, path, pidSchema } from '../schema.ts'
import type { Kind } from '../states.ts'
import { acknowledged } from './receive.ts'
import { findProcess } from './store.ts'

export const readAs = (kind: Kind, name: string, summary: string) =>
  operation({
    name: `dataspace.${name}`,
    summary,
    input: z.looseObject({ pid: pidSchema }),
    output: acknowledgement,
    access: { action: 'read', on: (_input, { partner }) => ({ type: kind, ...(partner === undefined ? {} : { owner: partner }) }) },
    audit: { none: 'it tells the other side the state that both keep' },
    http: { method: 'GET', path: `${path}/${kind}s/:pid`, speaks: `dsp:${kind}` },
    example: { input: { pid: examples.pid } },
    problems: [problems.not_a_participant, problems.unknown_process],
    async run(ctx, { pid }) {
      const party = await callingParty(ctx, ctx.tx)
      if (party instanceof Refusal) return party
      const id = processOf(pid)
      const process = id === undefined ? undefined : await findProcess(ctx.tx, id, kind)
      return process === undefined || process.partner_id !== party.partner.id ? refuse(problems.unknown_process) : acknowledged(process)
    },
  })
