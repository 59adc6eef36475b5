/** Any hash of a tree from its tiles, and the proofs that are made of them. Tiles are believed here: the caller checks what comes out. */
import type { Cryptography } from '../cryptography.ts'
import { parentOf } from '../merkle.ts'
import { hashesIn, perfectRoot } from './rows.ts'
import type { LogSource } from './source.ts'
import { readTile, tileWidth, widthOf } from './tiles.ts'

const tileHeight = 8

/** Reads each tile once. */
export class Nodes {
  private readonly source: LogSource
  private readonly size: number
  private readonly cryptography: Cryptography
  private readonly tiles = new Map<string, Promise<Uint8Array[]>>()

  /** @param size of the log: it says which tiles there are, and how wide */
  constructor(source: LogSource, size: number, cryptography: Cryptography) {
    this.source = source
    this.size = size
    this.cryptography = cryptography
  }

  root(size = this.size): Promise<Uint8Array> | Uint8Array {
    return size === 0 ? this.cryptography.sha256(new Uint8Array(0)) : this.over(0, size)
  }

  /** RFC 6962 section 2.1.2: that the log of `from` entries is the beginning of this one, or of an earlier state of it. */
  growth(from: number, to = this.size): Promise<Uint8Array[]> {
    return from === to || from === 0 ? Promise.resolve([]) : this.subproof(from, 0, to, true)
  }

  /** RFC 6962 section 2.1.1: the way of one leaf to the root, from its sibling up. */
  async inclusion(index: number): Promise<Uint8Array[]> {
    const path: Uint8Array[] = []
    let [from, to] = [0, this.size]
    while (to - from > 1) {
      const middle = from + powerBelow(to - from)
      path.push(await (index < middle ? this.over(middle, to) : this.over(from, middle)))
      if (index < middle) to = middle
      else from = middle
    }
    return path.reverse()
  }

  private async subproof(upTo: number, from: number, to: number, whole: boolean): Promise<Uint8Array[]> {
    if (upTo === to) return whole ? [] : [await this.over(from, to)]
    const middle = from + powerBelow(to - from)
    if (upTo <= middle) return [...(await this.subproof(upTo, from, middle, whole)), await this.over(middle, to)]
    return [...(await this.subproof(upTo, middle, to, false)), await this.over(from, middle)]
  }

  /** The hash over the leaves from one number to below another, which is a node of some tree of this log. */
  private async over(from: number, to: number): Promise<Uint8Array> {
    const power = powerBelow(to - from)
    if (to - from > 1 && power * 2 !== to - from) {
      const middle = from + power
      return parentOf(await this.over(from, middle), await this.over(middle, to), this.cryptography.sha256)
    }
    const height = Math.round(Math.log2(to - from))
    const level = Math.floor(height / tileHeight)
    const span = 2 ** (height % tileHeight)
    const number = from / tileWidth ** level
    const tile = await this.tile(level, Math.floor(number / tileWidth))
    return perfectRoot(tile.slice(number % tileWidth, (number % tileWidth) + span), this.cryptography)
  }

  private tile(level: number, index: number): Promise<Uint8Array[]> {
    const name = `${level}/${index}`
    const known = this.tiles.get(name) ?? readTile(this.source, level, index, widthOf(this.size, level, index)).then(({ bytes }) => hashesIn(bytes))
    this.tiles.set(name, known)
    return known
  }
}

/** The largest power of two below a number from 2 on. By doubling, because shifts would cut at 32 bits. */
function powerBelow(number: number): number {
  let power = 1
  while (power * 2 < number) power *= 2
  return power
}
