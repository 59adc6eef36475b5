import { must } from '@gatehouse/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SharedDatabase, sharedDatabase } from '../e2e/database.ts'
import { importMany } from '../e2e/files.ts'
import { type NodeProcess, startNode, until } from '../e2e/node.ts'

let database: SharedDatabase
let node: NodeProcess

beforeAll(async () => {
  database = await sharedDatabase()
  node = await startNode({ environment: { DATABASE_URL: database.url } })
}, 60_000)
afterAll(async () => {
  await node?.remove()
  await database?.drop()
})

const verified = async () => must(await node.operator.GET('/v1/vault/verifications', {})).data[0]

describe('a file of two hundred thousand rows', () => {
  it('goes through with flat memory and leaves sound chains', async () => {
    // The heap of a process that has just started grows to what its work needs, however few rows follow; what it takes beyond that is measured.
    await importMany(node, 'warm', 100_000)
    const { status, body, growth } = await importMany(node, 'many', 200_000)
    expect([status, body.imported, body.rejected]).toEqual([200, 200_000, 0])
    expect(Math.round(growth / 1e6)).toBeLessThan(150)
    const refused = await node.operator.POST('/v1/vault/verify', { body: {} })
    expect(refused.response.status).toBe(409)
    must(await node.operator.POST('/v1/vault/verifications'))
    const walked = async () => must(await node.operator.GET('/v1/vault/verifying', {})).verifying
    await until(async () => ((await walked())?.blocks ?? 0) > 0)
    expect(await walked()).toMatchObject({ of_blocks: 300_000 })
    await until(async () => (await verified()) !== undefined, 300_000)
    expect(await walked()).toBeNull()
    expect(await verified()).toMatchObject({ blocks: 300_000, fault_count: 0 })
    expect(must(await node.operator.POST('/v1/ledger/verify', { body: {} }))).toMatchObject({ outcome: 'sound' })
  }, 900_000)
})
