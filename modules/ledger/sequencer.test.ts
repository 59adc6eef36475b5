import type { Id } from '@gatehouse/core/id'
import { fromBase64 } from '@gatehouse/crypto/bytes'
import { nodeVerify } from '@gatehouse/crypto/node'
import { nodeTenant, systemPrincipal } from '@gatehouse/runtime/base/context'
import { openCheckpoint } from '@gatehouse/transparency/checkpoint'
import { leafHash } from '@gatehouse/transparency/merkle'
import { parseNoteKey } from '@gatehouse/transparency/note'
import { verifyConsistency, verifyInclusion } from '@gatehouse/transparency/proof'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkpoint } from './checkpoint.ts'
import { consistency } from './consistency.ts'
import { appendEntry, entryEvidence, logVkey, sequencedEntries } from './index.ts'
import { logOrigin } from './key.ts'
import { list } from './list.ts'
import { prove } from './prove.ts'
import { announceMs, gatherMs } from './schema.ts'
import { sequence, sequencer } from './sequencer.ts'
import { type LedgerNode, ledgerNode, sha256 } from './testing/ledger-node.ts'
import { verifyLog } from './verify-log.ts'

let t: LedgerNode
beforeEach(async () => {
  t = await ledgerNode()
})
afterEach(() => t.close())

const hashes = (proof: readonly string[]) => proof.map((text) => fromBase64(text)!)

async function opened(note: string, tenant = t.tenant) {
  const key = parseNoteKey(sha256, await logVkey(t.door.node, tenant))!
  const result = openCheckpoint(nodeVerify, note, key)
  if (result.outcome !== 'opened') throw new Error(result.reason)
  return result.checkpoint
}
async function newest() {
  const answer = await t.door.enter(checkpoint, {}, t.admin)
  if (answer.outcome !== 'done') throw new Error(answer.outcome)
  return answer.output
}
const places = () => t.database.transaction(t.tenant, (tx) => sequencedEntries(tx, t.tenant, 0, 10_000))
const report = () => verifyLog(t.door.node, t.tenant)

describe('the sequencer', () => {
  it('does nothing and signs nothing when nothing waits', async () => {
    expect(await t.sequence()).toEqual({ integrated: 0, more: false })
    expect(await opened((await newest()).checkpoint)).toMatchObject({ origin: logOrigin(t.tenant), size: 0 })
    await t.fill(3)
    expect(await t.sequence()).toEqual({ integrated: 3, more: false })
    const before = (await newest()).checkpoint
    // One turn sees that the head moved, the next places what the node's log says of it, and then there is peace.
    for (const integrated of [0, 1, 0]) expect(await t.sequence()).toEqual({ integrated, more: false })
    expect((await newest()).checkpoint).toBe(before)
    expect((await report()).checkpoints).toBe(1)
  })

  it('leaves everything as it was when it dies in the middle of a step', async () => {
    await t.fill(3)
    await t.sequence()
    const before = await newest()
    const ids = await t.fill(4)
    const { node } = t.door
    const dying = {
      ...node,
      keys: {
        ...node.keys,
        signer: async (...key: Parameters<typeof node.keys.signer>) => ({
          ...(await node.keys.signer(...key)),
          sign: () => {
            throw new Error('killed')
          },
        }),
      },
    }
    expect(await sequence(dying)).toEqual({ integrated: 0, more: false })
    expect(await newest()).toEqual(before)
    expect(await places()).toHaveLength(3)
    expect(t.logLines.join()).toContain('a log could not be sequenced')
    await t.sequence()
    expect((await places()).slice(3).map((entry) => entry.id)).toEqual(ids)
    expect(await report()).toMatchObject({ size: 7, checkpoints: 2 })
    expect((await report()).fault).toBeUndefined()
  })

  it('signs nothing on top of tiles that were changed, and goes on with the other logs', async () => {
    await t.fill(3)
    await t.sequence()
    await t.tamper('UPDATE ledger.tile SET hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1) WHERE tenant_id = $1', [t.tenant])
    await t.fill(1)
    const other = '01980000-0000-7000-8000-0000000000ff' as Id<'tenant'>
    const entry = {
      tenant: other,
      id: other as string as Id<'entry'>,
      type: 'probe.other',
      at: '2026-11-22T09:30:00.000Z' as never,
      actor: { kind: 'system', id: 'x' } as const,
      facts: {},
    }
    await t.database.transaction(other, (tx) => appendEntry(tx, entry, t.door.node))
    await t.sequence()
    expect((await newest()).size).toBe(3)
    expect(t.logLines.join()).toContain('LogBrokenError')
    expect(await t.database.transaction(other, (tx) => sequencedEntries(tx, other, 0, 9))).toHaveLength(1)
  })

  it('does not pass over an entry whose transaction commits after later ones were placed', async () => {
    const early = await t.database.transaction(t.tenant, async (tx) => {
      const id = '01980000-0000-7000-8000-000000000eee' as Id<'entry'>
      await appendEntry(
        tx,
        { id, tenant: t.tenant, type: 'probe.late', at: '2026-11-22T09:29:00.000Z' as never, actor: { kind: 'system', id: 'x' }, facts: {} },
        t.door.node,
      )
      await t.fill(3)
      await t.sequence()
      expect(await places()).toHaveLength(3)
      return id
    })
    await t.fill(2)
    await t.sequence()
    const found = await places()
    expect(found.map((entry) => entry.index)).toEqual([0, 1, 2, 3, 4, 5])
    expect(found[3]).toMatchObject({ id: early, type: 'probe.late' })
    expect((await report()).fault).toBeUndefined()
  })

  it('never forks, however many sequence at once while entries keep coming', async () => {
    const another = { ...t.door.node }
    const fill = async () => {
      for (let round = 0; round < 20; round++) await t.fill(7)
    }
    const turns = async (node: typeof another) => {
      for (let round = 0; round < 30; round++) await sequence(node)
    }
    await Promise.all([fill(), turns(t.door.node), turns(another), turns(another)])
    await t.sequence()
    const found = await places()
    expect(found.map((entry) => entry.index)).toEqual(Array.from({ length: 140 }, (_, index) => index))
    expect(new Set(found.map((entry) => entry.id)).size).toBe(140)
    expect((await report()).fault).toBeUndefined()
    expect(t.logLines.filter((line) => line.includes('could not be sequenced'))).toEqual([])
  })

  it('takes many entries in several steps and gathers while acts keep coming', async () => {
    await t.fill(2_100)
    expect(await sequencer.run(t.door.node)).toBe(true)
    expect(await sequencer.run(t.door.node)).toBe(false)
    expect(await places()).toHaveLength(2_100)
    await t.fill(1)
    expect(await sequencer.run(t.door.node)).toBe(false)
    expect(await places()).toHaveLength(2_100)
    t.clock.advance(gatherMs)
    await sequencer.run(t.door.node)
    expect(await places()).toHaveLength(2_101)
    expect((await report()).fault).toBeUndefined()
  })

  it("tells the node's log of each head that moved, at most once a minute", async () => {
    const heads = async () => {
      const answer = await t.door.enter(list, { type: 'ledger.head', order: 'asc' }, systemPrincipal(nodeTenant))
      if (answer.outcome !== 'done') throw new Error(answer.outcome)
      return answer.output.data.map((entry) => [entry.body.object?.id, entry.body.details?.size])
    }
    for (let round = 0; round < 3; round++) {
      await t.fill(2)
      await t.sequence()
      t.clock.advance(1_000)
    }
    expect(await heads()).toEqual([[t.tenant, 2]])
    t.clock.advance(announceMs)
    await t.sequence()
    await t.sequence()
    t.clock.advance(announceMs)
    await t.sequence()
    expect(await heads()).toEqual([
      [t.tenant, 2],
      [t.tenant, 6],
    ])
    expect((await verifyLog(t.door.node, nodeTenant)).fault).toBeUndefined()
  })
})

