import type { Id } from '@gatehouse/core/id'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Connection, type Connector, ConnectorError, type DiscoveredTable } from '../connectors/connector.ts'
import { catalogModule } from '../module.ts'
import { addSource } from '../sources/add.ts'
import { changeSource } from '../sources/change.ts'
import { removeSource } from '../sources/remove.ts'
import { tablesOf } from '../store.ts'
import { discoverSource } from './begin.ts'
import { cancelLook } from './cancel.ts'
import { lookThrough } from './look-through.ts'
import { readLook } from './read.ts'
import { lookQueue } from './schema.ts'
import { endSilent } from './silent.ts'
import { lookAt } from './testing/look-at.ts'

const table = (name: string, columns: readonly string[] = ['id']): DiscoveredTable => ({
  name,
  columns: columns.map((column) => ({ column, physical: 'text', field: { name: column, type: 'string', sensitivity: 'sensitive', nullable: true } })),
  key: [],
  references: [],
  rows: 1,
})

/** A source that is asked table by table, and does what a test wants it to. */
let look: (tell?: (tables: number, of: number) => void) => Promise<readonly DiscoveredTable[]>
let closed = 0
const slow: Connector = {
  kind: 'slow',
  title: 'Slow',
  settings: z.strictObject({}),
  secret: undefined,
  resumes: false,
  open: async (): Promise<Connection> => ({
    check: async () => ({ server: 'Slow 1', readOnly: true }),
    discover: (tell) => look(tell),
    async *read() {},
    async close() {
      closed++
    },
  }),
}
const never = new Promise<never>(() => {})

let t: TestNode
let source: Id<'data_source'>
const system = () => t.principal({ kind: 'system' })
const begin = () => t.door.enter(discoverSource, { source }, t.admin)
const told = () => t.door.enter(readLook, { source }, t.admin)
const known = async () => (await t.database.transaction(t.tenant, (tx) => tablesOf(tx, source))).map(({ name, gone }) => (gone ? `${name} gone` : name)).sort()
const asked = async () => {
  const answer = await begin()
  if (answer.outcome !== 'done') throw new Error(answer.outcome)
  return answer.output.id
}
const refused = (slug: string) => ({ outcome: 'refused', problem: { kind: { type: `/problems/catalog/${slug}`, status: 409 } } })
let made = 0

beforeAll(async () => {
  t = await testNode({ modules: [catalogModule], sourcePlugins: [{ from: '/slow.mjs', value: slow }] })
})
afterAll(() => t.close())
beforeEach(async () => {
  look = async () => [table('a'), table('b')]
  closed = 0
  const answer = await t.door.enter(addSource, { slug: `slow-${++made}`, kind: 'slow', title: 'Slow', settings: {} }, t.admin)
  if (answer.outcome !== 'done') throw new Error(answer.outcome)
  source = answer.output.id
})

