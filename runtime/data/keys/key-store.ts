/**
 * Where the root key lives. A driver may keep it in a file, in a hardware module or in a key service; it never hands the root
 * key out, it only wraps and unwraps the keys below.
 *
 * Obligations of a driver: `wrap` and `unwrap` bind the context (a wrapped key moved to another tenant or name does not open);
 * `unwrap` answers `undefined` for anything it did not wrap; both may be called from several processes at once.
 */
export interface KeyStore {
  readonly kind: string
  wrap(key: Uint8Array, context: readonly string[]): Promise<Uint8Array>
  unwrap(wrapped: Uint8Array, context: readonly string[]): Promise<Uint8Array | undefined>
}

/** The root key is missing, unreadable or not the one this database was sealed with. The node must not start. */
export class KeyStoreError extends Error {
  override readonly name = 'KeyStoreError'
}

/** A key that was destroyed, or that lies nowhere where it is looked for: asking again does not help. */
export class KeyGoneError extends KeyStoreError {}
