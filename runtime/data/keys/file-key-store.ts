import { chmod, link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { toHex } from '@gatehouse/crypto/bytes'
import { unwrapKey, wrapKey } from '@gatehouse/crypto/envelope'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { type KeyStore, KeyStoreError } from './key-store.ts'

const rootKeyText = /^[0-9a-f]{64}\n?$/

/**
 * The root key as 64 hexadecimal digits in a file that only the node's user can read.
 * @throws KeyStoreError when the file is missing (and `create` is false), readable by others, or not a key
 */
export async function fileKeyStore(path: string, primitives: Primitives, options: { create: boolean }): Promise<KeyStore> {
  const root = await readRoot(path, primitives, options.create)
  return {
    kind: 'file',
    wrap: async (key, context) => wrapKey(primitives, root, key, context),
    unwrap: async (wrapped, context) => unwrapKey(primitives, root, wrapped, context),
  }
}

async function readRoot(path: string, primitives: Primitives, create: boolean): Promise<Uint8Array> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    if (create) return undefined
    throw new KeyStoreError(
      `the root key file ${path} is missing, but this database was sealed with one. Put the file back from its backup, or from its sheets with "gatehouse keys recover"; without it nothing in the database can be read.`,
    )
  })
  if (text === undefined) {
    await makeRoot(path, primitives)
    return readRoot(path, primitives, false)
  }
  if (((await stat(path)).mode & 0o077) !== 0) throw new KeyStoreError(`the root key file ${path} can be read by others; run: chmod 600 ${path}`)
  if (!rootKeyText.test(text)) throw new KeyStoreError(`the root key file ${path} does not hold a key: 64 hexadecimal digits are expected`)
  return new Uint8Array(Buffer.from(text.trim(), 'hex'))
}

/**
 * Written in full beside its place and then linked there, so that a crash leaves no half key, and of two processes that start at
 * the same moment the second finds the key of the first.
 */
async function makeRoot(path: string, primitives: Primitives): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await chmod(dirname(path), 0o700)
  const draft = `${path}.${toHex(primitives.randomBytes(8))}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${toHex(primitives.randomBytes(32))}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await unlink(draft)
}
