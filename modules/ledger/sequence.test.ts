import type { Id } from '@gatehouse/core/id'
import { utf8 } from '@gatehouse/crypto/bytes'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { leafHash, rootOf } from '@gatehouse/transparency/merkle'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LogBrokenError, planIntegration } from './sequence.ts'

const { sha256 } = nodePrimitives
const entriesFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: `id-${first + at}` as Id<'entry'>, leafHash: leafHash(sha256, utf8(`entry ${first + at}`)) }))

describe('an integration', () => {
  it('refuses to build on tiles that do not give the signed root', () => {
    const first = planIntegration(sha256, undefined, () => new Uint8Array(0), entriesFrom(0, 5))
    const bent = Uint8Array.from(first.tiles[0]!.hashes)
    bent[70]! ^= 1
    expect(() => planIntegration(sha256, first, () => bent, entriesFrom(5, 1))).toThrow(LogBrokenError)
    expect(() => planIntegration(sha256, { size: 4, root: first.root }, () => first.tiles[0]!.hashes, entriesFrom(5, 1))).toThrow(LogBrokenError)
  })

  it('refuses to pass over an entry that is gone', () => {
    const entries = [...entriesFrom(0, 2), { id: 'id-2' as Id<'entry'>, leafHash: null }]
    expect(() => planIntegration(sha256, undefined, () => new Uint8Array(0), entries)).toThrow(/id-2 waited/)
  })

  it('gives the same tree however the entries were split into batches', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 }), (batches) => {
        const tiles = new Map<string, Uint8Array>()
        let head: { size: number; root: Uint8Array } | undefined
        const places: string[] = []
        for (const count of batches) {
          const plan = planIntegration(sha256, head, (level, index) => tiles.get(`${level} ${index}`)!, entriesFrom(head?.size ?? 0, count))
          expect(plan.first).toBe(head?.size ?? 0)
          places.push(...plan.ids)
          for (const tile of plan.tiles) tiles.set(`${tile.level} ${tile.index}`, tile.hashes)
          head = plan
        }
        const all = entriesFrom(0, head!.size)
        expect(places).toEqual(all.map((entry) => entry.id))
        const expected = rootOf(
          sha256,
          all.map((entry) => entry.leafHash),
        )
        expect(Buffer.from(head!.root)).toEqual(Buffer.from(expected))
      }),
      { numRuns: 25 },
    )
  })
})
