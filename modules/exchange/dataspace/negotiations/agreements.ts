import { idSchema, instantSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { pageOf } from '../../../governance/identity/index.ts'
import { partnersNamed } from '../../../governance/partners/index.ts'
import { agreementsNewestFirst } from '../processes/store.ts'
import { roles } from '../states.ts'

const agreementView = z.strictObject({
  id: idSchema('agreement'),
  name: z.string().describe('What both sides call it'),
  partner: z.string(),
  role: z.enum(roles),
  dataset: z.string(),
  negotiation: idSchema('negotiation'),
  body: z.unknown().describe('As it was agreed, in the protocol’s form'),
  in_force_at: instantSchema,
})

export const listAgreements = operation({
  name: 'dataspace.list_agreements',
  summary: 'List agreements with other participants, newest first',
  input: z.strictObject({ ...pageQuery, cursor: idSchema('agreement').optional() }),
  output: pageSchema(agreementView),
  access: { action: 'read', on: () => ({ type: 'negotiation' }) },
  audit: { none: 'it tells terms between institutions, and no record' },
  http: { method: 'GET', path: '/v1/dataspace/agreements' },
  example: { input: {} },
  async run({ tx }, { cursor, limit }) {
    const { data, next } = await pageOf(limit, cursor, (before, count) => agreementsNewestFirst(tx, before, count))
    const partners = await partnersNamed(
      tx,
      data.map(({ partner_id }) => partner_id),
    )
    return {
      data: data.map(({ id, name, partner_id, role, dataset, negotiation_id, body, in_force_at, agreed_at }) => ({
        id,
        name,
        partner: partners.get(partner_id)?.reference ?? partner_id,
        role,
        dataset,
        negotiation: negotiation_id,
        body,
        in_force_at: in_force_at ?? agreed_at,
      })),
      next,
    }
  },
})
