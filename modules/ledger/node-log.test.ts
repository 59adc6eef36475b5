import type { Id } from '@gatehouse/core/id'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkpoints } from './checkpoints.ts'
import { nodeLogEntries, nodeLogStanding } from './node-log.ts'
import { stretch } from './stretch.ts'
import { type LedgerNode, ledgerNode } from './testing/ledger-node.ts'

let t: LedgerNode
beforeEach(async () => {
  t = await ledgerNode()
})
afterEach(() => t.close())

const output = <T>(answer: { outcome: string; output?: T }): T => {
  if (answer.outcome !== 'done') throw new Error(`answered ${answer.outcome}`)
  return answer.output as T
}

describe('the log by place', () => {
  it('shows what a checkpoint covers and no more, stretch by stretch', async () => {
    const ids = await t.fill(5)
    await t.sequence()
    await t.fill(1)
    const first = output(await t.door.enter(stretch, { limit: 3 }, t.admin))
    expect(first).toMatchObject({ size: 5, next: 3 })
    const rest = output(await t.door.enter(stretch, { from: first.next ?? 0 }, t.admin))
    expect(rest.next).toBeNull()
    expect([...first.data, ...rest.data].map(({ id, index }) => [index, id])).toEqual(ids.map((id, index) => [index, id]))
    for (const from of [5, 6, Number.MAX_SAFE_INTEGER])
      expect(output(await t.door.enter(stretch, { from }, t.admin))).toEqual({ size: 5, data: [], next: null })
    await expect(t.door.enter(stretch, { from: -1 } as never, t.admin)).rejects.toMatchObject({ kind: { status: 400 } })
    await expect(t.door.enter(stretch, { limit: 257 } as never, t.admin)).rejects.toMatchObject({ kind: { status: 400 } })
  })

  it('has its signed checkpoints, newest first', async () => {
    for (const count of [2, 3, 4]) {
      await t.fill(count)
      await t.sequence()
    }
    const newest = output(await t.door.enter(checkpoints, { limit: 2 }, t.admin))
    expect(newest.data.map(({ size }) => size)).toEqual([9, 5])
    expect(newest.next).toBe(2)
    expect(newest.data[0]?.checkpoint.split('\n').slice(0, 2)).toEqual([`gatehouse/${t.tenant}`, '9'])
    const older = output(await t.door.enter(checkpoints, { at_most: 4 }, t.admin))
    expect(older).toMatchObject({ data: [{ size: 2, cosignatures: 0 }], next: null })
  })
})

describe('the node’s own log', () => {
  const operator = () => t.principal({ roles: ['operator'] })

  it('tells an operator the heads of all, and nothing of what they did', async () => {
    await t.fill(3)
    // The first turn signs, the second tells the node's log of it, the third gives that entry its place.
    for (let turn = 0; turn < 3; turn++) await t.sequence()
    const standing = output(await t.door.enter(nodeLogStanding, {}, operator()))
    expect(standing).toMatchObject({ state: 'signing', published: false, vkey: expect.stringContaining(nodeTenant) })
    const { data, size } = output(await t.door.enter(nodeLogEntries, {}, operator()))
    expect(size).toBe(standing.size)
    expect(data).toHaveLength(size)
    expect(data.at(-1)?.body).toMatchObject({ type: 'ledger.head', object: { kind: 'tenant', id: t.tenant }, details: { size: 3 } })
    const own = new Set(output(await t.door.enter(stretch, {}, t.admin)).data.map(({ id }) => id))
    expect(data.some(({ id }) => own.has(id as Id<'entry'>))).toBe(false)
  })
})
