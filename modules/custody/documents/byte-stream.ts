import { z } from 'zod'

/** The body of a request, as it comes. */
export const byteStream = z.custom<AsyncIterable<Uint8Array>>(
  (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
  'send the file as the body of the request',
)

export const sha256Text = z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits')

/** Pieces of exactly `length` but the last. Where the body breaks, what came before is handed out first. */
export async function* inParts(body: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array, void, undefined> {
  let part = new Uint8Array(length)
  let filled = 0
  try {
    for await (const bytes of body) {
      for (let at = 0; at < bytes.length; ) {
        const taken = Math.min(length - filled, bytes.length - at)
        part.set(bytes.subarray(at, at + taken), filled)
        at += taken
        filled += taken
        if (filled < length) continue
        yield part
        part = new Uint8Array(length)
        filled = 0
      }
    }
  } catch (error) {
    if (filled > 0) yield part.subarray(0, filled)
    throw error
  }
  if (filled > 0) yield part.subarray(0, filled)
}
