import { sample } from '../../random/draw.ts'
import type { RandomSource } from '../../random/random.ts'
import { bound } from '../parameter.ts'

/**
 * Keeps at most `rowsPerPerson` rows of each person, drawn at random: what the mechanisms are promised about their data. The rows kept
 * stay in their order.
 *
 * @throws ParameterError `not_a_bound`
 */
export function limitContributions<Row>(rows: Iterable<Row>, personOf: (row: Row) => unknown, rowsPerPerson: number, random: RandomSource): Row[] {
  bound(rowsPerPerson, 'rowsPerPerson')
  const all = [...rows]
  const places = new Map<unknown, number[]>()
  all.forEach((row, place) => {
    const person = personOf(row)
    const of = places.get(person)
    if (of === undefined) places.set(person, [place])
    else of.push(place)
  })
  const kept = new Set<number>()
  for (const of of places.values()) for (const place of of.length > rowsPerPerson ? sample(random, of, rowsPerPerson) : of) kept.add(place)
  return all.filter((_, place) => kept.has(place))
}
