import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Job } from '../door/module.ts'
import { operation } from '../door/operation.ts'
import { type TestNode, testNode } from '../door/testing/node.ts'
import { noteModule } from '../door/testing/note.ts'
import { permissionsOf } from '../work/permission.ts'
import { deadLetterQueue, queueOn } from '../work/queue.ts'
import { openBoss, runJobs, runLoops } from './worker.ts'

let node: TestNode
beforeEach(async () => {
  node = await testNode({ modules: [noteModule()] })
})
afterEach(() => node.close())

async function until(ready: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 15_000
  while (!(await ready())) {
    if (performance.now() > end) throw new Error('it did not become true in time')
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

describe('a job', () => {
  const options = { retries: 1, retryDelaySeconds: 1, expireSeconds: 60 }

  it('exists exactly if its act does, is tried again, ends as a dead letter, and leaves no words of its failure', async () => {
    let runs = 0
    const print = operation({
      name: 'note.print',
      summary: 'Print',
      input: z.strictObject({ note: z.string() }),
      output: z.strictObject({}),
      access: { action: 'use', on: () => ({ type: 'note' }) },
      audit: () => ({}),
      async run(ctx) {
        runs += 1
        expect([ctx.tenant, ctx.principal]).toMatchObject([node.tenant, { kind: 'system', id: 'job:note/print' }])
        throw new Error('cannot print', { cause: new Error('Jane Example is too long for the paper') })
      },
    })
    const boss = openBoss(node.database, () => {})
    await boss.start()
    const worker = await runJobs(node.door, boss, [{ queue: 'note/print', operation: print, options } satisfies Job])
    try {
      const queue = queueOn(boss, permissionsOf(node.door.node))
      const rolledBack = node.database.transaction(node.tenant, async (tx) => {
        await queue.enqueue(tx, 'note/print', { tenant: node.tenant, note: 'never' })
        throw new Error('changed my mind')
      })
      await expect(rolledBack).rejects.toThrow('changed my mind')
      await node.database.transaction(node.tenant, (tx) => queue.enqueue(tx, 'note/print', { tenant: node.tenant, note: 'n1' }))
      await until(async () => (await boss.getQueueSize(deadLetterQueue)) === 1)
      expect(runs).toBe(2)
      const [letter] = await boss.fetch<{ note: string }>(deadLetterQueue)
      expect(letter?.data).toMatchObject({ note: 'n1' })
      const kept = JSON.stringify((await node.database.pool.query('SELECT data, output FROM job.job')).rows)
      expect(kept).toContain('/problems/door/internal')
      expect(kept).not.toMatch(/Jane|cannot print/)
      expect(node.entries.map(({ facts }) => facts.decision)).toEqual(['error', 'error'])
    } finally {
      await worker.stop()
    }
  })

  it('that no role of the node has signed does nothing, whatever it says of itself; what comes by the clock needs no word', async () => {
    const seen: string[] = []
    const print = operation({
      name: 'note.print',
      summary: 'Print',
      input: z.strictObject({ note: z.string().default('by the clock') }),
      output: z.strictObject({}),
      access: { action: 'use', on: () => ({ type: 'note' }) },
      audit: () => ({}),
      async run(_ctx, { note }) {
        seen.push(note)
        return {}
      },
    })
    const boss = openBoss(node.database, () => {})
    await boss.start()
    const cron = { retries: 0, retryDelaySeconds: 1, expireSeconds: 60, cron: '17 3 * * *' }
    const worker = await runJobs(node.door, boss, [{ queue: 'note/print', operation: print, options: cron } satisfies Job])
    try {
      // As somebody who can write into the database: a job in an administrator's name, and a signed one that says something else now.
      const behalf = { principal: { kind: 'user', id: node.admin.id, roles: ['administrator'] }, action: 'use', resource: { type: 'note' } }
      await boss.send('note/print', { tenant: node.tenant, note: 'forged', behalf })
      await boss.send('note/print', { ...(await permissionsOf(node.door.node).sign('note/print', { tenant: node.tenant, note: 'signed' })), note: 'changed' })
      await until(async () => (await boss.getQueueSize(deadLetterQueue)) === 2)
      await boss.send('note/print', {})
      await node.database.transaction(node.tenant, (tx) =>
        queueOn(boss, permissionsOf(node.door.node)).enqueue(tx, 'note/print', { tenant: node.tenant, note: 'signed' }),
      )
      await until(() => seen.length === 2)
      expect(seen.toSorted()).toEqual(['by the clock', 'signed'])
      expect(node.logLines.filter((line) => line.includes('no permission that this node has signed'))).toHaveLength(2)
    } finally {
      await worker.stop()
    }
  })
})

describe('a loop', () => {
  it('that fails is logged without words and tries again; stopping waits for the turn under way', async () => {
    let turns = 0
    let ended = false
    const worker = runLoops(node.door, [
      {
        name: 'counting',
        idleMs: 60_000,
        async run() {
          turns += 1
          if (turns === 1) throw new Error('Jane Example')
          await new Promise((resolve) => setTimeout(resolve, 30))
          ended = true
          return false
        },
      },
    ])
    await until(() => turns === 2)
    await worker.stop()
    expect(ended).toBe(true)
    expect(node.logLines.join('')).toContain('a loop failed and will try again')
    expect(node.logLines.join('')).not.toContain('Jane')
  })

  it('goes on at once while there is more, and sleeps when there is nothing', async () => {
    let turns = 0
    const worker = runLoops(node.door, [{ name: 'counting', idleMs: 60_000, run: async () => ++turns < 5 }])
    await until(() => turns === 5)
    await new Promise((resolve) => setTimeout(resolve, 20))
    await worker.stop()
    expect(turns).toBe(5)
  })
})
