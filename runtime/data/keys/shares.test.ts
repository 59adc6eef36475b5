import { toHex } from '@gatehouse/crypto/bytes'
import { nodePrimitives } from '@gatehouse/crypto/node'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combineShares, readShare, ShareError, splitRoot } from './shares.ts'

const root = nodePrimitives.randomBytes(32)
const combine = (texts: readonly string[]) => combineShares(nodePrimitives, texts)
const shares = await splitRoot(nodePrimitives, root, 5, 3)
const pick = (...places: number[]) => places.map((place) => shares[place] as string)

describe('shares refuse', () => {
  it('to give the key when there are too few, and say how many are needed', async () => {
    for (let a = 0; a < 5; a++)
      for (let b = a + 1; b < 5; b++) await expect(combine(pick(a, b))).rejects.toThrow('2 of the 3 shares that are needed were given')
    await expect(combine([])).rejects.toThrow('no share was given')
  })
  it('one that was given twice', async () => {
    await expect(combine(pick(0, 1, 1))).rejects.toThrow('share 3 was given before')
  })
  it('one of another ceremony, even of the same key', async () => {
    const other = await splitRoot(nodePrimitives, root, 5, 3)
    await expect(combine([...pick(0, 1), other[2] as string])).rejects.toThrow('share 3 is of another ceremony')
  })
  it('a line that was mistyped, named by share and line: every letter at every place', () => {
    const text = shares[1] as string
    let found = 0
    let tried = 0
    for (let at = 0; at < text.length; at++) {
      if (!/[0-9A-Z]/.test(text[at] as string) || text[at + 1] === ':') continue
      const line = text.slice(0, at).split('\n').length
      const wrong = text[at] === 'Z' ? 'Y' : 'Z'
      tried++
      try {
        readShare(nodePrimitives, text.slice(0, at) + wrong + text.slice(at + 1), 'share 2')
      } catch (error) {
        expect((error as Error).message).toMatch(new RegExp(`^share 2: (line ${line} was mistyped|its lines do not belong together)$`))
        if ((error as Error).message.includes('mistyped')) found++
      }
    }
    // Ten bits of check let one slip in a thousand through to the check over the whole.
    expect(found).toBeGreaterThan(tried * 0.95)
  })
  it('lines in another order, a missing line, a line too many', async () => {
    const lines = (shares[2] as string).trim().split('\n')
    const swapped = [lines[1], lines[0], ...lines.slice(2)].map((line) => line?.replace(/^\d+:/, '')).join('\n')
    await expect(combine([...pick(0, 1), swapped])).rejects.toThrow('share 3: line 1 was mistyped')
    await expect(combine([...pick(0, 1), lines.slice(1).join('\n')])).rejects.toThrow(/share 3 has \d lines/)
    await expect(combine([...pick(0, 1), `${lines.join('\n')}\n${lines[0]}`])).rejects.toThrow(/share 3 has \d lines/)
  })
  it.each([
    [1, 1],
    [3, 1],
    [2, 3],
    [17, 3],
    [2.5, 2],
  ])('a ceremony of %d shares of which %d are needed', async (count, threshold) => {
    await expect(splitRoot(nodePrimitives, root, count, threshold)).rejects.toThrow(ShareError)
  })
})

describe('shares', () => {
  it('give the key back: any three of five, in any order, typed in small letters with O for 0 and l for 1', async () => {
    for (const places of [
      [0, 1, 2],
      [4, 2, 0],
      [3, 4, 1],
      [0, 1, 2, 3, 4],
    ])
      expect(toHex(await combine(pick(...places)))).toBe(toHex(root))
    const sloppy = pick(1, 2, 3).map((text) =>
      text
        .replace(/^\d+: /gm, '')
        .replaceAll('0', 'O')
        .replaceAll('1', 'l')
        .toLowerCase()
        .replaceAll(' ', '-'),
    )
    expect(toHex(await combine(sloppy))).toBe(toHex(root))
  })
  it('do so for any key and any numbers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.integer({ min: 2, max: 16 }), fc.nat(14), async (key, count, less) => {
        const threshold = Math.max(2, count - less)
        const texts = await splitRoot(nodePrimitives, key, count, threshold)
        expect(toHex(await combine(texts.slice(count - threshold)))).toBe(toHex(key))
      }),
      { numRuns: 25 },
    )
  })
})
