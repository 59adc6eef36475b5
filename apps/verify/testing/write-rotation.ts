/** Writes logs in which keys are changed, with the writer's own libraries. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { toBase64, utf8 } from '@gatehouse/crypto/bytes'
import { nodePrimitives, nodeSigner } from '@gatehouse/crypto/node'
import type { Signer } from '@gatehouse/crypto/primitives'
import { formatNoteKey, noteKey } from '@gatehouse/transparency/note'
import { logSigner, origin } from './write-bundle.ts'
import { entryOf, writeLogOver } from './write-log.ts'

export const successionHeader = 'gatehouse/key-succession/v1'
export const vkeyOf = (signer: Signer, name = origin) => formatNoteKey(noteKey(nodePrimitives.sha256, name, signer.publicKey))
export const signed = (by: Signer, ...lines: string[]) => toBase64(by.sign(utf8(lines.map((line) => `${line}\n`).join(''))))

/** What an entry says: the old key, the new one, and the signature by which the one names the other. */
export function naming(old: Signer, next: Signer, name = origin) {
  const [oldVkey, vkey] = [vkeyOf(old, name), vkeyOf(next, name)]
  return { old_vkey: oldVkey, vkey, endorsement: signed(old, successionHeader, oldVkey, vkey) }
}

/** Entries, of which those at the given places name a key. */
export function bodiesNaming(size: number, naming: Readonly<Record<number, object>>): Uint8Array[] {
  return Array.from({ length: size }, (_, at) => {
    const details = naming[at]
    const entry = entryOf(at)
    return utf8(canonicalJson(details === undefined ? entry : { ...entry, type: 'keyring.rotate_signing', details: { key: 'log', generation: 2, ...details } }))
  })
}

/** A log of forty entries whose key was changed at the ninth and the twenty-first, and what a thief of the first key might say. */
export function changedKeys() {
  const [second, third, thief] = [12, 13, 19].map((seed) => nodeSigner(new Uint8Array(32).fill(seed))) as [Signer, Signer, Signer]
  const signers = new Map([logSigner, second, third].map((signer) => [vkeyOf(signer), signer]))
  const bodies = bodiesNaming(40, { 8: naming(logSigner, second), 20: naming(second, third) })
  const claimOf = (log: ReturnType<typeof writeLogOver>, ...places: number[]) => ({
    checkpoint: log.checkpoint,
    entries: places.map((index) => {
      const { body, proof } = log.inclusion(index)
      return { index, body, proof }
    }),
  })
  const stolen = writeLogOver(bodiesNaming(40, { 8: naming(thief, third) }), third)
  return {
    keys: [...signers.keys()],
    stateAt: (size: number, vkey: string) => writeLogOver(bodies.slice(0, size), signers.get(vkey) ?? thief).checkpoint,
    growth: (from: number, to: number) => writeLogOver(bodies.slice(0, to), third).consistency(from),
    changes: claimOf(writeLogOver(bodies, third), 8, 20),
    thief: { key: vkeyOf(thief), checkpoint: writeLogOver(bodies, thief).checkpoint, changes: claimOf(stolen, 8) },
  }
}
