/** The root key where the configuration says it lies. */
import { join } from 'node:path'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { KeyStoreConfig } from '../../base/config.ts'
import type { Egress } from '../egress.ts'
import { fileKeyStore } from './file-key-store.ts'
import type { KeyStore } from './key-store.ts'
import { pkcs11KeyStore } from './pkcs11-key-store.ts'
import { transitKeyStore } from './transit-key-store.ts'

export interface OpenKeyStoreInput {
  readonly config: KeyStoreConfig
  readonly keysDir: string
  readonly egress: Pick<Egress, 'send'>
  readonly primitives: Primitives
  /** Whether a key may be made where there is none: only for a database that was never sealed. */
  readonly create: boolean
}

/** @throws KeyStoreError when the key is not there and may not be made, or the place cannot be reached */
export async function openKeyStore({ config, keysDir, egress, primitives, create }: OpenKeyStoreInput): Promise<KeyStore> {
  switch (config.kind) {
    case 'file':
      return fileKeyStore(join(keysDir, 'root.key'), primitives, { create })
    case 'pkcs11':
      return pkcs11KeyStore({ ...config, create }, primitives)
    case 'transit':
      return transitKeyStore(egress, config)
  }
}
