import { isUuid } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { doorProblems } from '@gatehouse/runtime/door/problems'

/** A page by id: the cursor is the last id of the page before. One row more than asked tells whether there is a next page. */
export async function pageOf<Item extends { readonly id: string }>(
  limit: number,
  cursor: string | undefined,
  read: (after: string | undefined, limit: number) => Promise<Item[]>,
): Promise<{ data: Item[]; next: string | null }> {
  if (cursor !== undefined && !isUuid(cursor)) throw new Problem(doorProblems.input_invalid, 'the cursor is not one that this list gave')
  const rows = await read(cursor, limit + 1)
  const data = rows.slice(0, limit)
  return { data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null }
}
