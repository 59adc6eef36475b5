import type { Id } from '@gatehouse/core/id'
import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { previewMax, type RuleTerms, ruleTermsSchema, ruleTypeSchema, sweepCountsSchema } from './schema.ts'
import { listRules } from './store.ts'
import { addCounts, type Due, judgePage, noCounts } from './walk.ts'

export const previewRules = operation({
  name: 'retention.preview',
  kind: 'steps',
  summary: 'Show what the next sweep would do',
  description: 'With a rule: as if it stood in place of the one of its type. Nothing is changed. Names the first hundred persons by their ids.',
  input: z.strictObject({ rule: ruleTermsSchema.extend({ record_type: ruleTypeSchema }).optional() }),
  output: sweepCountsSchema.extend({ first: z.array(z.strictObject({ subject_id: idSchema('subject'), action: z.enum(['archive', 'erase']) })) }),
  access: { action: 'read', on: () => ({ type: 'retention_rule' }) },
  audit: (_input, { first: _, ...counts }) => ({ details: counts }),
  http: { method: 'POST', path: '/v1/retention/preview' },
  example: { input: { rule: { record_type: 'customer', months: 120, counts_from: 'last_record', action: 'archive' } } },
  async run(ctx, { rule }) {
    const rules = new Map<string, RuleTerms>((await ctx.step(listRules)).map((one) => [one.record_type, one]))
    if (rule !== undefined) rules.set(rule.record_type, rule)
    let counts = noCounts
    const first: Due[] = []
    for (let after: Id<'subject'> | undefined; ; ) {
      const from = after
      const page = await ctx.step((tx) => judgePage(tx, rules, ctx.now, from))
      counts = addCounts(counts, page.counts)
      first.push(...page.due.slice(0, previewMax - first.length))
      after = page.last
      if (after === undefined) break
    }
    return { ...counts, first: first.map(({ subject, action }) => ({ subject_id: subject, action })) }
  },
})
