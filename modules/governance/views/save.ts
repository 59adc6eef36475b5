import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { viewsProblems } from './problems.ts'
import { ownView, viewInput, viewSchema, viewsMax } from './schema.ts'
import { lockViews, saveView as saveRow, viewsOf } from './store.ts'

export const saveView = operation({
  name: 'views.save',
  summary: 'Save how one looks at a list',
  description: 'Under a name that one has for this list already it replaces the earlier view.',
  input: viewInput,
  output: viewSchema,
  access: { action: 'create', on: ownView },
  audit: (input, view) => ({ object: { kind: 'view', id: view.id }, details: { list: input.list } }),
  http: { method: 'POST', path: '/v1/me/views', status: 201 },
  example: { input: { list: 'releases', name: 'Refused this week', query: 'decision=deny&since=2026-11-16' } },
  problems: [viewsProblems.views_full],
  async run(ctx, input) {
    const user = ctx.principal.id
    await lockViews(ctx.tx, user)
    const kept = await viewsOf(ctx.tx, user, undefined)
    const replaces = kept.some(({ list, name }) => list === input.list && name === input.name)
    if (!replaces && kept.length >= viewsMax) return refuse(viewsProblems.views_full)
    return saveRow(ctx.tx, user, { ...input, id: ctx.newId<'view'>(), saved_at: ctx.now })
  },
})
