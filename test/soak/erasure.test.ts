/** A thousand planted values of 250 people, erased and searched for. */
import { must } from '@gatehouse/sdk/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type SharedDatabase, sharedDatabase } from '../e2e/database.ts'
import { faults } from '../e2e/log.ts'
import { type NodeProcess, startNode } from '../e2e/node.ts'
import { certified, dump, eraseAll, plant, said, searcher } from '../e2e/planted.ts'

let database: SharedDatabase
let node: NodeProcess

beforeAll(async () => {
  database = await sharedDatabase()
  node = await startNode({ environment: { DATABASE_URL: database.url, GATEHOUSE_LOG_LEVEL: 'trace' } })
}, 60_000)
afterAll(async () => {
  await node?.remove()
  await database?.drop()
})

it('a thousand values of people who were erased are found nowhere', async () => {
  const { people, second } = await plant(node, 250)
  const search = searcher(people)
  expect(people.flatMap(({ values }) => values)).toHaveLength(1_000)
  expect(search(await dump(database.superuser)).length).toBeGreaterThan(250)
  const began = Date.now()
  await certified(node, await eraseAll(node, second, people), 600_000)
  console.log(`250 people erased and certified in ${Math.round((Date.now() - began) / 1000)} s`)
  expect(search(await dump(database.superuser))).toEqual([])
  expect(search(await said(node))).toEqual([])
  expect(await faults(node.operator)).toEqual([])
  expect(must(await node.operator.POST('/v1/vault/verify', { body: {} }))).toMatchObject({ blocks: 250, unreadable: 250, fault_count: 0 })
}, 900_000)
