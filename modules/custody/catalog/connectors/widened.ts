/**
 * Filters for sources that mean nearly what we mean: by another collation, of lists where we know one value, with types of their own. Such a
 * source is asked for at least the rows that are wanted, and the whole predicate is judged here over what comes.
 */
import type { Predicate } from '@gatehouse/tabular/predicate'
import type { Leaf } from './read-plan.ts'

/**
 * A predicate that holds wherever the given one does, made of comparisons that the source takes.
 * @param takes whether the source finds by this comparison at least the rows that we mean
 */
export function widened(predicate: Predicate | undefined, takes: (leaf: Leaf) => boolean): Predicate | undefined {
  if (predicate === undefined || 'not' in predicate) return undefined
  if ('column' in predicate) return takes(predicate) ? predicate : undefined
  if ('all' in predicate) {
    const parts = predicate.all.flatMap((part) => widened(part, takes) ?? [])
    return parts.length > 1 ? { all: parts } : parts[0]
  }
  const parts = predicate.any.map((part) => widened(part, takes))
  return parts.every((part) => part !== undefined) ? { any: parts } : undefined
}
