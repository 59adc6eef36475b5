/** What every driver of `Anchor` owes, whatever stands behind it. */
import { createHash } from 'node:crypto'
import { instantOf } from '@gatehouse/core/instant'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Anchor, AnchoredCheckpoint, Reference } from '../anchor.ts'

export interface AnchorWorld {
  readonly anchor: Anchor
  readonly nowMs: () => number
  /** Lets pass whatever has to pass before something counts as kept. */
  settle(): Promise<void>
  /** Answers of the other side: none that can be used, one that cannot be read, or those that it should give. */
  become(what: 'well' | 'away' | 'mad'): void
  close(): Promise<void>
}

export function anchorContract(name: string, open: () => Promise<AnchorWorld>): void {
  describe(`the port Anchor, kept by ${name}`, () => {
    let world: AnchorWorld
    beforeAll(async () => {
      world = await open()
    })
    afterAll(() => world.close())

    const checkpoint = (size: number): AnchoredCheckpoint => {
      const root = new Uint8Array(createHash('sha256').update(`root ${size}`).digest())
      const origin = `gatehouse/contract/${name}`
      return { origin, size, root, checkpoint: `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n\n— ${origin} c2ln\n` }
    }
    /** As it comes back from the database. */
    const kept = (reference: Reference) => JSON.parse(JSON.stringify(reference)) as Reference
    const sentAt = () => instantOf(world.nowMs())
    const send = async (what: AnchoredCheckpoint, before: Reference | null = null) => {
      const sent = await world.anchor.send(what, before)
      if (sent.outcome !== 'sent') throw new Error(JSON.stringify(sent))
      return kept(sent.reference)
    }

    it('fails with a fault and a reason, and never with an exception, while the other side is away or answers nonsense', async () => {
      for (const [state, faults] of [
        ['away', ['unreachable']],
        ['mad', ['unreadable', 'untrusted']],
      ] as const) {
        world.become(state)
        const failed = await world.anchor.send(checkpoint(3), null)
        world.become('well')
        expect(failed, state).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/\w+ \w+/) })
        expect(faults, state).toContain(failed.outcome === 'failed' ? failed.fault : undefined)
      }
    })

    it('keeps a checkpoint, and says so with a receipt of plain data', async () => {
      const reference = await send(checkpoint(5))
      await world.settle()
      const seen = await world.anchor.look(checkpoint(5), reference, sentAt())
      expect(seen).toMatchObject({ outcome: 'confirmed', depth: expect.any(Number), receipt: expect.any(Object) })
      if (seen.outcome === 'confirmed') expect(JSON.parse(JSON.stringify(seen.receipt))).toEqual(seen.receipt)
    })

    it('does the same again without harm, with the reference of the first attempt and without one', async () => {
      const first = await send(checkpoint(7))
      await world.settle()
      for (const before of [null, first]) {
        const again = await send(checkpoint(7), before)
        await world.settle()
        expect(await world.anchor.look(checkpoint(7), again, sentAt())).toMatchObject({ outcome: 'confirmed' })
      }
      expect(await world.anchor.look(checkpoint(7), first, sentAt())).toMatchObject({ outcome: 'confirmed' })
    })

    it('does not take the receipt of one checkpoint for another, nor a reference that leads nowhere', async () => {
      const reference = await send(checkpoint(9))
      await world.settle()
      for (const other of [checkpoint(8), checkpoint(10), { ...checkpoint(9), root: checkpoint(8).root, checkpoint: checkpoint(8).checkpoint }])
        expect((await world.anchor.look(other, reference, sentAt())).outcome).not.toBe('confirmed')
      expect((await world.anchor.look(checkpoint(9), { transaction: `0x${'00'.repeat(32)}`, nonce: 0, token: 'AAAA' }, sentAt())).outcome).not.toBe('confirmed')
    })

    it('gives no larger checkpoint up for a smaller one', async () => {
      const larger = await send(checkpoint(20))
      await world.settle()
      const smaller = await world.anchor.send(checkpoint(11), null)
      await world.settle()
      // A chain has one newest checkpoint; an authority stamps whatever it is shown.
      expect(['superseded', 'sent']).toContain(smaller.outcome)
      expect(await world.anchor.look(checkpoint(20), larger, sentAt())).toMatchObject({ outcome: 'confirmed' })
    })
  })
}
