/** The store of the ledger is away: nothing is released, everything is refused, and it goes on by itself once the store is back. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cluster, startCluster } from '@gatehouse/runtime/data/postgres/cluster'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grants, volley } from './away.ts'
import { inspect, urlOf } from './database.ts'
import { entries, faults } from './log.ts'
import { type NodeProcess, startNode, until } from './node.ts'
import { arrange, redeem, type Scenario } from './scenario.ts'

const count = 60

let instanceDir: string
let cluster: Cluster
let node: NodeProcess
let scene: Scenario

beforeAll(async () => {
  instanceDir = await mkdtemp(join(tmpdir(), 'gatehouse-away-'))
  cluster = await startCluster({ instanceDir, durable: false, searchPath: process.env.PATH })
  node = await startNode({ environment: { DATABASE_URL: urlOf(cluster.connection) } })
  scene = await arrange(node)
})
afterAll(async () => {
  await node?.remove()
  await cluster?.stop()
  await rm(instanceDir, { recursive: true, force: true })
})

const sql = (text: string) => inspect<{ n: number }>({ ...cluster.superuser, database: cluster.connection.database }, text)
const permits = async () => (await entries(node.operator, { type: 'release.redeem', decision: 'permit' })).length

/** After it came back each token gives its data, once. */
async function redeemable(tokens: readonly string[]): Promise<void> {
  await until(async () => (await fetch(`${node.origin}/ready`)).status === 200, 30_000)
  for (const token of tokens) {
    expect((await redeem(node, token)).status).toBe(200)
    expect((await redeem(node, token)).status).toBe(403)
  }
}

describe('the store of the ledger', () => {
  it('takes no entries, though every record could be read: nothing is released, and no token is lost', async () => {
    const tokens = await grants(node, scene, count)
    const before = await permits()
    await sql('REVOKE INSERT ON ledger.entry FROM gatehouse')
    expect(await volley(node, scene, tokens)).toEqual({ data: 0, granted: 0, refused: 2 * count, cut: 0, odd: [] })
    await sql('GRANT INSERT ON ledger.entry TO gatehouse')
    expect(await permits()).toBe(before)
    await redeemable(tokens)
    expect(await permits()).toBe(before + count)
  })

  it('is away with all of the database: every request is refused, and none is needed to be started again', async () => {
    const tokens = await grants(node, scene, count)
    await cluster.stop()
    expect(await volley(node, scene, tokens)).toEqual({ data: 0, granted: 0, refused: 2 * count, cut: 0, odd: [] })
    expect(node.process.exitCode).toBeNull()
    cluster = await startCluster({ instanceDir, durable: false, searchPath: process.env.PATH })
    await redeemable(tokens)
    await until(async () => (await entries(node.operator, {})).every((entry) => entry.integrated), 30_000)
    expect(await faults(node.operator)).toEqual([])
  })
})
