import { Problem } from '@gatehouse/core/problem'
import { nodeVerify } from '@gatehouse/crypto/node'
import { operation } from '@gatehouse/runtime/door/operation'
import { type Checkpoint, openCheckpoint } from '@gatehouse/transparency/checkpoint'
import { z } from 'zod'
import { logKeys, originOf } from './key.ts'
import { ledgerProblems } from './problems.ts'
import { logFaultSchema } from './schema.ts'
import { verifyLog } from './verify-log.ts'
import { wholeLog } from './visibility.ts'

export const verify = operation({
  name: 'ledger.verify',
  summary: 'Recompute the whole log and compare it with its tiles, its root and every checkpoint',
  description: 'Names the first fault with its place. Give a checkpoint that you kept, and the log is also shown to begin with it.',
  kind: 'steps',
  input: z.strictObject({ checkpoint: z.string().max(2_000).optional() }),
  output: z.strictObject({
    outcome: z.enum(['sound', 'broken']),
    size: z.number().int(),
    root: z.base64().nullable(),
    checkpoints: z.number().int(),
    fault: logFaultSchema.optional(),
  }),
  access: { action: 'read', on: wholeLog },
  audit: (_, { outcome, size, fault }) => ({
    details: { outcome, size, ...(fault === undefined ? {} : { fault: fault.kind }) },
  }),
  http: { method: 'POST', path: '/v1/ledger/verify' },
  example: { input: {} },
  problems: [ledgerProblems.checkpoint_refused],
  async run({ node, tenant }, { checkpoint }) {
    let known: Checkpoint | undefined
    if (checkpoint !== undefined) {
      const keys = await logKeys(node, tenant, originOf(tenant, checkpoint))
      const all = keys.map((key) => openCheckpoint(nodeVerify, checkpoint, key))
      const opened = all.find(({ outcome }) => outcome === 'opened') ?? all[0]
      if (opened?.outcome !== 'opened') throw new Problem(ledgerProblems.checkpoint_refused, opened?.reason)
      known = opened.checkpoint
    }
    const report = await verifyLog(node, tenant, known)
    return { outcome: report.fault === undefined ? ('sound' as const) : ('broken' as const), ...report }
  },
})
