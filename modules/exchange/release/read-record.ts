/**
 * A member of staff reads a record. The same gait as a partner's release: a purpose, a policy for staff, masks, an entry in the
 * ledger; only the token is missing, since the reader is already inside the door.
 */
import type { Id } from '@gatehouse/core/id'
import { slugSchema } from '@gatehouse/core/schema'
import { partnerReasons, type Reason } from '@gatehouse/policy/reasons'
import { operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { openRecord } from '../../custody/vault/index.ts'
import { ownRecipients } from '../../governance/partners/index.ts'
import { decidePlan, gather } from './decide.ts'
import { maskPlanned } from './mask-record.ts'
import { digests } from './plan.ts'
import { problems } from './problems.ts'
import { fieldName, fieldsMax, maskedField, purposeSchema, releasedData, userIdSchema } from './schema.ts'

/** Staff share one key for masks: what two of them see of one person is the same. */
const staffKey = '00000000-0000-0000-0000-0000000005af' as Id<'partner'>

const input = z.strictObject({
  user_id: userIdSchema,
  purpose: purposeSchema,
  fields: z.array(fieldName).min(1).max(fieldsMax).optional(),
  record_type: slugSchema.optional(),
})

export const readRecord = operation({
  name: 'release.read_record',
  summary: 'Read a person’s record as a member of staff, for a purpose',
  input,
  output: z.strictObject({
    decision_id: z.string(),
    purpose: z.string(),
    record_type: z.string(),
    fields: z.array(maskedField),
    record: releasedData.shape.record,
  }),
  access: {
    action: 'read',
    on: ({ purpose, record_type: category }) => ({ type: 'staff_read', facts: { purpose, ...(category === undefined ? {} : { category }) } }),
  },
  audit: () => ({}),
  http: { method: 'POST', path: '/v1/records/read' },
  problems: [problems.denied, problems.record_type_needed, problems.record_tampered],
  example: { input: { user_id: 'C000001', purpose: 'dpv:CustomerCare' } },
  run: (ctx, request) => run(ctx, request),
})

async function run(ctx: TransactionContext, request: z.output<typeof input>) {
  const { tx, node } = ctx
  const gathered = await gather(ctx, request, ownRecipients.staff)
  const { about } = gathered
  const deny = (reasons: readonly Reason[]) =>
    refuse(problems.denied, undefined, { ...about, details: { reasons: reasons.map((reason) => reason.code) } }, { reasons: partnerReasons(reasons) })

  const decided = await decidePlan(ctx, request, gathered, { action: 'read', recipient: ownRecipients.staff })
  if (decided.outcome === 'record_type_needed') return refuse(problems.record_type_needed, undefined, about)
  if (decided.outcome === 'denied') return deny(decided.reasons)
  const { subject, plan } = decided
  const opened = await openRecord(tx, node, { subject: subject.id, recordType: plan.recordType, fields: plan.fields.map((field) => field.name) })
  if (opened.outcome === 'tampered') return refuse(problems.record_tampered, undefined, { ...about, details: { reasons: ['record_tampered'] } })
  if (opened.outcome === 'gone') return deny([{ code: 'not_available' }])
  const masked = await maskPlanned({ tx, node, tenant: ctx.tenant, partner: staffKey, subject: subject.id, fields: plan.fields }, opened.record)
  ctx.describe({
    ...about,
    decision: 'permit',
    details: {
      ...digests(plan),
      block: opened.block,
      record_type: plan.recordType,
      fields: plan.fields.map(({ name }) => name),
      reader_roles: ctx.principal.roles,
    },
  })
  return {
    decision_id: ctx.entry,
    purpose: request.purpose,
    record_type: plan.recordType,
    fields: plan.fields.map(({ name, mask }) => ({ name, mask: mask.mask })),
    record: masked.record,
  }
}
