import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { checkTerms } from './check-terms.ts'
import { importInBatches } from './import-batches.ts'
import { consentsProblems } from './problems.ts'
import { recordConsents } from './record.ts'
import { consentFacts, consentInputSchema, importMax } from './schema.ts'

const importInput = z.strictObject({ consents: z.array(consentInputSchema).min(1).max(importMax) })

export const importConsents = operation({
  kind: 'steps',
  name: 'consents.import',
  summary: 'Record many consents at once',
  description:
    'For consents that were kept elsewhere. All are checked before the first is recorded. What is recorded already is passed over, so an import that broke off is simply sent again. Each consent has its own entry in the ledger.',
  input: importInput,
  output: z.strictObject({ recorded: z.number().int(), already_given: z.number().int(), erased: z.number().int() }),
  access: { action: 'create', on: () => ({ type: 'consent' }) },
  audit: (input, counts) => ({ details: { consents: input.consents.length, ...counts } }),
  http: { method: 'POST', path: '/v1/consents/import' },
  example: {
    input: { consents: [{ user_id: 'EMP-0001', purposes: ['dpv:DirectMarketing'], recipients: ['*'], data_classes: ['employee'], method: 'paper' }] },
  },
  problems: [consentsProblems.terms_refused],
  async run(ctx, { consents }) {
    const pointers = consents.map((_, index) => `/consents/${index}`)
    await ctx.step((tx) => checkTerms(tx, ctx.node, ctx.now, consents, pointers))
    const { already, ...counts } = await importInBatches(ctx, consents, async (tx, living) => {
      const recorded = await recordConsents(
        ctx,
        tx,
        living.map(({ subject, given: { user_id: _, ...terms } }) => ({ subject, terms })),
      )
      await Promise.all(
        recorded.map(({ subject, consent: { document, digest } }) =>
          ctx.record(tx, 'consents.give', consentFacts(subject, { id: document.id, digest }), [
            { type: 'consents.given', subject: document.id, data: { consent: document.id, subject: subject.id } },
          ]),
        ),
      )
      return recorded.length
    })
    return { ...counts, already_given: already }
  },
})
