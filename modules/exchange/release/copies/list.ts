import type { Id } from '@gatehouse/core/id'
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { consentDocument } from '../../../governance/consents/index.ts'
import { partnersNamed } from '../../../governance/partners/index.ts'
import { findSubject, ownSubject } from '../../../subjects/index.ts'
import { copiesMax, userIdSchema } from '../schema.ts'
import { copiesUnder } from '../store.ts'

const copySchema = z.strictObject({
  release: idSchema('release'),
  partner: idSchema('partner'),
  partner_name: z.string(),
  purpose: z.string(),
  record_type: z.string(),
  fields: z.array(z.string()),
  left_at: instantSchema,
  told_at: instantSchema.nullable().describe('When the partner was told that the consent is withdrawn; null before that'),
})
const copiesSchema = z.strictObject({ copies: z.array(copySchema) })

export const copies = operation({
  name: 'release.copies',
  summary: 'List what left under a consent, and who was told of its withdrawal',
  description: 'Newest first. What a partner received stays with it; this says who that is.',
  input: z.strictObject({ consent: idSchema('consent'), user_id: userIdSchema }),
  output: copiesSchema,
  access: { action: 'read', on: () => ({ type: 'consent' }) },
  audit: ({ consent }, { copies: found }) => ({ object: { kind: 'consent', id: consent }, details: { copies: found.length } }),
  http: { method: 'POST', path: '/v1/consents/:consent/copies' },
  example: { input: { consent: '0198c1de-7b3a-7c4d-8e5f-000000000001', user_id: 'EMP-0001' } },
  problems: [doorProblems.not_found],
  async run(ctx, { consent, user_id }) {
    const subject = await findSubject(ctx.tx, ctx.node, user_id)
    if (subject === undefined || (await consentDocument(ctx.tx, subject.id, consent)) === undefined) return refuse(doorProblems.not_found)
    ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
    return { copies: await viewsOf(ctx.tx, subject.id, consent) }
  },
})

export const myCopies = operation({
  name: 'release.copies_mine',
  summary: 'List what left under one’s own consent, and who was told of its withdrawal',
  input: z.strictObject({ consent: idSchema('consent') }),
  output: copiesSchema,
  access: { action: 'read', on: (_input, { subject }) => ({ type: 'own_consent', ...(subject === undefined ? {} : { owner: subject }) }) },
  audit: ({ consent }, { copies: found }) => ({ object: { kind: 'consent', id: consent }, details: { copies: found.length } }),
  http: { method: 'GET', path: '/v1/me/consents/:consent/copies' },
  example: { input: { consent: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  async run(ctx, { consent }) {
    const subject = await ownSubject(ctx.tx, ctx.principal)
    if (subject === undefined || (await consentDocument(ctx.tx, subject.id, consent)) === undefined) return refuse(doorProblems.not_found)
    ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
    return { copies: await viewsOf(ctx.tx, subject.id, consent) }
  },
})

async function viewsOf(tx: Tx, subject: Id<'subject'>, consent: Id<'consent'>): Promise<z.output<typeof copySchema>[]> {
  const found = await copiesUnder(tx, subject, consent, copiesMax)
  const partners = await partnersNamed(
    tx,
    found.map(({ partner }) => partner),
  )
  return found.map((copy) => ({ ...copy, fields: [...copy.fields], partner_name: partners.get(copy.partner)?.name ?? '' }))
}
