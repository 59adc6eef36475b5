import { createHash } from 'node:crypto'
import { Problem } from '@gatehouse/core/problem'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { headLength } from './sniff.ts'

/** Passes the bytes on and remembers their digest, their number and their beginning. @throws Problem `too_large` beyond `bytesMax` */
export function watchFile(body: AsyncIterable<Uint8Array>, bytesMax: number) {
  const hash = createHash('sha256')
  const head = new Uint8Array(headLength)
  let bytes = 0
  async function* passing(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of body) {
      if (bytes < headLength) head.set(piece.subarray(0, headLength - bytes), bytes)
      bytes += piece.length
      if (bytes > bytesMax) throw new Problem(doorProblems.too_large, `a file has at most ${bytesMax} bytes`)
      hash.update(piece)
      yield piece
    }
  }
  return { body: passing(), told: () => ({ sha256: new Uint8Array(hash.digest()), bytes, head: head.subarray(0, Math.min(bytes, headLength)) }) }
}
