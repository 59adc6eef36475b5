import type { Id } from '@gatehouse/core/id'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Loop, Subscription } from '../door/module.ts'
import { type TestNode, testNode } from '../door/testing/node.ts'
import { noteModule, writeNote } from '../door/testing/note.ts'
import type { CloudEvent } from '../work/outbox.ts'
import { dispatcher } from './dispatcher.ts'

let node: TestNode
/** The order that the ledger gave, which is not the order of writing. */
let order: Id<'entry'>[]
beforeEach(async () => {
  node = await testNode({ modules: [noteModule()] })
  order = []
})
afterEach(() => node.close())

const elsewhere = '01980000-0000-7000-8000-000000000002' as Id<'tenant'>

async function write(text: string, first = false): Promise<void> {
  const { entry } = await node.door.enter(writeNote, { text }, node.admin)
  order = first ? [entry, ...order] : [...order, entry]
}

function consumer(name: string, seen: string[], more: Partial<Subscription> = {}): Subscription {
  return {
    consumer: name,
    types: 'all',
    async handle(_node, _tenant, events) {
      seen.push(...events.map(({ logindex, data }) => `${logindex}:${data.length}`))
    },
    ...more,
  }
}
const loopOf = (...subscriptions: Subscription[]): Loop =>
  dispatcher(
    {
      sizes: async () => [
        { tenant: elsewhere, size: 1 },
        { tenant: node.tenant, size: order.length },
      ],
      sequenced: async (_tx, tenant, from, limit) => (tenant === node.tenant ? order.map((id, index) => ({ id, index })).slice(from, from + limit) : []),
    },
    subscriptions,
  )
const run = (loop: Loop) => loop.run(node.door.node)

it('a consumer that fails keeps its place, holds nobody up, and its failure is logged without words', async () => {
  await write('a')
  await write('bb')
  const [slow, fast]: [string[], string[]] = [[], []]
  let broken = true
  const failing = consumer('failing', slow, {
    async handle(_node, _tenant, events) {
      if (broken) throw new Error('Jane Example could not be reached')
      slow.push(...events.map(({ logindex }) => String(logindex)))
    },
  })
  const loop = loopOf(failing, consumer('steady', fast))
  await run(loop)
  expect([slow, fast]).toEqual([[], ['0:1', '1:2']])
  expect(node.logLines.join('')).toContain('keeps its place')
  expect(node.logLines.join('')).not.toContain('Jane')
  await write('ccc')
  broken = false
  await run(loop)
  expect([slow, fast]).toEqual([
    ['0', '1', '2'],
    ['0:1', '1:2', '2:3'],
  ])
})

it('hands events on in the order of the log and not of their writing, once each', async () => {
  await write('a')
  await write('bb', true)
  const seen: string[] = []
  const loop = loopOf(consumer('one', seen))
  expect(await run(loop)).toBe(false)
  await run(loop)
  expect(seen).toEqual(['0:2', '1:1'])
})

it('what a consumer took before it failed comes again: at least once', async () => {
  await write('a')
  const taken: string[] = []
  let broken = true
  const loop = loopOf(
    consumer('one', taken, {
      async handle(_node, _tenant, events) {
        taken.push(...events.map(({ id }) => id))
        if (broken) throw new Error('after taking')
      },
    }),
  )
  await run(loop)
  broken = false
  await run(loop)
  expect(taken).toHaveLength(2)
  expect(taken[1]).toBe(taken[0])
})

it('gives each consumer the types it asked for, as CloudEvents', async () => {
  await write('a')
  const events: CloudEvent[] = []
  const other: string[] = []
  const takes: Subscription = { consumer: 'written', types: ['note.written'], handle: async (_node, _tenant, given) => void events.push(...given) }
  await run(loopOf(takes, consumer('torn', other, { types: ['note.torn'] })))
  expect(other).toEqual([])
  expect(events).toMatchObject([
    {
      specversion: '1.0',
      type: 'note.written',
      source: `/tenants/${node.tenant}`,
      time: '2026-11-22T09:30:00.000Z',
      datacontenttype: 'application/json',
      logindex: 0,
    },
  ])
})

it('two processes do not hand the same event to one consumer at the same time', async () => {
  await write('a')
  const seen: string[] = []
  await run(loopOf(consumer('one', seen)))
  await write('bb')
  let atOnce = 0
  let most = 0
  const slow = consumer('one', seen, {
    async handle(_node, _tenant, events) {
      most = Math.max(most, ++atOnce)
      await new Promise((resolve) => setTimeout(resolve, 30))
      seen.push(...events.map(({ logindex, data }) => `${logindex}:${data.length}`))
      atOnce -= 1
    },
  })
  await Promise.all([run(loopOf(slow)), run(loopOf(slow))])
  expect([most, seen]).toEqual([1, ['0:1', '1:2']])
})

it('says that there is more when a batch was full', async () => {
  order = Array.from({ length: 201 }, () => '01980000-0000-7000-8000-0000000000ee' as Id<'entry'>)
  const loop = loopOf(consumer('one', []))
  expect(await run(loop)).toBe(true)
  expect(await run(loop)).toBe(false)
})
