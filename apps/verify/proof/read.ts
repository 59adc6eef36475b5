/** A proof file (C2SP tlog-proof): where an entry stands, the way to the root, and the checkpoint. */
import { fromBase64 } from '../encoding.ts'
import { hashLength } from '../merkle.ts'
import { CannotTell, Fault } from '../report.ts'

export interface ProofFile {
  readonly index: number
  readonly proof: readonly Uint8Array[]
  readonly checkpoint: string
}

const firstLine = 'c2sp.org/tlog-proof@v1'
export const proofCharactersMax = 256 * 1024
/** A tree of 2^63 leaves needs no more. */
const hashesMax = 63

/** @throws CannotTell for another format, Fault with the line that is wrong */
export function readProofFile(text: string, place: string): ProofFile {
  if (text.length > proofCharactersMax) throw new CannotTell(`the proof is longer than ${proofCharactersMax} characters`)
  const blank = text.indexOf('\n\n')
  const lines = text.slice(0, Math.max(blank, 0)).split('\n')
  if (text.split('\n', 1)[0] !== firstLine) throw new CannotTell(`the first line is not "${firstLine}": this verifier reads that format only`)
  if (blank < 0) throw new Fault(place, 'no empty line divides the proof from the checkpoint')
  // What is extra is not authenticated and says nothing here.
  const extra = lines[1]?.startsWith('extra ') ? 1 : 0
  if (extra === 1 && fromBase64((lines[1] as string).slice('extra '.length)) === undefined) throw new Fault(`${place} line 2`, 'not base64 with padding')
  const [, digits = ''] = /^index (0|[1-9]\d*)$/.exec(lines[1 + extra] ?? '') ?? []
  const index = Number(digits)
  if (digits === '' || !Number.isSafeInteger(index)) throw new Fault(`${place} line ${2 + extra}`, 'not an index')
  const hashes = lines.slice(2 + extra)
  if (hashes.length > hashesMax) throw new Fault(place, `more than ${hashesMax} hashes`)
  const proof = hashes.map((line, at) => {
    const hash = fromBase64(line)
    if (hash?.length !== hashLength) throw new Fault(`${place} line ${3 + extra + at}`, 'not the base64 of a SHA-256 hash')
    return hash
  })
  return { index, proof, checkpoint: text.slice(blank + 2) }
}
