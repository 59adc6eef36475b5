/** How the institution's consents stand, by purpose and by month. Counts only; whoever wants to see a consent names its person. */
import { labelOf } from '@gatehouse/policy/purposes'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { purposeTree } from '../policies/index.ts'
import { countByMonth, countByPurpose } from './store.ts'

const count = z.number().int()
const monthsBack = 12
const monthsAhead = 12

export const consentsOverview = operation({
  name: 'consents.overview',
  summary: 'Count the consents by purpose and by month',
  input: z.strictObject({}),
  output: z.strictObject({
    purposes: z.array(
      z.strictObject({
        purpose: z.string(),
        label: z.string(),
        in_force: count,
        ending_soon: count.describe('Of those in force: ending within 30 days.'),
        not_yet: count,
        expired: count,
        withdrawn: count,
        superseded: count,
      }),
    ),
    months: z.array(z.strictObject({ month: z.string().describe('2026-11, in UTC'), given: count, withdrawn: count, ending: count })),
  }),
  access: { action: 'read', on: () => ({ type: 'consent' }) },
  audit: { none: 'it tells counts and nothing of a person' },
  http: { method: 'GET', path: '/v1/consents/overview' },
  example: { input: {} },
  async run({ tx, node, now }) {
    const [tree, purposes, months] = await Promise.all([purposeTree(node, tx), countByPurpose(tx, now), countByMonth(tx, now, monthsBack, monthsAhead)])
    return { purposes: purposes.map((row) => ({ ...row, label: tree.get(row.purpose)?.label ?? labelOf(row.purpose) })), months }
  },
})
