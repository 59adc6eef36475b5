/** did:key for Ed25519 (W3C CCG did:key v0.9): base58btc of the multicodec prefix 0xed 0x01 and the 32 bytes of the key. */
const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const prefix = [0xed, 0x01] as const
const keyLength = 32
/** 34 bytes in base 58. */
const textMax = 60

export function didKeyOf(publicKey: Uint8Array): string {
  if (publicKey.length !== keyLength) throw new RangeError(`an Ed25519 key has ${keyLength} bytes, got ${publicKey.length}`)
  return `did:key:z${toBase58(Uint8Array.from([...prefix, ...publicKey]))}`
}

/** The public key, or `undefined` for anything that is not exactly what `didKeyOf` gives. */
export function keyOfDidKey(did: string): Uint8Array | undefined {
  const text = /^did:key:z([1-9A-HJ-NP-Za-km-z]+)$/.exec(did)?.[1]
  const bytes = text === undefined || text.length > textMax ? undefined : fromBase58(text)
  if (bytes?.length !== keyLength + 2 || bytes[0] !== prefix[0] || bytes[1] !== prefix[1]) return undefined
  const key = bytes.slice(2)
  return didKeyOf(key) === did ? key : undefined
}

/** Leading zero bytes are leading ones in the text. */
function toBase58(bytes: Uint8Array): string {
  let value = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
  let text = ''
  for (; value > 0n; value /= 58n) text = (alphabet[Number(value % 58n)] ?? '') + text
  const zeros = bytes.findIndex((byte) => byte !== 0)
  return '1'.repeat(zeros === -1 ? bytes.length : zeros) + text
}

function fromBase58(text: string): Uint8Array {
  let value = 0n
  for (const letter of text) value = value * 58n + BigInt(alphabet.indexOf(letter))
  const bytes: number[] = []
  for (; value > 0n; value /= 256n) bytes.unshift(Number(value % 256n))
  const zeros = /^1*/.exec(text)?.[0].length ?? 0
  return Uint8Array.from([...new Array<number>(zeros).fill(0), ...bytes])
}
