/** Criterion 18 in full: the store of the ledger goes away in the middle of volleys, by every way it can, and comes back. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Cluster, startCluster } from '@gatehouse/runtime/data/postgres/cluster'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { grants, volley } from '../e2e/away.ts'
import { inspect, urlOf } from '../e2e/database.ts'
import { entries, faults } from '../e2e/log.ts'
import { type NodeProcess, startNode, until } from '../e2e/node.ts'
import { arrange, redeem, type Scenario } from '../e2e/scenario.ts'

const count = 500

let instanceDir: string
let cluster: Cluster
let node: NodeProcess
let scene: Scenario

beforeAll(async () => {
  instanceDir = await mkdtemp(join(tmpdir(), 'gatehouse-away-'))
  cluster = await startCluster({ instanceDir, durable: false, searchPath: process.env.PATH })
  node = await startNode({ environment: { DATABASE_URL: urlOf(cluster.connection) }, limitMs: 600_000 })
  scene = await arrange(node)
}, 900_000)
afterAll(async () => {
  await node?.remove()
  await cluster?.stop()
  await rm(instanceDir, { recursive: true, force: true })
})

const sql = (text: string) => inspect<{ n: number }>({ ...cluster.superuser, database: cluster.connection.database }, text)
const start = async () => {
  cluster = await startCluster({ instanceDir, durable: false, searchPath: process.env.PATH })
}

const ways = [
  { name: 'refuses entries', away: () => sql('REVOKE INSERT ON ledger.entry FROM gatehouse'), back: () => sql('GRANT INSERT ON ledger.entry TO gatehouse') },
  { name: 'is stopped', away: () => cluster.stop(), back: start },
  { name: 'is killed', away: async () => process.kill(cluster.pid, 'SIGKILL'), back: start },
] as const

it.each(ways)(
  'the store $name during a volley of a thousand requests',
  async ({ away, back }) => {
    const tokens = await grants(node, scene, count)
    const before = (await entries(node.operator, { type: 'release.redeem', decision: 'permit' })).length
    const firing = volley(node, scene, tokens)
    await pause(200)
    await away()
    // What began before it went may still be answered; from here on nothing is.
    await pause(2_000)
    const [more] = [await volley(node, scene, tokens)]
    expect(more).toEqual({ data: 0, granted: 0, refused: 2 * count, cut: 0, odd: [] })
    const first = await firing
    expect(first.odd).toEqual([])
    expect(first.refused).toBeGreaterThan(0)
    await back()
    await until(async () => (await fetch(`${node.origin}/ready`)).status === 200, 120_000)
    expect(node.process.exitCode).toBeNull()
    const statuses: number[] = []
    for (const token of tokens) statuses.push((await redeem(node, token)).status)
    // Whoever holds data has used the token; every other token still gives it. One whose answer was cut may be either.
    const given = statuses.filter((status) => status === 200).length
    expect(statuses.filter((status) => status !== 200 && status !== 403)).toEqual([])
    expect(given).toBeLessThanOrEqual(count - first.data)
    expect(given).toBeGreaterThanOrEqual(count - first.data - first.cut)
    const after = (await entries(node.operator, { type: 'release.redeem', decision: 'permit' })).length
    expect(after - before).toBe(count)
    await until(async () => (await entries(node.operator, {})).every((entry) => entry.integrated), 120_000)
    expect(await faults(node.operator)).toEqual([])
  },
  1_800_000,
)
