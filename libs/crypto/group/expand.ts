/** expand_message_xmd (RFC 9380 section 5.3.1) with SHA-512, for 64 bytes: one block of output. */
const blockLength = 128
const outputLength = 64

type Sha512 = (...parts: readonly Uint8Array[]) => Uint8Array

/** @throws RangeError for a domain of more than 255 bytes, which the RFC would have hashed first: ours are all short */
export function expandMessage(sha512: Sha512, message: Uint8Array, domain: Uint8Array): Uint8Array {
  if (domain.length === 0 || domain.length > 255) throw new RangeError('a domain separation tag has 1 to 255 bytes')
  const tail = new Uint8Array(domain.length + 1)
  tail.set(domain)
  tail[domain.length] = domain.length
  const first = sha512(new Uint8Array(blockLength), message, Uint8Array.of(0, outputLength, 0), tail)
  return sha512(first, Uint8Array.of(1), tail)
}
