import { redeemOnSocket } from '@gatehouse/sdk/exchange'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migratedDatabase, type SharedDatabase } from './database.ts'
import { entries, faults } from './log.ts'
import { freePort, homeBeside, type NodeProcess, startNode, until } from './node.ts'
import { arrange, authorize, redeem, type Scenario } from './scenario.ts'

let database: SharedDatabase
let api: NodeProcess
let exchange: NodeProcess
let worker: NodeProcess
let scene: Scenario

beforeAll(async () => {
  database = await migratedDatabase()
  const port = String(await freePort())
  const inRole = (role: string) => ({ DATABASE_URL: database.url, GATEHOUSE_ROLES: role, GATEHOUSE_EXCHANGE_PORT: port })
  api = await startNode({ environment: inRole('api') })
  ;[exchange, worker] = await Promise.all([
    homeBeside(api).then((home) => startNode({ home, environment: inRole('exchange') })),
    homeBeside(api).then((home) => startNode({ home, environment: inRole('worker') })),
  ])
  scene = await arrange(api)
})
afterAll(async () => {
  await Promise.all([api, exchange, worker].map((node) => node?.remove()))
  await database?.drop()
})

describe('a node whose roles run in processes of their own', () => {
  it('authorises in one process and redeems in another, once', async () => {
    const granted = (await authorize(api, scene.partner, 'C1')).body
    expect(granted.exchange_port).toBe(exchange.exchangePort)
    const fingerprint = /SHA-256 (\S+)/.exec(exchange.output())?.[1] ?? ''
    const { data } = await redeemOnSocket({ host: '127.0.0.1', port: exchange.exchangePort, token: granted.token, fingerprint })
    expect(JSON.parse(data)).toMatchObject({ given_name: 'Ada' })
    expect((await redeem(api, granted.token)).status).toBe(403)
  })

  it('puts what all of them wrote into one log', async () => {
    await until(async () => (await entries(api.operator, { type: 'release.deliver' })).some((entry) => entry.integrated), 15_000)
    expect(await faults(api.operator)).toEqual([])
  })

  it('opens only the doors of its role', async () => {
    await expect(fetch(`${exchange.origin}/health`)).rejects.toThrow()
    await expect(fetch(`${worker.origin}/health`)).rejects.toThrow()
  })

  it('refuses a process with another root key, in plain words', async () => {
    await expect(startNode({ environment: { DATABASE_URL: database.url, GATEHOUSE_ROLES: 'worker' } })).rejects.toThrow(
      /the root key file \S+ is missing, but this database was sealed with one/,
    )
  })
})
