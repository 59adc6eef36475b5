import { addSeconds } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { isKnownLog } from '../../../ledger/index.ts'
import { retentionProblems } from '../problems.ts'
import { wordsSchema } from '../schema.ts'
import { deadlineDays, institutionErasureSchema, waitDaysDefault, waitDaysMax } from './schema.ts'
import { insertInstitutionErasure } from './store.ts'
import { institutionFacts } from './view.ts'

export const eraseInstitution = operation({
  name: 'retention.erase_institution',
  summary: 'Erase a whole institution, on its own request',
  description:
    `For operators of the node only: two of them ask for the same. It begins after some days in which it can be cancelled, and within ${deadlineDays} days everything is gone: ` +
    'records, keys, people, the institution’s own log with its tiles and checkpoints. Its last signed head and a certificate stay in the log of the node.',
  input: z.strictObject({
    institution: idSchema('tenant'),
    reference: wordsSchema.describe('What the institution’s request is filed under.'),
    wait_days: z.int().min(1).max(waitDaysMax).default(waitDaysDefault),
  }),
  output: institutionErasureSchema,
  access: { action: 'delete', on: () => ({ type: 'institution' }) },
  audit: (_input, output) => institutionFacts(output),
  approvals: 2,
  stepUp: true,
  http: { method: 'POST', path: '/v1/institution-erasures' },
  example: { input: { institution: '0198c1de-7b3a-7c4d-8e5f-000000000001', reference: 'Letter of 2026-11-22' } },
  problems: [doorProblems.not_found, retentionProblems.own_institution, retentionProblems.being_erased],
  async run(ctx, { institution, reference, wait_days }) {
    if (institution === ctx.tenant || institution === nodeTenant) return refuse(retentionProblems.own_institution)
    if (!(await ctx.node.database.transaction(institution, isKnownLog))) return refuse(doorProblems.not_found)
    const row = {
      tenant_id: ctx.tenant,
      id: ctx.newId<'erasure'>(),
      institution,
      reference,
      requested_by: ctx.principal.id,
      requested_at: ctx.now,
      due_at: addSeconds(ctx.now, wait_days * 86_400),
    }
    if (!(await insertInstitutionErasure(ctx.tx, row))) return refuse(retentionProblems.being_erased)
    const { tenant_id: _, ...view } = row
    return { ...view, state: 'waiting' as const, begun_at: null, ended_at: null, counts: {} }
  },
})
