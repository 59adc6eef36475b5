import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { connectorsOf } from '../connectors/kinds.ts'
import { problems } from '../problems.ts'
import { exampleSource, secretOfInput, sourceSchema } from '../schema.ts'
import { findSource, keepHealth } from '../store.ts'
import { sourceFacts } from './add.ts'
import { checkedBy, keepSecret } from './connect.ts'
import { viewOf } from './view.ts'

export const putSourceSecret = operation({
  name: 'catalog.put_secret',
  kind: 'steps',
  summary: 'Give a source its secret, or another one',
  description: 'It is used from the next connection on; whoever reads from the source just now goes on with the earlier one. No operation gives it back.',
  input: secretOfInput,
  output: sourceSchema,
  access: { action: 'update', on: ({ source }) => ({ type: 'data_source', id: source }) },
  audit: sourceFacts,
  http: { method: 'PUT', path: '/v1/data-sources/:source/secret' },
  example: { input: { source: exampleSource, secret: { user: 'reader', password: 'the password' } } },
  problems: [doorProblems.not_found, problems.settings_refused],
  async run(ctx, { source, secret }) {
    const row = await ctx.step((tx) => findSource(tx, source))
    if (row === undefined) return refuse(doorProblems.not_found)
    checkedBy(connectorsOf(ctx.node).get(row.kind)?.secret, secret, 'secret')
    await keepSecret(ctx.node, ctx.tenant, source, secret)
    const health = { health: 'unknown', health_detail: null, health_said: null, checked_at: null } as const
    await ctx.step((tx) => keepHealth(tx, source, health))
    return viewOf(ctx, { ...row, ...health })
  },
})
