/** The keys that a reader trusts: verifier keys of logs, vaults and witnesses (C2SP signed-note and tlog-cosignature). */
import type { Cryptography } from './cryptography.ts'
import { fromBase64, join, toHex, utf8 } from './encoding.ts'
import { CannotTell } from './report.ts'

export interface TrustedKey {
  readonly name: string
  readonly id: Uint8Array
  readonly publicKey: Uint8Array
  /** A witness signs the time with the checkpoint; everybody else signs the text alone. */
  readonly witness: boolean
}

/** The name that an institution's other keys begin with: a successor of its log bears a number behind it. */
export function baseName(origin: string): string {
  return origin.replace(/\/[1-9]\d*$/, '')
}

/** The first byte of a key: what its signatures are over. */
const ed25519 = 0x01
const cosignature = 0x04

/** The key file itself cannot be used. */
export class BadKeyFile extends CannotTell {}

/** One verifier key a line; empty lines and lines that begin with `#` are passed over. */
export async function readKeys(text: string, { sha256 }: Cryptography): Promise<TrustedKey[]> {
  const keys: TrustedKey[] = []
  for (const [at, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const [, name = '', id = '', base64 = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line) ?? []
    const typed = fromBase64(base64)
    if (typed?.length !== 33 || (typed[0] !== ed25519 && typed[0] !== cosignature))
      throw new BadKeyFile(`line ${at + 1} of the key file is no Ed25519 key of the form name+keyid+base64`)
    const digest = await sha256(join(utf8(`${name}\n`), typed))
    if (toHex(digest.subarray(0, 4)) !== id) throw new BadKeyFile(`line ${at + 1} of the key file: the key id does not belong to this name and key`)
    keys.push({ name, id: digest.slice(0, 4), publicKey: typed.slice(1), witness: typed[0] === cosignature })
  }
  if (keys.length === 0) throw new BadKeyFile('the key file names no key')
  return keys
}
