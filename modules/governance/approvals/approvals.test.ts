import type { Id } from '@gatehouse/core/id'
import type { Principal } from '@gatehouse/runtime/base/context'
import { operation } from '@gatehouse/runtime/door/operation'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { approvalsModule, approve } from './index.ts'
import { listApprovals } from './list.ts'
import { approvalLife, approvalLifeSeconds, approvalStates } from './schema.ts'
import { withdrawApproval } from './withdraw.ts'

const other = '01980000-0000-7000-8000-000000000002' as Id<'tenant'>

let ran: string[] = []
/** An act that two people must ask for; `fails` makes it throw after it was approved. */
const destroy = operation({
  name: 'drill.destroy',
  summary: 'Destroy a thing',
  input: z.strictObject({ thing: z.string(), fails: z.boolean().optional() }),
  output: z.strictObject({ destroyed: z.string() }),
  access: { action: 'delete', on: () => ({ type: 'record_type' }) },
  audit: () => ({}),
  approvals: 2,
  async run(_ctx, input) {
    if (input.fails) throw new Error('it would not go')
    ran.push(input.thing)
    return { destroyed: input.thing }
  },
})

let t: TestNode
beforeAll(async () => {
  t = await testNode({ modules: [approvalsModule], plugs: { approve } })
})
afterAll(() => t.close())
beforeEach(() => {
  ran = []
})

const person = (name: string, tenant = t.tenant) => t.principal({ id: name, tenant })
const ask = (thing: string, principal: Principal, idempotencyKey?: string) =>
  t.door.enter(destroy, { thing }, principal, { channel: 'http', ...(idempotencyKey === undefined ? {} : { idempotencyKey }) })
const pending = (have: number) => ({ outcome: 'pending', approval: { have, need: 2 } })

async function pendingId(thing: string, principal: Principal) {
  const answer = await ask(thing, principal)
  if (answer.outcome !== 'pending') throw new Error(`not pending: ${answer.outcome}`)
  return answer.approval.id
}
const list = async (principal = t.admin) => {
  const answer = await t.door.enter(listApprovals, { limit: 500 }, principal)
  if (answer.outcome !== 'done') throw new Error('not listed')
  return answer.output.data
}
const withdraw = (approval: string, principal = t.admin) => t.door.enter(withdrawApproval, { approval }, principal)

