/**
 * One-to-one assignment between two sources: of all ways to give each record at most one partner the one with the greatest sum of
 * weights, which is the likeliest under the model. Each connected part is solved on its own. Parts with more records than
 * `assignmentMax` on either side are assigned greedily instead: the strongest link first, then the strongest among what is left.
 */
import type { OrderedEdges } from './edges.ts'
import { greatestSum } from './greatest-sum.ts'
import { type Constraints, onePerRule, partition } from './partition.ts'

/** The exact method takes time with the third power of this and memory with the second. */
export const assignmentMax = 400

/** Deterministic links outweigh any sum of others; a link at or under 0 bits that the threshold let in still is better than none. */
const certainBits = 1e6
const leastBits = 1e-6

/** @returns the chosen edges, strongest first. @throws RangeError when records are not of two sources */
export function assign(edges: OrderedEdges, recordCount: number, { onePer, cannotLink }: Constraints, refuse: (rule: string) => void): Int32Array {
  if (onePer === undefined) throw new RangeError('one-to-one assignment is between two sources; give onePer')
  const { left, right } = edges
  const first = firstOfTwoSources(edges, onePer)
  const allowed = edges.order.filter((edge) => {
    const [one, other] = [left[edge] as number, right[edge] as number]
    const rule = onePer[one] === onePer[other] ? onePerRule : cannotLink?.(one, other)
    if (rule !== undefined) refuse(rule)
    return rule === undefined
  })
  const parts = partition(recordCount, {})
  for (const edge of allowed) {
    if (parts.rootOf(left[edge] as number) !== parts.rootOf(right[edge] as number)) parts.unite(left[edge] as number, right[edge] as number)
  }
  const edgesOfPart = new Map<number, number[]>()
  for (const edge of allowed) {
    const part = parts.rootOf(left[edge] as number)
    const known = edgesOfPart.get(part)
    if (known === undefined) edgesOfPart.set(part, [edge])
    else known.push(edge)
  }
  const chosen = new Set<number>()
  for (const part of edgesOfPart.values()) for (const edge of chooseWithin(edges, part, (record) => onePer[record] === first)) chosen.add(edge)
  return allowed.filter((edge) => chosen.has(edge))
}

function firstOfTwoSources({ left, right, order }: OrderedEdges, onePer: Int32Array): number {
  const sources = new Set<number>()
  for (const edge of order) for (const record of [left[edge] as number, right[edge] as number]) sources.add(onePer[record] ?? -1)
  if (sources.size > 2 || sources.has(-1)) throw new RangeError(`one-to-one assignment is between two sources; the links join records of ${sources.size}`)
  return Math.min(...sources)
}

function chooseWithin({ left, right, weight }: OrderedEdges, part: readonly number[], isFirst: (record: number) => boolean): number[] {
  const side = (wanted: boolean): number[] => [
    ...new Set(part.flatMap((edge) => [left[edge] as number, right[edge] as number].filter((record) => isFirst(record) === wanted))),
  ]
  const [rows, columns] = [side(true), side(false)]
  if (Math.max(rows.length, columns.length) > assignmentMax) return greedy(part, (edge) => [left[edge] as number, right[edge] as number])
  const rowOf = new Map(rows.map((record, index) => [record, index]))
  const columnOf = new Map(columns.map((record, index) => [record, index]))
  // Each row may also take a column of its own that stands for "no partner" and is worth nothing.
  const width = columns.length + rows.length
  const worth = new Float64Array(rows.length * width)
  const edgeAt = new Map<number, number>()
  for (const edge of part) {
    const [one, other] = [left[edge] as number, right[edge] as number]
    const [row, column] = isFirst(one) ? [rowOf.get(one), columnOf.get(other)] : [rowOf.get(other), columnOf.get(one)]
    const at = (row ?? 0) * width + (column ?? 0)
    worth[at] = Math.min(certainBits, Math.max(leastBits, weight[edge] as number))
    edgeAt.set(at, edge)
  }
  return greatestSum(worth, rows.length, width).flatMap((column, row) => edgeAt.get(row * width + column) ?? [])
}

function greedy(part: readonly number[], endsOf: (edge: number) => readonly number[]): number[] {
  const taken = new Set<number>()
  return part.filter((edge) => {
    const ends = endsOf(edge)
    if (ends.some((record) => taken.has(record))) return false
    for (const record of ends) taken.add(record)
    return true
  })
}
