/** The longer half of `test/e2e/backup.test.ts`: to the end of the backup, and a restored database that somebody changed. */
import { startCluster } from '@gatehouse/runtime/data/postgres/cluster'
import { must } from '@gatehouse/sdk/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BackedUp, backedUp, gatehouse, standing } from '../e2e/backed-up.ts'
import { inspect } from '../e2e/database.ts'
import { faults } from '../e2e/log.ts'
import { until } from '../e2e/node.ts'
import { authorize } from '../e2e/scenario.ts'

let before: BackedUp

beforeAll(async () => {
  before = await backedUp()
}, 180_000)
afterAll(() => before?.remove())

it('a node restored to the end of the backup knows nothing of later, and none of the erased', async () => {
  const home = await before.emptyHome()
  await gatehouse(home, 'restore', before.backup)
  const node = await before.start(home)
  expect(node.output()).toMatch(/the restored node holds: \d+ entries and 2 blocks verified, 1 people erased again/)
  expect(must(await node.operator.GET('/v1/partners', {})).data.map(({ reference }) => reference)).toEqual(['northwind-bank'])
  const [gone, there] = before.planted.people
  expect((await authorize(node, before.planted.partner, gone?.userId ?? '')).status).toBe(403)
  expect((await authorize(node, before.planted.partner, there?.userId ?? '')).status).toBe(200)
  await until(async () => (await standing(node)).state === 'behind')
  expect(await faults(node.operator)).toEqual([])
}, 180_000)

it('a restored node whose vault was changed opens no door, also not the second time', async () => {
  const home = await before.emptyHome()
  await gatehouse(home, 'restore', before.backup)
  const cluster = await startCluster({ instanceDir: home, searchPath: process.env.PATH })
  await inspect(
    { ...cluster.superuser, database: cluster.connection.database },
    'SET session_replication_role = replica; UPDATE vault.block SET signature = set_byte(signature, 0, get_byte(signature, 0) # 1) WHERE sequence = 1',
  )
  await cluster.stop()
  for (let times = 0; times < 2; times++) await expect(before.start(home)).rejects.toThrow(/the restored vault of \S+ has \d faults/)
}, 180_000)
