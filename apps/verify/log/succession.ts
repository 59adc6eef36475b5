/**
 * An institution that changes a signing key says so in its log: an entry holds a signature by which the old key names the new one. Whoever trusts the old key
 * can follow, and knows from which entry on the old key of the log alone vouches for nothing.
 */
import type { Checkpoint } from '../checkpoint.ts'
import type { Cryptography } from '../cryptography.ts'
import { fromBase64, same, utf8 } from '../encoding.ts'
import type { Entry } from '../entries.ts'
import { readKeys, type TrustedKey } from '../keys.ts'
import { Fault, type Run } from '../report.ts'

const header = 'gatehouse/key-succession/v1'

export interface Succession {
  /** The entry that names the new key. */
  readonly from: number
  readonly key: TrustedKey
  readonly vkey: string
}

export function namesKey(entry: Entry): boolean {
  return entry.type === 'keyring.rotate_signing'
}

/** The keys that follow from those of the reader, in the order of the log. @throws Fault for the signature of a known key that does not hold */
export async function followKeys(entries: readonly Entry[], known: readonly TrustedKey[], cryptography: Cryptography): Promise<Succession[]> {
  const found: Succession[] = []
  for (const { index, details } of entries) {
    const place = `entry ${index}`
    const { old_vkey: oldVkey, vkey, endorsement } = details
    const signature = typeof endorsement === 'string' ? fromBase64(endorsement) : undefined
    if (typeof oldVkey !== 'string' || typeof vkey !== 'string' || signature?.length !== 64)
      throw new Fault(place, 'it changes a signing key, and how is malformed')
    const [named, key] = await Promise.all([oldVkey, vkey].map((line) => readKey(line, place, cryptography)))
    const old = [...known, ...found.map((one) => one.key)].find((candidate) => named !== undefined && isSame(candidate, named))
    // Another log's key, or one after a key that the reader does not know: nothing to follow.
    if (old === undefined || key === undefined || key.witness || key.name !== old.name) continue
    if (!(await cryptography.verifyEd25519(old.publicKey, utf8(`${header}\n${oldVkey}\n${vkey}\n`), signature)))
      throw new Fault(place, `the signature by which ${old.name} names its next key is wrong`)
    found.push({ from: index, key, vkey })
  }
  return found
}

async function readKey(line: string, place: string, cryptography: Cryptography): Promise<TrustedKey | undefined> {
  const keys = await readKeys(line, cryptography).catch(() => {
    throw new Fault(place, 'it changes a signing key, and one of the two keys is malformed')
  })
  return keys.length === 1 ? keys[0] : undefined
}

const isSame = (left: TrustedKey, right: TrustedKey): boolean =>
  left.name === right.name && left.witness === right.witness && same(left.publicKey, right.publicKey)

/** Says what was followed, and holds the checkpoint to the key that signs at its size. */
export function noteKeys(run: Run, place: string, { size, origin, signed, signedBy }: Checkpoint, followed: readonly Succession[]): void {
  for (const { from, key, vkey } of followed) {
    const what = key.name === origin ? 'the key of the log' : `the key ${key.name}`
    run.note('good', `entry ${from}`, `${what} was changed, and the one before it vouches for the new one: ${vkey}`)
  }
  const last = followed.findLast(({ key, from }) => key.name === origin && from < size)
  if (signed && last !== undefined && !signedBy.some((key) => isSame(key, last.key)))
    run.note('bad', place, `the checkpoint is signed by a key that entry ${last.from} put out of use, and not by its successor`)
}
