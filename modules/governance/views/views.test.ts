import { doorProblems } from '@gatehouse/runtime/door/problems'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accessModule, allowed } from '../access/index.ts'
import { deleteView } from './delete.ts'
import { listViews } from './list.ts'
import { viewsModule } from './module.ts'
import { viewsProblems } from './problems.ts'
import { saveView } from './save.ts'
import { queryLengthMax, type View, viewsMax } from './schema.ts'

let t: TestNode
let count = 0
beforeAll(async () => {
  t = await testNode({ modules: [accessModule, viewsModule], plugs: { allowed } })
})
afterAll(() => t.close())
beforeEach(() => {
  count++
})

const user = (n = 0) => t.principal({ id: `01980000-0000-7000-8000-0000${String(count).padStart(4, '0')}00${String(n).padStart(2, '0')}`, roles: ['auditor'] })
const refused = { list: 'releases', name: 'Refused', query: 'decision=deny' }
const save = async (input: object = {}, principal = user()): Promise<View> => {
  const answer = await t.door.enter(saveView, { ...refused, ...input }, principal)
  if (answer.outcome !== 'done') throw answer.outcome === 'refused' ? answer.problem : new Error(answer.outcome)
  return answer.output
}
const list = async (input: { list?: string } = {}, principal = user()) => {
  const answer = await t.door.enter(listViews, input, principal)
  if (answer.outcome !== 'done') throw new Error(answer.outcome)
  return answer.output.data
}

describe('a view is refused', () => {
  it.each<[string, object]>([
    ['without a name', { name: ' ' }],
    ['with a name of two lines', { name: 'a\nb' }],
    ['of no list', { list: 'a/b' }],
    ['with a query that is too long', { query: 'x'.repeat(queryLengthMax + 1) }],
    ['with a query that is not encoded', { query: 'q=Jané' }],
    ['with a query that breaks the line', { query: 'a\r\nset-cookie:x' }],
  ])('%s', async (_, input) => {
    await expect(save(input)).rejects.toMatchObject({ kind: doorProblems.input_invalid })
  })

  it('to persons concerned and to programs of partners', async () => {
    for (const principal of [
      t.principal({ roles: ['person'], subject: '01980000-0000-7000-8000-00000000000c' as never }),
      t.principal({ kind: 'partner', roles: ['partner'], partner: '01980000-0000-7000-8000-00000000000a' as never }),
    ]) {
      await expect(save({}, principal)).rejects.toMatchObject({ kind: doorProblems.not_allowed })
    }
  })

  it('beyond the limit, also when many come at the same moment, while one that is there can still be replaced', async () => {
    const answers = await Promise.allSettled(Array.from({ length: viewsMax + 5 }, (_, n) => save({ name: `view ${n}` })))
    const failed = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
    expect(failed.map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => viewsProblems.views_full))
    const [kept] = await list()
    expect(await save({ name: kept?.name, query: 'order=asc' })).toMatchObject({ id: kept?.id, query: 'order=asc' })
    expect(await list()).toHaveLength(viewsMax)
  })
})

describe('a view of another user', () => {
  it('is not listed, not replaced under the same name, and not found', async () => {
    const mine = await save()
    expect(await list({}, user(1))).toEqual([])
    expect((await save({ query: 'x=1' }, user(1))).id).not.toBe(mine.id)
    await expect(t.door.enter(deleteView, { view: mine.id }, user(1))).rejects.toMatchObject({ kind: doorProblems.not_found })
    expect(await list()).toEqual([mine])
  })
})

it('is saved, listed by list and name, replaced and deleted, each change with an entry', async () => {
  const [b, a] = [await save({ name: 'b' }), await save({ name: 'A' })]
  const other = await save({ list: 'entries' })
  expect(await list({ list: 'releases' })).toEqual([a, b])
  expect(await list()).toEqual([other, a, b])
  expect(await t.door.enter(deleteView, { view: a.id }, user())).toMatchObject({ output: { view: a.id } })
  await expect(t.door.enter(deleteView, { view: a.id }, user())).rejects.toMatchObject({ kind: doorProblems.not_found })
  expect(t.entries.slice(-3).map(({ type, facts }) => [type, facts.object?.id])).toEqual([
    ['views.save', other.id],
    ['views.delete', a.id],
    ['views.delete', undefined],
  ])
})