describe('evidence', () => {
  it('is refused for an entry that waits, and is not there for one that is unknown', async () => {
    const [id] = await t.fill(1)
    await expect(t.door.enter(prove, { entry: id! }, t.admin)).rejects.toMatchObject({ kind: { type: '/problems/ledger/not-integrated' } })
    expect((await entryEvidence(t.door.node, t.tenant, [id!])).entries).toEqual([])
    const unknown = '01980000-0000-7000-8000-00000000dead' as Id<'entry'>
    await expect(t.door.enter(prove, { entry: unknown }, t.admin)).rejects.toMatchObject({ kind: { status: 404 } })
    await t.sequence()
    const stranger = t.principal({ kind: 'partner', partner: '01980000-0000-7000-8000-0000000000a1' as Id<'partner'> })
    await expect(t.door.enter(prove, { entry: id! }, stranger)).rejects.toMatchObject({ kind: { status: 404 } })
  })

  it('convinces whoever knows the verifier key that each entry stands in the log', async () => {
    const ids: Id<'entry'>[] = []
    for (const count of [1, 255, 44, 230]) {
      ids.push(...(await t.fill(count)))
      t.clock.advance(1)
      await t.sequence()
    }
    const asked = [0, 1, 254, 255, 256, 299, 300, 511, 512, 529].map((at) => ids[at]!)
    const evidence = await entryEvidence(t.door.node, t.tenant, asked)
    const { size, root } = await opened(evidence.checkpoint)
    expect(size).toBe(530)
    expect(evidence.entries.map((entry) => entry.index)).toEqual([0, 1, 254, 255, 256, 299, 300, 511, 512, 529])
    for (const { index, body, proof } of evidence.entries) {
      const leaf = leafHash(sha256, fromBase64(body)!)
      expect(verifyInclusion(sha256, { index, size, leafHash: leaf, root }, hashes(proof))).toBe(true)
      expect(verifyInclusion(sha256, { index: index === 0 ? 1 : index - 1, size, leafHash: leaf, root }, hashes(proof))).toBe(false)
    }
    const answer = await t.door.enter(prove, { entry: ids[299]! }, t.admin)
    expect(answer).toMatchObject({ outcome: 'done', output: { index: 299, checkpoint: evidence.checkpoint, vkey: await logVkey(t.door.node, t.tenant) } })
  })

  it('shows that a later log begins with an earlier one', async () => {
    await t.fill(3)
    await t.sequence()
    const old = await opened((await newest()).checkpoint)
    await t.fill(300)
    await t.sequence()
    const now = await opened((await newest()).checkpoint)
    const answer = await t.door.enter(consistency, { from: 3 }, t.admin)
    if (answer.outcome !== 'done') throw new Error(answer.outcome)
    const claim = { oldSize: 3, newSize: 303, oldRoot: old.root, newRoot: now.root }
    expect(verifyConsistency(sha256, claim, hashes(answer.output.proof))).toBe(true)
    expect(verifyConsistency(sha256, { ...claim, oldRoot: now.root }, hashes(answer.output.proof))).toBe(false)
    for (const input of [{ from: 0 }, { from: 4, to: 3 }, { from: 1, to: 304 }]) {
      await expect(t.door.enter(consistency, input, t.admin)).rejects.toMatchObject({ kind: { type: '/problems/ledger/beyond-log' } })
    }
  })
})
