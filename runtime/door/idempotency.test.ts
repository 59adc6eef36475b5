import type { Id } from '@gatehouse/core/id'
import { afterEach, describe, expect, it } from 'vitest'
import { type Knock, operation } from './operation.ts'
import { doorProblems } from './problems.ts'
import { type TestNode, testNode } from './testing/node.ts'
import { eventsIn, noteModule, notesIn, problemWith, writeNote } from './testing/note.ts'

const nodes: TestNode[] = []
afterEach(() => Promise.all(nodes.splice(0).map((node) => node.close())))

async function open(): Promise<TestNode> {
  const node = await testNode({ modules: [noteModule()] })
  nodes.push(node)
  return node
}
const http = (more: Partial<Knock> = {}): Knock => ({ channel: 'http', source: '192.0.2.7', ...more })

describe('with an Idempotency-Key', () => {
  const once = http({ idempotencyKey: 'k-1' })

  it('another request under the same key is refused', async () => {
    const node = await open()
    await node.door.enter(writeNote, { text: 'milk' }, node.admin, once)
    expect((await problemWith(node.door.enter(writeNote, { text: 'bread' }, node.admin, once))).kind).toBe(doorProblems.key_reused)
    const other = operation({ ...writeNote, name: 'note.rewrite' })
    expect((await problemWith(node.door.enter(other, { text: 'milk' }, node.admin, once))).kind).toBe(doorProblems.key_reused)
    expect(await notesIn(node)).toEqual(['milk'])
  })

  it('a key that is too long is refused', async () => {
    const node = await open()
    const problem = await problemWith(node.door.enter(writeNote, { text: 'milk' }, node.admin, http({ idempotencyKey: 'k'.repeat(129) })))
    expect(problem.kind).toBe(doorProblems.input_invalid)
  })

  it('the same request gives the same answer and happens once, whatever the order of its members', async () => {
    const node = await open()
    const first = await node.door.enter(writeNote, { text: 'milk', mark: 'x' }, node.admin, once)
    const second = await node.door.enter(writeNote, { mark: 'x', text: 'milk' }, node.admin, once)
    expect(second).toMatchObject({ outcome: 'done', output: (first as { output: unknown }).output })
    expect([await notesIn(node), node.entries.length, (await eventsIn(node)).length]).toEqual([['milk'], 1, 1])
  })

  it('a refusal is repeated as it was', async () => {
    const node = await open()
    const answers = [await node.door.enter(writeNote, { text: 'full' }, node.admin, once), await node.door.enter(writeNote, { text: 'full' }, node.admin, once)]
    const documents = answers.map((answer) => (answer.outcome === 'refused' ? answer.problem.document() : answer.outcome))
    expect(documents[1]).toEqual(documents[0])
    expect(documents[0]).toMatchObject({ type: '/problems/note/full', status: 409, detail: 'no page is left', pages: 0 })
    expect(node.entries).toHaveLength(1)
  })

  it('a secret is shown once and kept nowhere', async () => {
    const secret = operation({ ...writeNote, name: 'note.secret', secretOutput: true })
    const node = await open()
    const first = await node.door.enter(secret, { text: 'milk' }, node.admin, once)
    expect((await problemWith(node.door.enter(secret, { text: 'milk' }, node.admin, once))).kind).toBe(doorProblems.answer_once)
    const kept = await node.database.transaction('node', (tx) => tx.query('SELECT response FROM work.idempotency'))
    expect(kept).toEqual([{ response: null }])
    expect(first.outcome).toBe('done')
    expect(await notesIn(node)).toEqual(['milk'])
  })

  it('requests that come together become one act', async () => {
    const node = await open()
    const answers = await Promise.all(Array.from({ length: 6 }, () => node.door.enter(writeNote, { text: 'milk' }, node.admin, once)))
    expect(new Set(answers.map((answer) => JSON.stringify((answer as { output: unknown }).output))).size).toBe(1)
    expect([await notesIn(node), node.entries.length]).toEqual([['milk'], 1])
  })

  it('an act that failed leaves the key free', async () => {
    const node = await open()
    await problemWith(node.door.enter(writeNote, { text: 'broken' }, node.admin, once))
    expect(await node.door.enter(writeNote, { text: 'milk' }, node.admin, once)).toMatchObject({ outcome: 'done' })
  })

  it('keys belong to their caller and their tenant', async () => {
    const node = await open()
    const elsewhere = node.principal({ tenant: '01980000-0000-7000-8000-000000000002' as Id<'tenant'> })
    for (const caller of [node.admin, node.principal({ id: '01980000-0000-7000-8000-0000000000ab' }), elsewhere])
      expect(await node.door.enter(writeNote, { text: 'milk' }, caller, once)).toMatchObject({ outcome: 'done' })
    expect(await notesIn(node)).toHaveLength(3)
  })
})
