/** What an institution says of each kind of review: who judges, for how long, and whether there has to be one. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import type { ReviewKind } from '@gatehouse/runtime/door/review-kind'
import { z } from 'zod'
import { approvalsProblems } from '../problems.ts'
import { deadlineDaysMax } from '../schema.ts'
import { kindNamed, kindsOf, type Rule, ruleAmong, ruleFor } from './kinds.ts'
import { panelsSchema, reviewKindSchema, ruleSchema } from './schema.ts'
import { sittersOf } from './seats.ts'
import { putRule, rulesOf } from './store.ts'

export const listReviewRules = operation({
  name: 'approvals.review_rules',
  summary: 'List the kinds of reviews with their rules',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(ruleSchema) }),
  access: { action: 'read', on: () => ({ type: 'review_rule' }) },
  audit: { none: 'settings of the institution' },
  http: { method: 'GET', path: '/v1/review-rules' },
  example: { input: {} },
  async run({ tx, node }) {
    const rules = await rulesOf(tx)
    return { data: kindsOf(node).map((kind) => viewOf(kind, ruleAmong(rules, kind))) }
  },
})

export const setReviewRule = operation({
  name: 'approvals.set_review_rule',
  summary: 'Say who judges a kind of review, for how long, and whether there has to be one',
  description: 'Two different people must ask for the same. Reviews that are open keep their panels until they are submitted again.',
  input: z.strictObject({
    kind: reviewKindSchema,
    panels: panelsSchema,
    deadline_days: z.int().min(1).max(deadlineDaysMax),
    demanded: z.boolean(),
  }),
  output: ruleSchema,
  access: { action: 'update', on: () => ({ type: 'review_rule' }) },
  audit: ({ kind, demanded }) => ({ object: { kind: 'review_rule', id: kind }, details: { demanded } }),
  approvals: 2,
  stepUp: true,
  http: { method: 'PUT', path: '/v1/review-rules/:kind' },
  example: { input: { kind: 'policy_publication', panels: [{ kind: 'role', id: 'officer', quorum: 2 }], deadline_days: 14, demanded: true } },
  problems: [approvalsProblems.kind_missing, approvalsProblems.always_demanded, approvalsProblems.panel_too_small],
  async before(ctx, input) {
    const kind = kindNamed(ctx.node, input.kind)
    if (kind === undefined) return refuse(approvalsProblems.kind_missing, `no module of this node has things of the kind ${input.kind} reviewed`)
    if (kind.optional !== true && !input.demanded) return refuse(approvalsProblems.always_demanded)
    for (const panel of input.panels) {
      const have = (await sittersOf(ctx, panel)).length
      if (have < panel.quorum)
        return refuse(approvalsProblems.panel_too_small, `the ${panel.kind} ${panel.id} has ${have} people, and ${panel.quorum} must approve`)
    }
    return undefined
  },
  async run(ctx, { kind: name, panels, deadline_days, demanded }) {
    const kind = kindNamed(ctx.node, name)
    if (kind === undefined) return refuse(approvalsProblems.kind_missing)
    const before = await ruleFor(ctx.tx, kind)
    const rule = { kind: name, panels, deadline_days, demanded, changed_at: ctx.now }
    await putRule(ctx.tx, rule)
    const digest = ({ panels: of, deadline_days: days, demanded: must }: Rule) =>
      toHex(ctx.node.keys.primitives.sha256(utf8(canonicalJson({ panels: of, deadline_days: days, demanded: must }))))
    ctx.describe({ object: { kind: 'review_rule', id: name }, details: { demanded, before_digest: digest(before), after_digest: digest(rule) } })
    ctx.publish({ type: 'approvals.review_rule_set', subject: name, data: { review_kind: name, demanded } })
    return viewOf(kind, rule)
  },
})

const viewOf = ({ name, summary, optional }: ReviewKind, rule: Rule): z.output<typeof ruleSchema> => ({
  kind: name,
  summary,
  panels: rule.panels.map((panel) => ({ ...panel })),
  deadline_days: rule.deadline_days,
  demanded: rule.demanded,
  optional: optional === true,
  changed_at: rule.changed_at,
})
