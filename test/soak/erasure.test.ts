/** A thousand planted values of 250 people, erased and searched for in everything that a node keeps, says, hands out and is restored from. */
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ordinaryDatabase, port, superuser } from '@gatehouse/runtime/data/postgres/settings'
import { must } from '@gatehouse/sdk/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { gatehouse } from '../e2e/backed-up.ts'
import { faults } from '../e2e/log.ts'
import { type NodeProcess, newHome, startNode } from '../e2e/node.ts'
import { certified, dump, eraseAll, filesIn, plant, said, searcher } from '../e2e/planted.ts'

const environment = { GATEHOUSE_LOG_LEVEL: 'trace' }
let node: NodeProcess
let place: string

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'gatehouse-erasure-'))
  node = await startNode({ environment })
}, 120_000)
afterAll(async () => {
  await node?.remove()
  await rm(place, { recursive: true, force: true })
})

/** The node's own PostgreSQL, past row-level security. */
const rows = ({ home }: NodeProcess) => dump({ host: join(home, 'postgres', 'run'), port, user: superuser, database: ordinaryDatabase })

it('a thousand values of people who were erased are found nowhere', async () => {
  const { people, second } = await plant(node, 250)
  const search = searcher(people)
  expect(people.flatMap(({ values }) => values)).toHaveLength(1_000)
  expect(search(await rows(node)).length).toBeGreaterThan(250)
  const [backups, tiles, blocks] = ['backups', 'tiles', 'vault.ndjson'].map((name) => join(place, name)) as [string, string, string]
  await gatehouse(node.home, 'backup', '--to', backups)
  const before = join(backups, (await readdir(backups)).find((name) => name !== 'wal') ?? '')

  const began = Date.now()
  await certified(node, await eraseAll(node, second, people), 600_000)
  console.log(`250 people erased and certified in ${Math.round((Date.now() - began) / 1000)} s`)
  expect(search(await rows(node))).toEqual([])
  expect(search(await said(node))).toEqual([])
  expect(await faults(node.operator)).toEqual([])
  expect(must(await node.operator.POST('/v1/vault/verify', { body: {} }))).toMatchObject({ blocks: 250, unreadable: 250, fault_count: 0 })

  await gatehouse(node.home, 'log', 'export', tiles)
  await gatehouse(node.home, 'vault', 'export', '-o', blocks)
  await gatehouse(node.home, 'backup', '--to', backups)
  for (const handedOut of [tiles, blocks, backups]) expect(search(await filesIn(handedOut)), handedOut).toEqual([])

  // The backup from before, put back with all that an operator keeps beside it.
  const restoredHome = await newHome()
  for (const name of ['keys', 'heads']) await cp(join(node.home, name), join(restoredHome, name), { recursive: true })
  await gatehouse(restoredHome, 'restore', before)
  const restored = await startNode({ home: restoredHome, environment, limitMs: 300_000 })
  try {
    expect(restored.output()).toContain('250 people erased again')
    expect(search(await rows(restored))).toEqual([])
    expect(search(await said(restored))).toEqual([])
  } finally {
    await restored.remove()
  }
}, 1_800_000)