describe('a look', () => {
  it('is begun at no source that is paused or not there, and read by no other institution', async () => {
    const stranger = t.principal({ tenant: '01980000-0000-7000-8000-000000000002' as Id<'tenant'> })
    for (const operation of [discoverSource, readLook, cancelLook])
      expect(await t.door.enter(operation as typeof readLook, { source }, stranger)).toMatchObject({ problem: { kind: { status: 404 } } })
    await t.door.enter(changeSource, { source, state: 'paused' }, t.admin)
    expect(await begin()).toMatchObject(refused('paused'))
    expect(await told()).toMatchObject({ output: { look: null } })
    expect(await t.door.enter(cancelLook, { source }, t.admin)).toMatchObject(refused('not-looking'))
  })

  it('is one at a time, is a job, and tells how it ended', async () => {
    t.enqueued.length = 0
    const id = await asked()
    expect(t.enqueued).toMatchObject([{ queue: lookQueue, data: { source, look: id } }])
    expect(await begin()).toMatchObject(refused('looking'))
    expect(await told()).toMatchObject({ output: { look: { id, state: 'waiting', found: null } } })
    await t.door.enter(lookThrough, { source, look: id }, system())
    expect(await told()).toMatchObject({ output: { look: { id, state: 'done', fault: null, found: { tables: 2, lossy: false } } } })
    expect(await known()).toEqual(['a', 'b'])
    expect(t.entries.at(-1)).toMatchObject({ type: 'catalog.look_through' })
    expect(await begin()).toMatchObject({ outcome: 'done', output: { state: 'waiting', found: null } })
  })

  it('says what is beyond the most that is kept of a source, and keeps the rest', async () => {
    const wide = table(
      'wide',
      Array.from({ length: 1_003 }, (_, index) => `c${index}`),
    )
    look = async () => [wide, ...Array.from({ length: 2_004 }, (_, index) => table(`t${index}`))]
    const id = await asked()
    await t.door.enter(lookThrough, { source, look: id }, system())
    expect(await told()).toMatchObject({ output: { look: { state: 'done', found: { tables: 2_000, left_out: { tables: 5, columns: 3 } } } } })
  })

  it('is not done twice, whoever hands its job out twice', async () => {
    const id = await asked()
    await t.door.enter(lookThrough, { source, look: id }, system())
    look = async () => []
    await t.door.enter(lookThrough, { source, look: id }, system())
    expect(await known()).toEqual(['a', 'b'])
  })

  it('that fails names what is wrong, and leaves the catalogue as it was', async () => {
    await lookAt(t, source)
    look = async (tell) => {
      tell?.(1, 2)
      throw new ConnectorError('unreachable', 'the slow one does not answer')
    }
    const fault = { type: '/problems/catalog/unreachable', title: 'The source does not answer', detail: 'the slow one does not answer', said: null }
    expect(await lookAt(t, source)).toMatchObject({ state: 'failed', fault, found: null })
    expect(await known()).toEqual(['a', 'b'])
  })

  it('that meets an error of the node is over, too, and says nothing of it', async () => {
    look = async () => {
      throw new Error('secret words')
    }
    await expect(lookAt(t, source)).rejects.toThrow()
    expect(await told()).toMatchObject({ output: { look: { state: 'failed', fault: { detail: null } } } })
    expect(JSON.stringify(await told())).not.toContain('secret words')
  })
})

describe('while a look is under way', () => {
  it('it tells how far it is, and whoever cancels it frees it from a source that is silent', async () => {
    look = (tell) => {
      tell?.(3, 7)
      return never
    }
    const id = await asked()
    const job = t.door.enter(lookThrough, { source, look: id }, system())
    await expect.poll(told, { timeout: 5_000 }).toMatchObject({ output: { look: { state: 'looking', step: 'tables', tables: 3, of_tables: 7 } } })
    expect(await t.door.enter(cancelLook, { source }, t.admin)).toMatchObject({ output: { id, state: 'cancelled' } })
    expect(await job).toMatchObject({ output: { look: { state: 'cancelled' } } })
    expect(closed).toBe(1)
    expect(await known()).toEqual([])
    expect(await t.door.enter(cancelLook, { source }, t.admin)).toMatchObject(refused('not-looking'))
  })

  it('its source can be removed', async () => {
    look = () => never
    const id = await asked()
    const job = t.door.enter(lookThrough, { source, look: id }, system())
    await expect.poll(told).toMatchObject({ output: { look: { state: 'looking' } } })
    await t.door.enter(removeSource, { source }, t.admin)
    expect(await job).toMatchObject({ output: { look: null } })
  })

  it('a process that falls silent is taken for dead: it keeps nothing of what it found, and another may begin', async () => {
    let found: (tables: readonly DiscoveredTable[]) => void = () => {}
    look = () =>
      new Promise((resolve) => {
        found = resolve
      })
    const first = await asked()
    const job = t.door.enter(lookThrough, { source, look: first }, system())
    await expect.poll(told).toMatchObject({ output: { look: { state: 'looking' } } })
    await t.database.transaction(t.tenant, (tx) => tx.change(`UPDATE catalog.look SET beat_at = beat_at - interval '1 hour' WHERE tenant_id = $1`, [tx.tenant]))
    await endSilent.run(t.door.node)
    expect(await told()).toMatchObject({ output: { look: { state: 'broken_off', found: null } } })
    const second = await asked()
    found([table('stale')])
    await job
    expect(await told()).toMatchObject({ output: { look: { id: second, state: 'waiting' } } })
    expect(await known()).toEqual([])
  })
})
