/**
 * One filter against many, by two programs that give the same hits: WebAssembly with vectors of 128 bits, and plain JavaScript
 * where a browser or a policy has no WebAssembly SIMD.
 */
import { bytesOf, type Clks, popcount } from './clk.ts'
import { BloomError } from './error.ts'
import { place, scanModule, tileRecords } from './wasm/scan.ts'

export type DiceBackend = 'simd' | 'plain'

export interface DiceKernel {
  readonly backend: DiceBackend
  /** Takes the records from `from` on, at most `tileRecords`, to be compared with. */
  setTile(clks: Clks, from: number, to: number): void
  /** Compares a record with the tile. @returns how many of it are alike enough; they stand in `hits` */
  scan(clks: Clks, record: number): number
  /** Place in the tile and number of common bits of each hit, one after the other, in the order of the tile. */
  readonly hits: Int32Array
}

/**
 * For each sum of ones in two filters the fewest common bits whose Dice coefficient, 2·common / sum, reaches the threshold: looked
 * up by both programs, so that they agree to the last bit. Two filters without ones have nothing in common.
 */
export function neededBits(bits: number, threshold: number): Uint16Array {
  return Uint16Array.from({ length: 2 * bits + 1 }, (_, sum) => {
    if (sum === 0) return 0xffff
    let needed = Math.ceil((threshold * sum) / 2)
    while (needed > 1 && (2 * (needed - 1)) / sum >= threshold) needed--
    while ((2 * needed) / sum < threshold) needed++
    return needed
  })
}

/** @param backend without one, vectors where there are any. @throws BloomError `no_simd` where they are asked for and absent, `bad_threshold` */
export function diceKernel(bits: number, threshold: number, backend?: DiceBackend): DiceKernel {
  if (!(threshold > 0 && threshold <= 1)) throw new BloomError('bad_threshold', `a Dice threshold is above 0 and at most 1, got ${threshold}`)
  const needed = neededBits(bits, threshold)
  if (backend !== 'plain') {
    const simd = simdKernel(bits, needed)
    if (simd !== undefined) return simd
    if (backend === 'simd') throw new BloomError('no_simd', 'this runtime has no WebAssembly SIMD; leave the choice open and plain JavaScript is used')
  }
  return plainKernel(bits, needed)
}

/** As far as it is used here; the standard's types come with a browser's. */
interface WebAssemblyHost {
  validate(bytes: Uint8Array): boolean
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

interface ScanProgram {
  readonly memory: { readonly buffer: ArrayBuffer }
  scan(records: number, queryOnes: number): number
}

/** `undefined` where a runtime knows no vectors, or a content-security policy without 'wasm-unsafe-eval' refuses to compile. */
function instantiate(module: Uint8Array): ScanProgram | undefined {
  const host = (globalThis as { WebAssembly?: WebAssemblyHost }).WebAssembly
  if (host === undefined || !host.validate(module)) return undefined
  try {
    return new host.Instance(new host.Module(module)).exports as ScanProgram
  } catch {
    return undefined
  }
}

function simdKernel(bits: number, needed: Uint16Array): DiceKernel | undefined {
  const program = instantiate(scanModule(bits))
  if (program === undefined) return undefined
  const { memory, scan } = program
  const bytes = new Uint8Array(memory.buffer)
  new Uint16Array(memory.buffer, place.needed, needed.length).set(needed)
  const ones = new Uint16Array(memory.buffer, place.ones, tileRecords)
  let records = 0
  return {
    backend: 'simd',
    hits: new Int32Array(memory.buffer, place.hits, 2 * tileRecords),
    setTile(clks, from, to) {
      records = to - from
      bytes.set(bytesOf(clks).subarray((from * bits) / 8, (to * bits) / 8), place.tile)
      ones.set(clks.ones.subarray(from, to))
    },
    scan(clks, record) {
      bytes.set(bytesOf(clks).subarray((record * bits) / 8, ((record + 1) * bits) / 8), place.query)
      return scan(records, clks.ones[record] ?? 0)
    },
  }
}

function plainKernel(bits: number, needed: Uint16Array): DiceKernel {
  const width = bits / 32
  const hits = new Int32Array(2 * tileRecords)
  let tile = new Int32Array()
  let ones = new Uint16Array()
  return {
    backend: 'plain',
    hits,
    setTile(clks, from, to) {
      tile = clks.words.slice(from * width, to * width)
      ones = clks.ones.slice(from, to)
    },
    scan(clks, record) {
      const query = clks.words.slice(record * width, (record + 1) * width)
      const queryOnes = clks.ones[record] ?? 0
      let found = 0
      for (let row = 0; row < ones.length; row++) {
        const common = commonOnes(query, 0, tile, row * width, width)
        if (common < (needed[queryOnes + (ones[row] as number)] as number)) continue
        hits[2 * found] = row
        hits[2 * found + 1] = common
        found++
      }
      return found
    },
  }
}

/**
 * Bits set in both of two filters. Words are first added up bit by bit in carry-save adders, where a bit of `twos` stands for two
 * (Harley and Seal; Warren, Hacker's Delight, section 5-1), so that only one word of four is counted. @param width in words, a multiple of four
 */
export function commonOnes(left: Int32Array, leftAt: number, right: Int32Array, rightAt: number, width: number): number {
  let ones = 0
  let twos = 0
  let fours = 0
  for (let at = 0; at < width; at += 4) {
    const a = (left[leftAt + at] as number) & (right[rightAt + at] as number)
    const b = (left[leftAt + at + 1] as number) & (right[rightAt + at + 1] as number)
    const c = (left[leftAt + at + 2] as number) & (right[rightAt + at + 2] as number)
    const d = (left[leftAt + at + 3] as number) & (right[rightAt + at + 3] as number)
    const twosOfAB = (ones & a) | ((ones ^ a) & b)
    const onesOfAB = ones ^ a ^ b
    const twosOfCD = (onesOfAB & c) | ((onesOfAB ^ c) & d)
    ones = onesOfAB ^ c ^ d
    fours += popcount((twos & twosOfAB) | ((twos ^ twosOfAB) & twosOfCD))
    twos ^= twosOfAB ^ twosOfCD
  }
  return 4 * fours + 2 * popcount(twos) + popcount(ones)
}

/** The Dice coefficient of two single filters: 2·common / (ones + ones), 0 where one is missing. */
export function diceOf(left: Clks, record: number, right: Clks, other: number): number {
  const width = left.bits / 32
  const sum = (left.ones[record] ?? 0) + (right.ones[other] ?? 0)
  return sum === 0 ? 0 : (2 * commonOnes(left.words, record * width, right.words, other * width, width)) / sum
}
