import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { connectorsOf } from '../connectors/kinds.ts'
import { problems } from '../problems.ts'
import { changeInput, exampleSource, sourceSchema } from '../schema.ts'
import { findSource, keepHealth, type SourceRow, updateSource } from '../store.ts'
import { checkedBy } from './connect.ts'
import { viewOf } from './view.ts'

export const changeSource = operation({
  name: 'catalog.change_source',
  kind: 'steps',
  summary: 'Change a source, pause it or let it be read again',
  description: 'What is not sent stays as it is. Slug and kind never change: plans name tables by them.',
  input: changeInput,
  output: sourceSchema,
  access: { action: 'update', on: ({ source }) => ({ type: 'data_source', id: source }) },
  audit: ({ source, revision: _, ...changed }, { state, revision }) => ({
    object: { kind: 'data_source', id: source },
    details: { changed: Object.keys(changed).sort(), state, revision },
  }),
  http: { method: 'PATCH', path: '/v1/data-sources/:source' },
  example: { input: { source: exampleSource, state: 'paused' } },
  problems: [doorProblems.not_found, doorProblems.conflict, problems.settings_refused],
  async run(ctx, { source, revision, title, settings, state }) {
    const changed = await ctx.step(async (tx) => {
      const before = await findSource(tx, source, 'lock')
      if (before === undefined) return refuse(doorProblems.not_found)
      if (revision !== undefined && revision !== before.revision) return refuse(doorProblems.conflict)
      if (settings !== undefined) checkedBy(connectorsOf(ctx.node).get(before.kind)?.settings, settings, 'settings')
      const moved = settings !== undefined
      const row: SourceRow = {
        ...before,
        title: title ?? before.title,
        settings: settings ?? before.settings,
        state: state ?? before.state,
        revision: before.revision + 1,
        ...(moved ? { health: 'unknown', health_detail: null, health_said: null, checked_at: null } : {}),
      }
      await updateSource(tx, row)
      if (moved) await keepHealth(tx, source, { health: 'unknown', health_detail: null, health_said: null, checked_at: null })
      return row
    })
    if (changed instanceof Refusal) return changed
    ctx.publish({ type: 'catalog.source_changed', subject: source, data: { source, slug: changed.slug, state: changed.state } })
    return viewOf(ctx, changed)
  },
})
