/** Walks a list that comes in pages, up to a number of items that a person would still read. */
import { must } from '@gatehouse/sdk/client'

interface Page<T> {
  data: T[]
  next: string | null
}

export async function allPages<T>(
  read: (cursor: string | undefined) => Promise<{ data?: Page<T>; error?: unknown; response: Response }>,
  itemsMax = 5_000,
): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  do {
    const page = must(await read(cursor))
    items.push(...page.data)
    cursor = page.next ?? undefined
  } while (cursor !== undefined && items.length < itemsMax)
  return items
}