describe('an act that two people must ask for', () => {
  it('does not happen for one, however often that one asks', async () => {
    expect(await ask('alone', person('anna'))).toMatchObject(pending(1))
    expect(await ask('alone', person('anna'))).toMatchObject(pending(1))
    const parallel = await Promise.all([1, 2, 3].map(() => ask('alone', person('anna'))))
    for (const answer of parallel) expect(answer).toMatchObject(pending(1))
    expect(ran).toEqual([])
  })

  it('does not happen for one who repeats the request with its Idempotency-Key', async () => {
    expect(await ask('repeated', person('anna'), 'key-1')).toMatchObject(pending(1))
    expect(await ask('repeated', person('anna'), 'key-1')).toMatchObject(pending(1))
    expect(await ask('repeated', person('ben'), 'key-1')).toMatchObject({ outcome: 'done' })
    expect(ran).toEqual(['repeated'])
  })

  it.each(['partner', 'system'] as const)('does not count a %s', async (kind) => {
    await ask(`by-${kind}`, person('anna'))
    await expect(ask(`by-${kind}`, t.principal({ kind, id: 'ben' }))).rejects.toMatchObject({ kind: { type: '/problems/approvals/people-only' } })
    expect(ran).toEqual([])
  })

  it('does not happen for two who ask for different things', async () => {
    await ask('left', person('anna'))
    expect(await ask('right', person('ben'))).toMatchObject(pending(1))
    expect(ran).toEqual([])
  })

  it('does not happen for two of different institutions, who see nothing of each other', async () => {
    const id = await pendingId('crossing', person('anna'))
    expect(await ask('crossing', person('ben', other))).toMatchObject(pending(1))
    expect(ran).toEqual([])
    expect((await list(person('ben', other))).map((approval) => approval.author)).toEqual(['ben'])
    expect(await withdraw(id, person('ben', other))).toMatchObject({ outcome: 'refused', problem: { kind: { status: 404 } } })
    const planted = t.database.transaction(other, (tx) =>
      tx.query('INSERT INTO approvals.vote (tenant_id, approval_id, principal, voted_at) VALUES ($1, $2, $3, now())', [t.tenant, id, 'ben']),
    )
    await expect(planted).rejects.toThrow('row-level security')
  })

  it('does not happen when the second comes a day later; a new count begins', async () => {
    const first = await pendingId('late', person('anna'))
    t.clock.advance(approvalLifeSeconds * 1000)
    expect((await list()).map((approval) => approval.id)).not.toContain(first)
    expect(await withdraw(first)).toMatchObject({ outcome: 'refused', problem: { detail: 'the approval is expired' } })
    expect(await pendingId('late', person('ben'))).not.toBe(first)
    expect(ran).toEqual([])
    expect(await ask('late', person('carl'))).toMatchObject({ outcome: 'done' })
  })

  it('does not happen with a vote that was withdrawn', async () => {
    const id = await pendingId('withdrawn', person('anna'))
    expect(await withdraw(id)).toMatchObject({ outcome: 'done', output: { state: 'withdrawn', voters: ['anna'] } })
    expect(await withdraw(id)).toMatchObject({ outcome: 'refused', problem: { kind: { type: '/problems/approvals/approval-closed' } } })
    expect(await ask('withdrawn', person('ben'))).toMatchObject(pending(1))
    expect(ran).toEqual([])
  })

  it('happens when a second person asks for exactly the same, and the next one begins anew', async () => {
    const id = await pendingId('together', person('anna'))
    expect(await ask('together', person('ben'))).toMatchObject({ outcome: 'done', output: { destroyed: 'together' } })
    expect(ran).toEqual(['together'])
    expect(await withdraw(id)).toMatchObject({ outcome: 'refused', problem: { detail: 'the approval is done' } })
    expect(await ask('together', person('ben'))).toMatchObject(pending(1))
  })

  it('happens once when several second persons ask at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const thing = `race-${round}`
      await ask(thing, person('anna'))
      const answers = await Promise.all(['ben', 'carl'].map((name) => ask(thing, person(name))))
      expect(answers.map((answer) => answer.outcome).sort()).toEqual(['done', 'pending'])
      expect(ran).toEqual([thing])
      ran = []
    }
  })

  it('happens once when the first two ask at the same moment', async () => {
    const answers = await Promise.all(['anna', 'ben'].map((name) => ask('first-two', person(name))))
    expect(answers.map((answer) => answer.outcome).sort()).toEqual(['done', 'pending'])
    expect(ran).toEqual(['first-two'])
  })

  it('stays open when it was approved and then failed', async () => {
    const failing = (name: string) => t.door.enter(destroy, { thing: 'stuck', fails: true }, person(name))
    await failing('anna')
    await expect(failing('ben')).rejects.toMatchObject({ kind: { status: 500 } })
    expect(await list()).toContainEqual(expect.objectContaining({ voters: ['anna'], state: 'open', need: 2 }))
    expect(await failing('anna')).toMatchObject(pending(1))
  })
})

describe('what waits', () => {
  it('is listed by operation and digest in pages, without the request', async () => {
    const before = await list()
    await ask('secret-thing', person('anna'))
    const added = (await list()).filter((approval) => !before.some(({ id }) => id === approval.id))
    expect(added).toMatchObject([{ operation: 'drill.destroy', author: 'anna', voters: ['anna'], need: 2 }])
    expect(added[0]?.request_digest).toMatch(/^[0-9a-f]{64}$/)
    expect(JSON.stringify([added, t.entries])).not.toContain('secret-thing')
    const page = await t.door.enter(listApprovals, { limit: 1 }, t.admin)
    if (page.outcome !== 'done') throw new Error('not listed')
    const rest = await t.door.enter(listApprovals, { limit: 500, cursor: page.output.next ?? undefined }, t.admin)
    expect([...page.output.data, ...(rest.outcome === 'done' ? rest.output.data : [])]).toEqual(await list())
  })

  it('ends in one of three ways, and for good', () => {
    expect(approvalStates.filter((state) => approvalLife.isFinal(state))).toEqual(['done', 'withdrawn', 'expired'])
  })
})
