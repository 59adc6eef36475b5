import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { connectorsOf, fileKind } from '../connectors/kinds.ts'
import { problems } from '../problems.ts'
import { addInput, limits, type Source, sourceSchema } from '../schema.ts'
import { insertSource, type SourceRow } from '../store.ts'
import { checkedBy, keepSecret } from './connect.ts'
import { viewOf } from './view.ts'

export const sourceFacts = (_input: unknown, { id, slug, kind }: Pick<Source, 'id' | 'slug' | 'kind'>) => ({
  object: { kind: 'data_source', id },
  details: { slug, kind },
})

export const addSource = operation({
  name: 'catalog.add_source',
  kind: 'steps',
  summary: 'Name a place that records can be read from',
  description:
    'A source of the kind `file` takes uploads; every other is a connection that only ever reads. The secret is kept in the store of secrets and never told again. Nothing is connected yet: look whether it answers (`check`) and what tables it has (`discover`).',
  input: addInput,
  output: sourceSchema,
  access: { action: 'create', on: () => ({ type: 'data_source' }) },
  audit: sourceFacts,
  http: { method: 'POST', path: '/v1/data-sources', status: 201 },
  example: { input: { slug: 'admissions', kind: 'file', title: 'Admissions of the ward' } },
  problems: [problems.unknown_kind, problems.settings_refused, problems.slug_taken, problems.too_many_sources],
  async run(ctx, { slug, kind, title, settings, secret }) {
    const connector = connectorsOf(ctx.node).get(kind)
    if (connector === undefined && kind !== fileKind)
      return refuse(problems.unknown_kind, `This node knows ${[fileKind, ...connectorsOf(ctx.node).keys()].join(', ')}.`)
    if (connector !== undefined) checkedBy(connector.settings, settings, 'settings')
    if (secret !== undefined) checkedBy(connector?.secret, secret, 'secret')
    const row: SourceRow = {
      id: ctx.newId<'data_source'>(),
      slug,
      kind,
      title,
      settings: connector === undefined ? {} : settings,
      state: 'active',
      health: kind === fileKind ? 'healthy' : 'unknown',
      health_detail: null,
      health_said: null,
      checked_at: null,
      server: null,
      read_only: null,
      discovered_at: null,
      revision: 1,
      created_at: ctx.now,
      created_by: ctx.principal.id,
    }
    const fault = await ctx.step((tx) => insertSource(tx, row, limits.sourcesPerTenant))
    if (fault !== undefined)
      return fault === 'too_many'
        ? refuse(problems.too_many_sources)
        : refuse(problems.slug_taken, `Choose another name than ${slug}: plans name tables by it.`)
    if (secret !== undefined) await keepSecret(ctx.node, ctx.tenant, row.id, secret)
    ctx.publish({ type: 'catalog.source_added', subject: row.id, data: { source: row.id, slug, kind } })
    return viewOf(ctx, row)
  },
})
