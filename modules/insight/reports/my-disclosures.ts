import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { idSchema, instantSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { disclosedGrants } from '../../exchange/release/index.ts'
import { wardOf } from '../../governance/consents/index.ts'
import { disclosedStates, disclosuresOf } from './disclosure.ts'

const mine = z.strictObject({
  release: idSchema('release'),
  at: instantSchema,
  state: z.enum(disclosedStates),
  partner: z.string().describe('The name of whoever received it.'),
  purpose: z.string(),
  purpose_label: z.string(),
  bases: z.array(z.strictObject({ basis: z.string(), label: z.string(), law: z.string().nullable() })),
  consents: z.array(idSchema('consent')).describe('Those of the person’s consents that carried it.'),
  fields: z.array(z.strictObject({ name: z.string(), mask: z.string() })),
})

export const myDisclosures = operation({
  name: 'reports.my_disclosures',
  summary: 'What left about the person who is signed in, newest first',
  input: z.strictObject({ ...pageQuery, cursor: idSchema('release').optional() }),
  output: pageSchema(mine),
  access: { action: 'read', on: (_input, { subject }) => ({ type: 'own_disclosure', ...(subject === undefined ? {} : { owner: subject }) }) },
  audit: { none: 'a person looks at what concerns nobody else, and no value stands in it' },
  http: { method: 'GET', path: '/v1/me/disclosures' },
  example: { input: {} },
  async run({ tx, node, principal, nowMs }, page) {
    if (principal.subject === undefined) throw new Problem(doorProblems.not_found)
    return ownPage(tx, node, principal.subject, nowMs, page)
  },
})

export const wardDisclosures = operation({
  name: 'reports.ward_disclosures',
  summary: 'What left about somebody one may act for, newest first',
  input: z.strictObject({ ...pageQuery, cursor: idSchema('release').optional(), guardianship: idSchema('guardianship') }),
  output: pageSchema(mine),
  access: { action: 'read', on: (_input, { subject }) => ({ type: 'own_disclosure', ...(subject === undefined ? {} : { owner: subject }) }) },
  audit: ({ guardianship }, { data }) => ({ object: { kind: 'guardianship', id: guardianship }, details: { disclosures: data.length } }),
  http: { method: 'GET', path: '/v1/me/wards/:guardianship/disclosures' },
  example: { input: { guardianship: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  async run(ctx, { guardianship, ...page }) {
    const ward = await wardOf(ctx.tx, ctx.principal, guardianship, ctx.now)
    if (ward === undefined) return refuse(doorProblems.not_found)
    ctx.describe({ subject: { id: ward.subject.id, commitment: ward.subject.commitment } })
    return ownPage(ctx.tx, ctx.node, ward.subject.id, ctx.nowMs, page)
  },
})

async function ownPage(
  tx: Tx,
  node: Node,
  subject: Id<'subject'>,
  nowMs: number,
  { cursor, limit }: { readonly cursor?: Id<'release'> | undefined; readonly limit: number },
): Promise<{ data: z.output<typeof mine>[]; next: Id<'release'> | null }> {
  const period = { from: instantOf(0), to: instantOf(nowMs + 1) }
  const grants = await disclosedGrants(tx, { subject, ...period, after: cursor, order: 'desc', limit: limit + 1 })
  const page = grants.slice(0, limit)
  const found = await disclosuresOf(tx, node, page)
  return {
    data: found.map(({ release, at, state, partner, purpose, purpose_label, bases, consents, fields }) => ({
      release,
      at,
      state,
      partner: partner.name,
      purpose,
      purpose_label,
      bases: bases.map(({ basis, basis_label, law }) => ({ basis, label: basis_label, law })),
      consents,
      fields,
    })),
    next: grants.length > limit ? (page.at(-1)?.id ?? null) : null,
  }
}
