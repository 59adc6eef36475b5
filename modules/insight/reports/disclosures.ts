import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { disclosedGrants } from '../../exchange/release/index.ts'
import { asked, findAsked } from './asked.ts'
import { disclosureSchema, disclosuresOf } from './disclosure.ts'

export const disclosures = operation({
  name: 'reports.disclosures',
  summary: 'What left in a period: why and on which basis',
  description:
    'All of it, or what one partner got, or what concerns one person. In the order in which the releases were granted. An unknown person gives an empty page.',
  input: z.strictObject({ ...asked, ...pageQuery, cursor: idSchema('release').optional() }),
  output: pageSchema(disclosureSchema),
  access: { action: 'read', on: () => ({ type: 'disclosure' }) },
  audit: ({ from, to }, { data }) => ({ details: { from, to, disclosures: data.length } }),
  http: { method: 'POST', path: '/v1/insight/disclosures' },
  example: { input: { partner: 'northwind-bank', from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' } },
  async run(ctx, { cursor, limit, from, to, ...who }) {
    const { partner, subject, facts } = await findAsked(ctx.tx, ctx.node, { from, to, ...who })
    ctx.describe(facts)
    const grants = await disclosedGrants(ctx.tx, { partner, subject, from, to, after: cursor, order: 'asc', limit: limit + 1 })
    const page = grants.slice(0, limit)
    return { data: await disclosuresOf(ctx.tx, ctx.node, page), next: grants.length > limit ? (page.at(-1)?.id ?? null) : null }
  },
})
