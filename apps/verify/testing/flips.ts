/** Flips single bits of a log, its tiles, a proof file and an export of the vault, and demands that each is told where it is. */

import { noWitnesses } from '../checkpoint.ts'
import { nodeCryptography } from '../command/machine.ts'
import { readKeys } from '../keys.ts'
import { verifyLog } from '../log/verify.ts'
import { verifyProof } from '../proof/verify.ts'
import { judge, type Report } from '../report.ts'
import { verifyVault } from '../vault/verify.ts'
import { keyFile, origin } from './write-bundle.ts'
import { writeLog } from './write-log.ts'
import { gatehouseEntries, sourceOf, writeTiles } from './write-tiles.ts'
import { writeVault } from './write-vault.ts'

const size = 600
const flip = (bytes: Uint8Array, bit: number) => bytes.map((byte, at) => (at === Math.floor(bit / 8) ? byte ^ (2 ** (bit % 8)) : byte))

/** A file that can be damaged: what is said of it then, and which places are right. */
interface Target {
  readonly name: string
  readonly bytes: Uint8Array
  readonly check: (damaged: Uint8Array) => Promise<Report>
  /** Whether a place is the right one for a flip in this byte. */
  readonly isRight: (place: string, byte: number) => boolean
}

/** Walks evenly over all bits of all files with a stride that has no common pattern with them. @throws Error for the first bit that is not told */
export async function flipEverything(flips: number): Promise<void> {
  const targets = await targetsOf()
  const bits = targets.map(({ bytes }) => bytes.length * 8)
  const total = bits.reduce((sum, length) => sum + length, 0)
  for (let done = 0; done < flips; done++) {
    let bit = Math.floor(((done * 0.618_033_988_749_895) % 1) * total)
    let at = 0
    while (bit >= (bits[at] as number)) bit -= bits[at++] as number
    const target = targets[at] as Target
    const report = await target.check(flip(target.bytes, bit))
    const places = report.checks.filter(({ verdict }) => verdict !== 'good').map(({ place }) => place)
    if (report.verdict === 'good' || !places.some((place) => target.isRight(place, Math.floor(bit / 8))))
      throw new Error(`bit ${bit} of ${target.name} gave ${report.verdict} at ${JSON.stringify(places)}`)
  }
}

async function targetsOf(): Promise<Target[]> {
  const keys = await readKeys(keyFile, nodeCryptography)
  const common = { keys, policy: noWitnesses, cryptography: nodeCryptography }
  const log = writeTiles(gatehouseEntries(size))
  const files = [...log].map(
    ([name, bytes]): Target => ({
      name,
      bytes,
      check: (damaged) =>
        judge(async (run) => {
          await verifyLog(run, { ...common, source: sourceOf(new Map(log).set(name, damaged)) })
        }),
      isRight: (place) => place === name || place.startsWith(`${name} `),
    }),
  )
  const { proof, checkpoint, body } = writeLog(size).inclusion(300)
  const proofFile = new TextEncoder().encode(`c2sp.org/tlog-proof@v1\nindex 300\n${proof.join('\n')}\n\n${checkpoint}`)
  const entry = Buffer.from(body, 'base64')
  const checkProof = (text: Uint8Array, of: Uint8Array) =>
    judge(async (run) => {
      await verifyProof(run, { ...common, proof: new TextDecoder().decode(text), entry: of })
    })
  return [
    ...files,
    // What is not the first line any more is another format, which no place of this one names.
    { name: 'proof', bytes: proofFile, check: (damaged) => checkProof(damaged, entry), isRight: (place, byte) => place.startsWith('proof') || byte < 23 },
    { name: 'entry', bytes: entry, check: (damaged) => checkProof(proofFile, damaged), isRight: (place) => place === 'proof' },
    vaultTarget(common),
  ]
}

function vaultTarget(common: { keys: Awaited<ReturnType<typeof readKeys>>; policy: typeof noWitnesses; cryptography: typeof nodeCryptography }): Target {
  const vault = writeVault({ subjects: 3, blocks: 4, covered: 2 })
  // Whether a key is left is the exporter's word, so it is not part of what is flipped.
  const texts = vault.lines.map(({ readable: _, ...block }) => JSON.stringify(block))
  const lengths = texts.map((text) => text.length + 1)
  const lineAt = (byte: number) => {
    let line = 0
    for (let left = byte; left >= (lengths[line] as number); line++) left -= lengths[line] as number
    return line
  }
  return {
    name: 'vault',
    bytes: new TextEncoder().encode(texts.map((text) => `${text}\n`).join('')),
    check: (damaged) =>
      judge(async (run) => {
        async function* lines() {
          yield { text: JSON.stringify(vault.header), place: 'line 0' }
          for (const [at, text] of new TextDecoder().decode(damaged).split('\n').entries())
            if (text !== '') yield { text: text.replace(/\}$/, ',"readable":true}'), place: `line ${at + 1} ` }
        }
        await verifyVault(run, { ...common, lines: lines(), heads: vault.heads, origin })
      }),
    isRight: (place, byte) => place.startsWith(`line ${lineAt(byte) + 1} `),
  }
}
