/**
 * A cut through an item hierarchy: to every item either itself or one of the groups above it, so that all items below a chosen group
 * are replaced by it.
 */
import { type ItemHierarchy, ItemHierarchyError } from './item-hierarchy.ts'

export class Cut {
  readonly #hierarchy: ItemHierarchy
  /** Each item to what stands for it. */
  readonly #shownAs: ReadonlyMap<string, string>

  private constructor(hierarchy: ItemHierarchy, shownAs: ReadonlyMap<string, string>) {
    this.#hierarchy = hierarchy
    this.#shownAs = shownAs
  }

  /** The cut that replaces nothing. */
  static untouched(hierarchy: ItemHierarchy): Cut {
    return new Cut(hierarchy, new Map(hierarchy.items.map((item) => [item, item])))
  }

  /** @throws ItemHierarchyError `uncovered_item` */
  shows(item: string): string {
    const shown = this.#shownAs.get(item)
    if (shown === undefined) throw new ItemHierarchyError('uncovered_item', item, `the hierarchy does not cover the item "${item}"; add a row for it`)
    return shown
  }

  /** The record under this cut; items that fall together are one. */
  apply(record: Iterable<string>): string[] {
    const shown = new Set<string>()
    for (const item of record) shown.add(this.shows(item))
    return [...shown]
  }

  /** Raises what is shown as `shown` to its parent, and with it everything below that parent; undefined at a root. */
  raised(shown: string): Cut | undefined {
    const parent = this.#hierarchy.parentOf.get(shown)
    if (parent === undefined) return undefined
    return this.#with(
      (item) => this.#isBelow(item, parent),
      () => parent,
    )
  }

  /** Puts the children of a group in its place; undefined for an item. */
  split(shown: string): Cut | undefined {
    if (!this.groups().includes(shown)) return undefined
    return this.#with(
      (item) => this.#shownAs.get(item) === shown,
      (item) => this.#childAbove(item, shown),
    )
  }

  /** The groups that stand for items, in the order of their first item. */
  groups(): string[] {
    return [...new Set([...this.#shownAs].filter(([item, shown]) => item !== shown).map(([, shown]) => shown))]
  }

  /** Each item to what stands for it: the mapping to export. */
  mapping(): ReadonlyMap<string, string> {
    return this.#shownAs
  }

  /** Two cuts with the same key show the same. */
  key(): string {
    return JSON.stringify([...this.#shownAs.values()])
  }

  #with(affected: (item: string) => boolean, shownAs: (item: string) => string): Cut {
    return new Cut(this.#hierarchy, new Map([...this.#shownAs].map(([item, shown]) => [item, affected(item) ? shownAs(item) : shown])))
  }

  #isBelow(item: string, group: string): boolean {
    for (let at: string | undefined = item; at !== undefined; at = this.#hierarchy.parentOf.get(at)) if (at === group) return true
    return false
  }

  #childAbove(item: string, group: string): string {
    let child = item
    for (let at = this.#hierarchy.parentOf.get(item); at !== undefined && at !== group; at = this.#hierarchy.parentOf.get(at)) child = at
    return child
  }
}
