/** What was done about one person, for modules that tell that person. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import { bodyText } from './entry.ts'
import type { EntryBody } from './schema.ts'
import { entriesOfTypesAbout } from './store.ts'

/** The newest entries of the given types, older than `before`. */
export async function readAbout(
  tx: Tx,
  subject: Id<'subject'>,
  types: readonly string[],
  page: { readonly before: Id<'entry'> | undefined; readonly limit: number },
): Promise<EntryBody[]> {
  const rows = await entriesOfTypesAbout(tx, subject, types, page.before, page.limit)
  return rows.map(({ body }) => JSON.parse(bodyText(body)) as EntryBody)
}
