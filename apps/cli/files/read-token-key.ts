/** The key of an audience, from a file that only its owner can read, and from nowhere else. */
import { open } from 'node:fs/promises'
import { instantOf } from '@gatehouse/core/instant'
import { fromHex } from '@gatehouse/crypto/bytes'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { type AudienceKey, deriveAudienceKey } from '@gatehouse/linkage/token/key'
import { about } from './linkage-fault.ts'
import { TableError } from './table-error.ts'

export interface WantedKey {
  readonly keyFile: string
  readonly audience: string
  readonly keyId: string
}

/** A token bears its key's id and no time: when a key is good is checked by whoever takes tokens in. */
const always = { notBefore: instantOf(0), notAfter: instantOf(Date.UTC(9999, 0, 1)) }

/** Whoever reads the key can try out every identifier there is, so a file that others can read is refused. */
export async function readTokenKey({ keyFile, audience, keyId }: WantedKey): Promise<AudienceKey> {
  const handle = await open(keyFile).catch((cause: unknown) => {
    throw new TableError('no_such_file', keyFile, `the key cannot be read; make one with: (umask 077 && openssl rand -hex 32 > ${keyFile})`, undefined, {
      cause,
    })
  })
  try {
    const { mode } = await handle.stat()
    if ((mode & 0o077) !== 0) throw new TableError('key_readable_by_others', keyFile, `others than its owner can read the key; chmod 600 ${keyFile}`)
    const text = (await handle.readFile('utf8')).trim()
    const master = /^([0-9a-f]{2}){32,}$/i.test(text) ? fromHex(text.toLowerCase()) : undefined
    if (master === undefined) throw new TableError('bad_key', keyFile, 'a key is at least 64 hexadecimal digits and nothing else')
    return about(keyFile, () => deriveAudienceKey(nodePrimitives, master, { audience, keyId, ...always }))
  } finally {
    await handle.close()
  }
}
