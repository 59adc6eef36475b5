import { Problem } from '@gatehouse/core/problem'
import { doorProblems } from '@gatehouse/runtime/door/problems'

/** @throws Problem where there are more than `max` */
export async function bytesOf(body: AsyncIterable<Uint8Array>, max: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > max) throw new Problem(doorProblems.too_large, `at most ${max} bytes are taken`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}
