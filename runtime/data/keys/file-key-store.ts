import { chmod, mkdir, open, readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
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
  let text: string
  try {
    const mode = (await stat(path)).mode & 0o077
    if (mode !== 0) throw new KeyStoreError(`the root key file ${path} can be read by others; run: chmod 600 ${path}`)
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    if (!create) {
      throw new KeyStoreError(
        `the root key file ${path} is missing, but this database was sealed with one. Put the file back from its backup; without it nothing in the database can be read.`,
      )
    }
    text = `${Buffer.from(primitives.randomBytes(32)).toString('hex')}\n`
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await chmod(dirname(path), 0o700)
    // 'wx': a second process that starts at the same moment must not replace the key of the first.
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
  }
  if (!rootKeyText.test(text)) throw new KeyStoreError(`the root key file ${path} does not hold a key: 64 hexadecimal digits are expected`)
  return new Uint8Array(Buffer.from(text.trim(), 'hex'))
}
