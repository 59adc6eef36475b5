/** A proof in one file (C2SP tlog-proof): the place of an entry, its inclusion proof, and the checkpoint under which it holds. */
import { fromBase64, toBase64 } from '@gatehouse/crypto/bytes'
import { hashLength } from './merkle.ts'

const header = 'c2sp.org/tlog-proof@v1'
/** A tree of 2^63 leaves is 63 high. */
const proofMax = 63

export interface TlogProof {
  readonly index: number
  /** From the leaf's sibling up to the child of the root. */
  readonly proof: readonly Uint8Array[]
  /** The signed note, with the cosignatures it has. */
  readonly checkpoint: string
  /** Anything that helps to find the entry. Nothing signs it. */
  readonly extra?: Uint8Array | undefined
}

export function formatTlogProof({ index, proof, checkpoint, extra }: TlogProof): string {
  const lines = [header, ...(extra === undefined ? [] : [`extra ${toBase64(extra)}`]), `index ${index}`, ...proof.map(toBase64)]
  return `${lines.join('\n')}\n\n${checkpoint}`
}

/** `undefined` for any other form. Says nothing about whether the proof holds. */
export function parseTlogProof(text: string): TlogProof | undefined {
  const blank = text.indexOf('\n\n')
  const [first, ...lines] = text.slice(0, Math.max(0, blank)).split('\n')
  if (first !== header) return undefined
  const [, extraText] = /^extra (.*)$/.exec(lines[0] ?? '') ?? []
  const extra = extraText === undefined ? undefined : fromBase64(extraText)
  if (extraText !== undefined) {
    lines.shift()
    if (extra === undefined) return undefined
  }
  const [, digits] = /^index (0|[1-9][0-9]*)$/.exec(lines.shift() ?? '') ?? []
  const index = Number(digits)
  const proof = lines.map(fromBase64)
  if (digits === undefined || !Number.isSafeInteger(index) || proof.length > proofMax) return undefined
  if (!proof.every((hash): hash is Uint8Array => hash?.length === hashLength)) return undefined
  return { index, proof, checkpoint: text.slice(blank + 2), ...(extra === undefined ? {} : { extra }) }
}
