import { instantSchema } from '@gatehouse/core/schema'
import { standings } from '@gatehouse/policy/document'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { announce } from './events.ts'
import { partnersProblems } from './problems.ts'
import { type Partner, partnerKeySchema, partnerNameSchema, partnerSchema, standingReasonSchema } from './schema.ts'
import { mayBecome, standingOf } from './status.ts'
import { lockPartner, lockStanding, updatePartner as updateRow } from './store.ts'

export const updatePartner = operation({
  name: 'partners.update',
  summary: 'Rename a partner, or change its standing',
  description:
    'Only a partner in good standing (`active`) is given anything. When another standing is committed no token of it opens anything any more; grants that are out are cancelled, and applications of an expired, sanctioned or retired one disconnected, within a second. At `expires_at` it expires by itself. A reason is kept with the partner and told to nobody else.',
  input: z
    .strictObject({
      partner: partnerKeySchema,
      name: partnerNameSchema.optional(),
      /** `expired` comes by the date alone. */
      status: z.enum(standings).exclude(['expired']).optional(),
      expires_at: instantSchema.nullable().optional(),
      reason: standingReasonSchema.nullable().optional(),
    })
    .refine(({ partner: _, ...changes }) => Object.keys(changes).length > 0, 'send what is to change'),
  output: partnerSchema,
  access: { action: 'update', on: () => ({ type: 'partner' }) },
  audit: (input, partner) => ({
    partner: partner.id,
    object: { kind: 'partner', id: partner.id },
    details: {
      renamed: input.name !== undefined,
      status: partner.status,
      ...(input.expires_at === undefined ? {} : { expires_at: input.expires_at ?? 'none' }),
      reasoned: partner.reason !== null,
    },
  }),
  http: { method: 'PATCH', path: '/v1/partners/:partner' },
  example: { input: { partner: 'harbour-clinic', status: 'suspended', reason: 'The agreement is being renewed' } },
  problems: [doorProblems.not_found, partnersProblems.status_refused, partnersProblems.expiry_refused],
  async run(ctx, { partner: named, ...changes }) {
    const row = await lockPartner(ctx.tx, named)
    if (row === undefined) return refuse(doorProblems.not_found)
    await lockStanding(ctx.tx, row.id)
    const before = standingOf(row, ctx.now)
    const { name = row.name, status = before, expires_at = row.expires_at } = changes
    // A reason is of one standing, and goes with it.
    const reason = changes.reason === undefined && status === before ? row.reason : (changes.reason ?? null)
    const facts = { partner: row.id }
    if (!mayBecome(before, status)) return refuse(partnersProblems.status_refused, `from ${before} to ${status} is no step in the life of a partner`, facts)
    const setPast = changes.expires_at != null && changes.expires_at <= ctx.now
    if (setPast || (status === 'active' && expires_at !== null && expires_at <= ctx.now)) return refuse(partnersProblems.expiry_refused, undefined, facts)
    const partner: Partner = { ...row, name, status, expires_at, reason }
    await updateRow(ctx.tx, partner)
    announce(ctx, partner, 'updated')
    return partner
  },
})
