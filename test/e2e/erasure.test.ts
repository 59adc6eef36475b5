/** People are erased on a real node that is killed in the middle; afterwards nothing of them is found anywhere, and all chains verify. */
import { must } from '@gatehouse/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SharedDatabase, sharedDatabase } from './database.ts'
import { faults } from './log.ts'
import { type NodeProcess, startNode } from './node.ts'
import { certified, dump, eraseAll, type Plantation, plant, said, searcher } from './planted.ts'
import { authorize, redeem } from './scenario.ts'

const count = 12
let database: SharedDatabase
let node: NodeProcess
let planted: Plantation

beforeAll(async () => {
  database = await sharedDatabase()
  node = await startNode({ environment: { DATABASE_URL: database.url, GATEHOUSE_LOG_LEVEL: 'trace' } })
  planted = await plant(node, count)
}, 120_000)
afterAll(async () => {
  await node?.remove()
  await database?.drop()
})

describe('erasing', () => {
  it('needs two people, of whom the machine is one', async () => {
    const { id } = must(await node.operator.POST('/v1/erasures', { body: { user_id: planted.people[0]?.userId ?? '', ground: 'objection' } }))
    const path = { params: { path: { erasure: id } } }
    for (let times = 0; times < 2; times++) expect((await node.operator.POST('/v1/erasures/{erasure}/approve', path)).response.status).toBe(202)
    must(await node.operator.DELETE('/v1/erasures/{erasure}', path))
    expect((await planted.second.POST('/v1/erasures/{erasure}/approve', path)).response.status).toBe(409)
  })

  it('leaves nothing that could be found, though the node was killed at any step', async () => {
    const search = searcher(planted.people)
    const before = search(await dump(database.superuser))
    // What stands in clear is found, so the search can find. Names stand in sealed blocks only, and user ids nowhere.
    expect(before).toEqual(expect.arrayContaining([planted.people[0]?.values[2], planted.people[0]?.values[3]]))
    const open = (await authorize(node, planted.partner, planted.people[0]?.userId ?? '')).body.token
    const ids = await eraseAll(node, planted.second, planted.people)
    for (const pauseMs of [50, 300, 900]) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
      await node.kill()
      node = await startNode({ home: node.home, environment: { DATABASE_URL: database.url, GATEHOUSE_LOG_LEVEL: 'trace' } })
    }
    await certified(node, ids)
    expect(search(await dump(database.superuser))).toEqual([])
    expect(search(await said(node))).toEqual([])
    expect((await redeem(node, open)).status).toBe(403)
    expect((await authorize(node, planted.partner, planted.people[0]?.userId ?? '')).status).toBe(403)
    expect(await faults(node.operator)).toEqual([])
    const check = must(await node.operator.POST('/v1/vault/verify', { body: {} }))
    expect(check).toMatchObject({ blocks: count, unreadable: count, fault_count: 0 })
  }, 120_000)
})
