/** How the items of set-valued records, such as diagnoses or purchases, may be coarsened. */

/** Names of all levels above an item, from its parent to the root; an item stands under exactly one parent. */
export interface ItemHierarchy {
  /** Each item and group to its parent; roots have none. */
  readonly parentOf: ReadonlyMap<string, string>
  /** The items themselves, in the order given. */
  readonly items: readonly string[]
}

export type ItemHierarchyFault = 'circle' | 'group_is_item' | 'two_parents' | 'uncovered_item'

/** Names the item or group, since the author of a hierarchy can only mend what is named. */
export class ItemHierarchyError extends RangeError {
  override readonly name = 'ItemHierarchyError'
  readonly code: ItemHierarchyFault
  readonly item: string

  constructor(code: ItemHierarchyFault, item: string, message: string) {
    super(message)
    this.code = code
    this.item = item
  }
}

/**
 * A hierarchy from rows of an item and its groups, from the nearest to the most general. Rows may be of different lengths: items
 * need not be equally deep.
 *
 * @throws ItemHierarchyError `two_parents`, `group_is_item`, `circle`
 */
export function itemHierarchy(rows: readonly (readonly string[])[]): ItemHierarchy {
  const parentOf = new Map<string, string>()
  const items = new Set<string>()
  for (const row of rows) {
    const item = row[0]
    if (item !== undefined) items.add(item)
    for (let level = 0; level + 1 < row.length; level++) link(parentOf, row[level] ?? '', row[level + 1] ?? '')
  }
  for (const group of parentOf.values()) {
    if (items.has(group)) throw new ItemHierarchyError('group_is_item', group, `"${group}" is an item and a group; give the group another name`)
  }
  for (const item of items) refuseCircle(parentOf, item)
  return { parentOf, items: [...items] }
}

function link(parentOf: Map<string, string>, child: string, parent: string): void {
  const known = parentOf.get(child)
  if (known !== undefined && known !== parent) {
    throw new ItemHierarchyError('two_parents', child, `"${child}" stands under "${known}" and under "${parent}"; give it one parent or two names`)
  }
  parentOf.set(child, parent)
}

function refuseCircle(parentOf: ReadonlyMap<string, string>, item: string): void {
  const seen = new Set<string>()
  for (let at: string | undefined = item; at !== undefined; at = parentOf.get(at)) {
    if (seen.has(at)) throw new ItemHierarchyError('circle', at, `"${at}" stands above itself; take one of the links away`)
    seen.add(at)
  }
}
