import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SharedDatabase, sharedDatabase } from './database.ts'
import { entries, faults } from './log.ts'
import { homeBeside, type NodeProcess, startNode, until } from './node.ts'
import { arrange, authorize, type Scenario } from './scenario.ts'
import { volley } from './volley.ts'

let database: SharedDatabase
let one: NodeProcess
let other: NodeProcess
let scene: Scenario

beforeAll(async () => {
  database = await sharedDatabase()
  other = await startNode({ environment: { DATABASE_URL: database.url, GATEHOUSE_ROLES: 'api,exchange' } })
  // The operator's key is the one of the process that started last.
  one = await startNode({ home: await homeBeside(other), environment: { DATABASE_URL: database.url } })
  scene = await arrange(one)
}, 120_000)
afterAll(async () => {
  await Promise.all([one?.remove(), other?.remove()])
  await database?.drop()
})

describe('one token, redeemed a thousand times at the same moment in two processes', () => {
  it('gives the data once, and the ledger knows of every attempt', async () => {
    const granted = (await authorize(one, scene.partner, 'C1')).body
    const statuses = await volley(granted.token, [
      { node: one, over: 'http', count: 400 },
      { node: other, over: 'http', count: 400 },
      { node: one, over: 'socket', count: 100 },
      { node: other, over: 'socket', count: 100 },
    ])
    expect(statuses).toHaveLength(1_000)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 403)).toHaveLength(999)

    const about = { object_kind: 'release', object_id: granted.release_id }
    await until(async () => (await entries(one.operator, { ...about, type: 'release.deliver' })).length > 0)
    const found = await entries(one.operator, about)
    const count = (type: string, decision?: string) => found.filter(({ body }) => body.type === type && body.decision === decision).length
    expect(found).toHaveLength(1_002)
    expect([count('release.authorize', 'permit'), count('release.redeem', 'permit'), count('release.redeem', 'deny'), count('release.deliver')]).toEqual([
      1, 1, 999, 1,
    ])
    // Whoever came too late was told so by the winner and not by the clock; by then the delivery may have been closed or not.
    const reasons = new Set(found.filter(({ body }) => body.decision === 'deny').flatMap(({ body }) => body.details?.reasons))
    expect([...reasons].filter((reason) => reason !== 'spent' && reason !== 'delivered')).toEqual([])
    expect(reasons.size).toBeGreaterThan(0)
  }, 60_000)

  it('leaves a sound log and sound chains', async () => {
    expect(await faults(one.operator)).toEqual([])
  })
})
