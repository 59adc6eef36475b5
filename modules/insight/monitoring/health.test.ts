import type { Id } from '@gatehouse/core/id'
import { type HeadStore, HeadStoreError } from '@gatehouse/runtime/data/heads/head-store'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openBoss } from '../../../runtime/edge/worker.ts'
import { moveCursor } from '../../../runtime/work/outbox.ts'
import { permissionsOf } from '../../../runtime/work/permission.ts'
import { deadLetterQueue, queueOn } from '../../../runtime/work/queue.ts'
import { logOrigin, sequence } from '../../ledger/index.ts'
import { health } from './health.ts'
import { done, type WatchedNode, watchedNode } from './testing/watched-node.ts'

let t: WatchedNode
let boss: ReturnType<typeof openBoss>

beforeEach(async () => {
  t = await watchedNode()
  boss = openBoss(t.database, () => {})
  await boss.start()
  for (const name of [deadLetterQueue, 'letters']) await boss.createQueue(name)
})
afterEach(async () => {
  await boss.stop({ graceful: false })
  await t.close()
})

const read = (tenant: Id<'tenant'> = t.tenant, role = 'auditor') => t.door.enter(health, {}, t.principal({ tenant, roles: [role] }))
const enqueue = (queue: string, tenant: Id<'tenant'>) =>
  t.database.transaction(tenant, (tx) => queueOn(boss, permissionsOf(t.door.node)).enqueue(tx, queue, { tenant, note: 'Jane Example' }))

it.each(['officer', 'partner', 'engineer', 'person', 'user'])('is refused to the role %s', async (role) => {
  await expect(read(t.tenant, role)).rejects.toThrow('not-allowed')
})

it('tells of the own jobs only, and never what they were given', async () => {
  await enqueue('letters', t.tenant)
  await enqueue('letters', t.tenant)
  await enqueue('letters', t.other)
  await enqueue(deadLetterQueue, t.other)
  const own = done(await read())
  expect(own.queues).toEqual([{ queue: 'letters', waiting: 2, active: 0, retrying: 0, failed: 0, oldest_waiting_at: expect.any(String) }])
  expect(own.dead_letters).toBe(0)
  expect(JSON.stringify(own)).not.toContain('Jane')
  const others = done(await read(t.other, 'administrator'))
  expect(others).toMatchObject({ dead_letters: 1, queues: [{ waiting: 1 }] })
})

it('tells active, retried and given-up jobs apart', async () => {
  for (let sent = 0; sent < 4; sent++) await enqueue('letters', t.tenant)
  const [retried, given] = await boss.fetch('letters', { batchSize: 3 })
  await t.database.pool.query(`UPDATE job.job SET state = 'retry' WHERE id = $1`, [retried?.id])
  await t.database.pool.query(`UPDATE job.job SET state = 'failed' WHERE id = $1`, [given?.id])
  expect(done(await read()).queues).toMatchObject([{ waiting: 1, active: 1, retrying: 1, failed: 1 }])
})

it('tells how far the log has come, and who has not been handed its events', async () => {
  await t.act({ type: 'release.authorize' }, { type: 'release.authorize' })
  const before = done(await read())
  expect(before.ledger).toMatchObject({ waiting: 2, oldest_waiting_at: expect.any(String) })
  await t.look()
  await t.database.transaction(t.tenant, (tx) => moveCursor(tx, t.tenant, 'webhooks', 1))
  const after = done(await read())
  expect(after.ledger).toMatchObject({ size: before.ledger.size + 2, waiting: 0, oldest_waiting_at: null, checkpoint_at: expect.any(String) })
  expect(after.events).toContainEqual({ consumer: 'webhooks', waiting: after.ledger.size - 1 })
})

it('says how it stands with the backups of the node, to every institution', async () => {
  expect([done(await read()).backups, done(await read(t.other)).backups]).toEqual(['off', 'off'])
})

it('says why the log signs nothing, and since when, until it signs again', async () => {
  const { node } = t.door
  const away: HeadStore = {
    ...node.heads,
    read: async () => {
      throw new HeadStoreError('away')
    },
  }
  expect(done(await read()).ledger.halted).toBeNull()
  await t.act({ type: 'release.authorize' })
  await sequence({ ...node, heads: away })
  const at = done(await read())
  expect(at.ledger).toMatchObject({ waiting: 1, halted: { reason: 'unreachable', since: expect.any(String) } })
  expect(done(await read(t.other)).ledger.halted).toBeNull()
  await t.look()
  await t.look()
  expect(done(await read()).ledger).toMatchObject({ waiting: 0, halted: null })
})

it('says that the log halted because its database fell behind the head that was signed', async () => {
  const { node } = t.door
  await t.act({ type: 'release.authorize' })
  await t.look()
  const { size } = done(await read()).ledger
  const [name = ''] = await node.heads.list(`log/${t.tenant}`)
  const claimed = Buffer.from(`${logOrigin(t.tenant)}\n${size + 5}\n${Buffer.alloc(32, 7).toString('base64')}\n`)
  await node.heads.compareAndSwap(name, (await node.heads.read(name))?.version, claimed)
  await t.act({ type: 'release.authorize' })
  await sequence(node)
  expect(done(await read()).ledger).toMatchObject({ size, waiting: 1, halted: { reason: 'behind' } })
})
