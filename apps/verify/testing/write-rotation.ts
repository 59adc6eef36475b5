/** Writes logs in which keys are changed, with the writer's own libraries. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { toBase64, utf8 } from '@gatehouse/crypto/bytes'
import { nodePrimitives } from '@gatehouse/crypto/node'
import type { Signer } from '@gatehouse/crypto/primitives'
import { formatNoteKey, noteKey } from '@gatehouse/transparency/note'
import { origin } from './write-bundle.ts'
import { entryOf } from './write-log.ts'

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
