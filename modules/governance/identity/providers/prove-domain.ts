import { Problem } from '@gatehouse/core/problem'
import { instantSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { proofOf, recordOf } from './provider.ts'
import { domainSchema, providerId } from './schema.ts'
import { domainRows, lockProvider, verifyDomain } from './store.ts'

export const proveDomain = operation({
  name: 'identity.prove_domain',
  kind: 'steps',
  summary: 'Prove that a domain is the institution’s, by its TXT record',
  description:
    'From then on addresses of the domain lead to the provider, and what it says of them may begin a link. Where several institutions have proven one domain, its addresses lead to the first.',
  input: z.strictObject({ provider: providerId, domain: domainSchema }),
  output: z.strictObject({ domain: z.string(), verified_at: instantSchema }),
  access: { action: 'update', on: ({ provider }) => ({ type: 'identity_provider', id: provider }) },
  audit: ({ provider, domain }) => ({ object: { kind: 'identity_provider', id: provider }, details: { domain } }),
  stepUp: true,
  http: { method: 'POST', path: '/v1/identity-providers/:provider/domains/:domain/proof' },
  example: { input: { provider: '01980000-0000-7000-8000-000000000001', domain: 'lakeside.example' } },
  problems: [problems.domain_unproven, doorProblems.not_found],
  async run(ctx, { provider, domain }) {
    const find = async (id: typeof provider) => (await ctx.step((tx) => domainRows(tx, ctx.tenant, id))).find((row) => row.domain === domain)
    const row = await find(provider)
    if (row === undefined) throw new Problem(doorProblems.not_found)
    const said = await ctx.node.egress.texts(recordOf(domain))
    if (!said.includes(proofOf(row.challenge)))
      return refuse(problems.domain_unproven, `${recordOf(domain)} TXT ${proofOf(row.challenge)}`, { object: { kind: 'identity_provider', id: provider } })
    await ctx.step(async (tx) => {
      if ((await lockProvider(tx, ctx.tenant, provider)) === undefined) throw new Problem(doorProblems.not_found)
      await verifyDomain(tx, ctx.tenant, provider, domain, ctx.now)
    })
    return { domain, verified_at: ctx.now }
  },
})
