import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { importInBatches } from '../import-batches.ts'
import { consentsProblems } from '../problems.ts'
import { importMax } from '../schema.ts'
import { namedOptOutSchema, optOutFacts } from './schema.ts'
import { checkOptOuts, termOf } from './set.ts'
import { insertOptOuts, type OptOutRow } from './store.ts'

export const importOptOuts = operation({
  kind: 'steps',
  name: 'consents.import_opt_outs',
  summary: 'Record many opt-outs at once',
  description:
    'For opt-outs that were kept elsewhere. All are checked before the first is recorded. What is recorded already is passed over, so an import that broke off is simply sent again. Each has its own entry in the ledger.',
  input: z.strictObject({ opt_outs: z.array(namedOptOutSchema).min(1).max(importMax) }),
  output: z.strictObject({ recorded: z.number().int(), already_set: z.number().int(), erased: z.number().int() }),
  access: { action: 'create', on: () => ({ type: 'consent' }) },
  audit: (input, counts) => ({ details: { opt_outs: input.opt_outs.length, ...counts } }),
  http: { method: 'POST', path: '/v1/opt-outs/import' },
  example: { input: { opt_outs: [{ user_id: 'EMP-0001', opt_out: { scope: 'all' } }] } },
  problems: [consentsProblems.opt_out_refused],
  async run(ctx, { opt_outs }) {
    const pointers = opt_outs.map((_, index) => `/opt_outs/${index}/opt_out`)
    const wanted = opt_outs.map(({ opt_out }) => opt_out)
    await ctx.step((tx) => checkOptOuts(tx, ctx.node, wanted, pointers))
    const { already, ...counts } = await importInBatches(ctx, opt_outs, async (tx, living) => {
      const rows = living.map(({ subject, given: { opt_out } }) => {
        const row: OptOutRow = {
          subject_id: subject.id,
          id: ctx.newId<'opt_out'>(),
          scope: opt_out.scope,
          term: termOf(opt_out),
          source: 'import',
          set_at: ctx.now,
          lifted_at: null,
        }
        return { subject, row }
      })
      const kept = await insertOptOuts(
        tx,
        rows.map(({ row }) => row),
      )
      const written = rows.filter(({ row }) => kept.has(row.id))
      await Promise.all(
        written.map(({ subject, row }) =>
          ctx.record(tx, 'consents.opt_out', optOutFacts(subject, row), [
            { type: 'consents.opted_out', subject: row.id, data: { opt_out: row.id, subject: subject.id } },
          ]),
        ),
      )
      return written.length
    })
    return { ...counts, already_set: already }
  },
})
