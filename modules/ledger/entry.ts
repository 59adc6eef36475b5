import { utf8Text } from '@gatehouse/crypto/bytes'
import type { Entry, EntryBody } from './schema.ts'
import type { EntryRow } from './store.ts'

/** The text that was hashed. */
export function bodyText(body: Uint8Array): string {
  const text = utf8Text(body)
  if (text === undefined) throw new TypeError('a ledger entry is not UTF-8: it was changed after it was written; run ledger.verify')
  return text
}

export function entryOf({ id, index, body }: EntryRow): Entry {
  return { id, index, integrated: index !== null, body: JSON.parse(bodyText(body)) as EntryBody }
}
