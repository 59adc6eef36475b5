/** A change of a partner's standing, made at one process and felt at another. */
import { must } from '@gatehouse/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migratedDatabase, type SharedDatabase } from './database.ts'
import { entries, faults } from './log.ts'
import { homeBeside, type NodeProcess, startNode, until } from './node.ts'
import { addPartner, arrange, authorize, giveConsent, type Partner, policyDocument, publishPolicy, redeem, type Scenario } from './scenario.ts'

let database: SharedDatabase
let one: NodeProcess
let other: NodeProcess
let scene: Scenario

beforeAll(async () => {
  database = await migratedDatabase()
  other = await startNode({ environment: { DATABASE_URL: database.url, GATEHOUSE_ROLES: 'api,exchange' } })
  one = await startNode({ home: await homeBeside(other), environment: { DATABASE_URL: database.url } })
  scene = await arrange(one)
})
afterAll(async () => {
  await Promise.all([one?.remove(), other?.remove()])
  await database?.drop()
})

const change = async (partner: Partner, body: object) =>
  must(await one.operator.PATCH('/v1/partners/{partner}', { params: { path: { partner: partner.reference } }, body: body as never }))
const stateOf = async (release: string) =>
  (must(await one.operator.GET('/v1/releases/{release}', { params: { path: { release } } } as never)) as unknown as { state: string }).state
async function company(reference: string): Promise<Partner> {
  const partner = await addPartner(one, reference)
  await publishPolicy(one, scene.officer, policyDocument(reference, reference))
  await giveConsent(one, 'C1', reference)
  return partner
}

describe('a change of standing, in two processes', () => {
  it('stops every token with its answer, and within a second cancels grants, shuts out keys and is told', async () => {
    const took: { keys: number; grants: number }[] = []
    for (const reference of ['first-house', 'second-house', 'third-house']) {
      const partner = await company(reference)
      const held = await Promise.all([1, 2, 3].map(() => authorize(other, partner, 'C1')))
      expect(held.map(({ status }) => status)).toEqual([200, 200, 200])
      await change(partner, { status: 'sanctioned', reason: 'Named in a list' })
      const since = performance.now()
      // At once, at the process that made no change and remembers the partner as it was.
      expect((await redeem(other, held[0]?.body.token ?? '')).status).toBe(403)
      const keys = until(async () => (await authorize(other, partner, 'C1')).status === 401).then(() => performance.now() - since)
      const grants = until(async () => (await stateOf(held[2]?.body.release_id ?? '')) === 'cancelled').then(() => performance.now() - since)
      took.push({ keys: await keys, grants: await grants })
    }
    // The best of three: what else the machine does meanwhile is no part of the promise.
    expect(Math.min(...took.map(({ keys }) => keys))).toBeLessThan(1_000)
    expect(Math.min(...took.map(({ grants }) => grants))).toBeLessThan(1_000)
  })

  it('comes by its date too, at both, and is in the log without anybody having acted', async () => {
    const partner = await company('dated-house')
    const ends = Date.now() + 1_500
    const { id } = await change(partner, { expires_at: new Date(ends).toISOString() })
    const held = (await authorize(other, partner, 'C1')).body
    await until(() => Date.now() > ends)
    expect((await redeem(other, held.token)).status).toBe(403)
    await until(async () => (await stateOf(held.release_id)) === 'cancelled')
    await until(async () => (await entries(one.operator, { object_kind: 'partner', object_id: id, type: 'partners.expire' })).length === 1)
    expect(await faults(one.operator)).toEqual([])
  })
})
