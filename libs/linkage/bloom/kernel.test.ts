import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Clks, clkAt, clksFrom, popcount } from './clk.ts'
import { commonOnes, diceKernel, diceOf, neededBits } from './kernel.ts'
import { randomFilters } from './testing/filters.ts'
import { tileRecords } from './wasm/scan.ts'

const ones = (bytes: Uint8Array) => bytes.reduce((sum, byte) => sum + popcount(byte), 0)

/** The definition, bit by bit. */
function naive(clks: Clks, record: number, other: number): { common: number; dice: number } {
  const [left, right] = [clkAt(clks, record), clkAt(clks, other)]
  const common = ones(left.map((byte, index) => byte & (right[index] as number)))
  const sum = ones(left) + ones(right)
  return { common, dice: sum === 0 ? 0 : (2 * common) / sum }
}

function hitsOf(clks: Clks, threshold: number, backend: 'simd' | 'plain', to = clks.length): number[][] {
  const kernel = diceKernel(clks.bits, threshold, backend)
  expect(kernel.backend).toBe(backend)
  kernel.setTile(clks, 0, to)
  return Array.from({ length: clks.length }, (_, record) => [...kernel.hits.slice(0, 2 * kernel.scan(clks, record))])
}

afterEach(() => vi.unstubAllGlobals())

describe('the Dice kernels', () => {
  it.each([0, -1, 1.01, Number.NaN])('refuse the threshold %d', (threshold) => {
    expect(() => diceKernel(1024, threshold)).toThrow(expect.objectContaining({ code: 'bad_threshold' }))
  })

  it('fall back to plain JavaScript without WebAssembly, and say so where vectors were asked for', () => {
    vi.stubGlobal('WebAssembly', undefined)
    expect(diceKernel(1024, 0.7).backend).toBe('plain')
    expect(() => diceKernel(1024, 0.7, 'simd')).toThrow(expect.objectContaining({ code: 'no_simd' }))
    // A runtime from before the vectors knows none of their instructions.
    vi.stubGlobal('WebAssembly', { validate: () => false })
    expect(diceKernel(1024, 0.7).backend).toBe('plain')
    // A content-security policy refuses by throwing.
    const Module = function refuse() {
      throw new Error('refused')
    }
    vi.stubGlobal('WebAssembly', { validate: () => true, Module })
    expect(diceKernel(1024, 0.7).backend).toBe('plain')
  })

  it.each([256, 512, 1024, 2048])('give the same hits as the definition at %d bits', (bits) => {
    const clks = randomFilters(bits, 60, bits)
    for (const threshold of [0.3, 0.75, 1]) {
      const expected = Array.from({ length: 60 }, (_, record) =>
        Array.from({ length: 60 }, (_, other) => ({ other, ...naive(clks, record, other) })).flatMap(({ other, common, dice }) =>
          dice >= threshold ? [other, common] : [],
        ),
      )
      expect(expected.flat().length).toBeGreaterThan(60)
      expect(hitsOf(clks, threshold, 'simd')).toEqual(expected)
      expect(hitsOf(clks, threshold, 'plain')).toEqual(expected)
    }
  })

  it('count filters that are full, at the longest length', () => {
    const full = clksFrom('test', 2048, [new Uint8Array(256).fill(0xff), new Uint8Array(256).fill(0xff)])
    expect(hitsOf(full, 1, 'simd')).toEqual([
      [0, 2048, 1, 2048],
      [0, 2048, 1, 2048],
    ])
    expect(hitsOf(full, 1, 'plain')).toEqual(hitsOf(full, 1, 'simd'))
  })

  it('find nothing for a record without a filter', () => {
    const clks = clksFrom('test', 512, [undefined, undefined, new Uint8Array(64).fill(1)])
    for (const backend of ['simd', 'plain'] as const) expect(hitsOf(clks, 0.01, backend)).toEqual([[], [], [2, 64]])
    expect(diceOf(clks, 0, clks, 1)).toBe(0)
  })

  it('fill a whole tile with hits, and forget the tile before', () => {
    const clks = clksFrom(
      'test',
      256,
      Array.from({ length: tileRecords }, () => new Uint8Array(32).fill(3)),
    )
    for (const backend of ['simd', 'plain'] as const) {
      const kernel = diceKernel(256, 1, backend)
      kernel.setTile(clks, 0, tileRecords)
      expect(kernel.scan(clks, 0)).toBe(tileRecords)
      expect([kernel.hits[2 * tileRecords - 2], kernel.hits[2 * tileRecords - 1]]).toEqual([tileRecords - 1, 64])
      kernel.setTile(clks, 5, 8)
      expect(kernel.scan(clks, 0)).toBe(3)
    }
  })

  it('need the fewest common bits that reach the threshold, for every sum', () => {
    for (const threshold of [0.05, 0.5, 0.7, 0.8, 1 / 3, 1]) {
      const needed = neededBits(256, threshold)
      expect(needed[0]).toBe(0xffff)
      for (let sum = 1; sum <= 512; sum++) {
        const least = needed[sum] as number
        expect((2 * least) / sum >= threshold && (least === 0 || (2 * (least - 1)) / sum < threshold)).toBe(true)
      }
    }
  })

  it('add carries up right', () => {
    const clks = randomFilters(1024, 40, 3, 0.5)
    for (let record = 0; record < 40; record++) {
      expect(commonOnes(clks.words, record * 32, clks.words, 0, 32)).toBe(naive(clks, record, 0).common)
      expect(diceOf(clks, record, clks, 1)).toBe(naive(clks, record, 1).dice)
    }
  })
})
