/** The search of a reading: what the server is asked to leave out. Pure. */
import { type Instant, instantMs, instantOf } from '@gatehouse/core/instant'
import { parseDate } from '@gatehouse/tabular/value'
import type { Leaf } from '../read-plan.ts'
import type { Element } from './element.ts'

/** `,` `|` `$` and `\` have a meaning in a search, and `%` none that all servers agree on. */
const plain = /^[\w :./+-]{1,200}$/

/** Whether the server finds by it at least what we mean: it looks into every coding where we look into the first. */
export function searches({ as, search }: Element, leaf: Leaf, parameters: ReadonlySet<string>): boolean {
  if (search === undefined || !parameters.has(search)) return false
  if ('in' in leaf) return isWord(as) && leaf.in.length <= 50 && leaf.in.every((value) => typeof value === 'string' && plain.test(value))
  if (!('is' in leaf) || leaf.is === 'ne') return false
  if (as === 'boolean') return leaf.is === 'eq' && typeof leaf.value === 'boolean'
  if (typeof leaf.value !== 'string') return false
  if (as === 'date') return /^[1-9]/.test(leaf.value) && parseDate(leaf.value) === leaf.value
  return isWord(as) && leaf.is === 'eq' && plain.test(leaf.value)
}

const isWord = (as: Element['as']) => as === 'text' || as === 'reference'

/** Only what all resources have to meet can be said: parameters are joined by "and". */
export function parametersOf(leaves: readonly Leaf[], elementOf: (field: string) => Element): [string, string][] {
  return leaves.flatMap((leaf): [string, string][] => {
    const { search = '', as } = elementOf(leaf.column)
    if ('in' in leaf) return [[search, leaf.in.join(',')]]
    if (!('is' in leaf)) return []
    if (as !== 'date') return [[search, String(leaf.value)]]
    // A moment is of another day where the server is than where it was written, so a day more is asked for on each side.
    const [before, behind] = [dayBeside(String(leaf.value), -1), dayBeside(String(leaf.value), 1)]
    return [...(leaf.is[0] === 'l' ? [] : [`ge${before}`]), ...(leaf.is[0] === 'g' ? [] : [`le${behind}`])].map((value) => [search, value])
  })
}

function dayBeside(day: string, days: number): string {
  return instantOf(instantMs(`${day}T00:00:00.000Z` as Instant) + days * 86_400_000).slice(0, 10)
}
