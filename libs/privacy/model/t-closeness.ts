/** t-closeness (Li, Li and Venkatasubramanian 2007, "t-closeness: privacy beyond k-anonymity and l-diversity"). */
import { staysWithin } from './boundary.ts'
import { type Distribution, ModelError, type PrivacyModel, type SensitiveAttribute } from './model.ts'
import { attributeName, numberWithin } from './parameter.ts'

export type ClosenessDistance = 'equal' | 'ordered' | 'hierarchical'

/**
 * The attribute is distributed in every class as in the whole table, up to an earth mover's distance of t. The distance between two
 * values is
 * - `equal`: 1;
 * - `ordered`: how many places apart they stand, divided by the number of values less 1. The order is `order`, which may name values
 *   that do not occur, or else that of the leaves of the attribute's hierarchy; never the order in which values happened to appear;
 * - `hierarchical`: the height of their lowest common ancestor divided by the height of the hierarchy. A hierarchy whose top level
 *   still has several groups gets a root above them.
 *
 * All three are compared as fractions with whole numerators (counts of the class times rows of the table, exact below 2^53), so a
 * distance of exactly t holds; the comparison has a relative slack of 1e-12 for the rounding of t itself.
 *
 * Monotone without suppression: the distance is convex, so a mixture of close classes is close. With suppression it is not: a close
 * class mixed with a distant one may be distant, and more rows are lost above than below.
 *
 * @throws ModelError unless 0 <= t <= 1; on binding, when the order or hierarchy it needs is missing or leaves a value out
 */
export function tCloseness(attribute: string, t: number, distance: ClosenessDistance, order?: readonly string[]): PrivacyModel {
  const name = `${distance} ${t}-closeness of ${attribute}${order ? ` in the order ${order.join(', ')}` : ''}`
  attributeName('t-closeness', attribute)
  numberWithin('t-closeness', 't', t, 0, 1)
  if (order && distance !== 'ordered') throw new ModelError(`${name}: an order is for the ordered distance only; leave it out`)
  return {
    name,
    minimumClassSize: 1,
    attributes: [attribute],
    needsPopulation: false,
    monotone: 'withoutSuppression',
    description: `Among rows that look alike ${attribute} is distributed as in the whole table, up to a distance of ${t}.`,
    bind(table) {
      const sensitive = table.sensitive(attribute)
      const distant = distance === 'ordered' ? orderedDistance(name, sensitive, order) : groupedDistance(name, sensitive, distance)
      const scale = t * distant.divisor * sensitive.overall.total
      return {
        holdsFor(group) {
          const distribution = group.distribution(attribute)
          return staysWithin(distant.numerator(distribution), scale * distribution.total)
        },
      }
    },
  }
}

/** The distance of a class from the table is numerator / (divisor x rows of the class x rows of the table). */
interface Distance {
  readonly divisor: number
  numerator(distribution: Distribution): number
}

/**
 * Equal and hierarchical distance. In a tree whose leaves have the same depth, what has to be moved out of a group at a level is
 * the group's surplus, so the earth mover's distance is the mean over all levels below the root of half the absolute differences
 * of the groups' shares; and half of them is the sum of the positive ones, which only groups that occur in the class can have. The
 * equal distance is that of a tree with one level below the root.
 */
function groupedDistance(name: string, sensitive: SensitiveAttribute, distance: 'equal' | 'hierarchical'): Distance {
  const leaves = Int32Array.from(sensitive.values, (_, code) => code)
  const levels = distance === 'equal' ? [leaves] : [leaves, ...belowRoot(name, sensitive)]
  const tableRows = sensitive.overall.total
  const groups = levels.map((groupOf) => {
    const size = 1 + groupOf.reduce((most, group) => Math.max(most, group), 0)
    const inTable = addCounts(new Float64Array(size), groupOf, sensitive.overall)
    return { groupOf, inTable, inClass: new Float64Array(size) }
  })
  return {
    divisor: levels.length,
    numerator(distribution) {
      let surplus = 0
      for (const { groupOf, inTable, inClass } of groups) {
        addCounts(inClass, groupOf, distribution)
        for (let i = distribution.start; i < distribution.end; i++) {
          const group = groupOf[distribution.codes[i] ?? -1] ?? 0
          const difference = (inClass[group] ?? 0) * tableRows - (inTable[group] ?? 0) * distribution.total
          if (difference > 0) surplus += difference
          inClass[group] = 0 // ready for the next class, and a group met again here adds nothing
        }
      }
      return surplus
    },
  }
}

function belowRoot(name: string, sensitive: SensitiveAttribute): readonly Int32Array[] {
  const { levels } = sensitive
  const top = levels?.at(-1)
  if (!levels || !top) throw new ModelError(`${name}: the hierarchical distance needs a hierarchy of ${sensitive.name}; give one, or use the equal distance`)
  const rooted = top.every((group) => group === top[0])
  return rooted ? levels.slice(0, -1) : levels
}

function addCounts(sums: Float64Array, groupOf: Int32Array, distribution: Distribution): Float64Array {
  for (let i = distribution.start; i < distribution.end; i++) {
    const group = groupOf[distribution.codes[i] ?? -1] ?? 0
    sums[group] = (sums[group] ?? 0) + (distribution.counts[i] ?? 0)
  }
  return sums
}

/** On a line the earth mover's distance is the sum of the absolute running differences, divided by the number of steps. */
function orderedDistance(name: string, sensitive: SensitiveAttribute, order: readonly string[] | undefined): Distance {
  const placeOf = order ? placesIn(name, sensitive, order) : leafPlaces(name, sensitive)
  const places = order?.length ?? sensitive.values.length
  const inTable = addCounts(new Float64Array(places), placeOf, sensitive.overall)
  const inClass = new Float64Array(places)
  const tableRows = sensitive.overall.total
  return {
    divisor: Math.max(1, places - 1),
    numerator(distribution) {
      inClass.fill(0)
      addCounts(inClass, placeOf, distribution)
      let running = 0
      let moved = 0
      for (let place = 0; place < places; place++) {
        running += (inClass[place] ?? 0) * tableRows - (inTable[place] ?? 0) * distribution.total
        moved += Math.abs(running)
      }
      return moved
    },
  }
}

function leafPlaces(name: string, sensitive: SensitiveAttribute): Int32Array {
  if (!sensitive.levels) {
    throw new ModelError(
      `${name}: the ordered distance needs the order of the values of ${sensitive.name}; list them in order, or give a hierarchy with ordered leaves`,
    )
  }
  return Int32Array.from(sensitive.values, (_, code) => code)
}

function placesIn(name: string, sensitive: SensitiveAttribute, order: readonly string[]): Int32Array {
  const placeOf = new Map(order.map((value, place) => [value, place]))
  if (placeOf.size !== order.length) throw new ModelError(`${name}: the order names a value of ${sensitive.name} twice; name each once`)
  return Int32Array.from(sensitive.values, (value) => {
    const place = placeOf.get(value)
    if (place === undefined) throw new ModelError(`${name}: the order leaves out values of ${sensitive.name} that the table has; name them all`)
    return place
  })
}
