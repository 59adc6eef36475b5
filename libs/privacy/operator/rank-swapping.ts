import { type Column, missingCode } from '@gatehouse/tabular/dataset'
import { z } from 'zod'
import { below } from '../random/draw.ts'
import { type Operator, perturbing } from './operator.ts'
import { columnNamed, withColumns } from './table.ts'

const schema = z.strictObject({
  operator: z.literal('rank_swapping'),
  /** Values are swapped with ones at most this share of the rows away in rank: 0.05 for 5 %. */
  share: z.number().positive().max(1),
})

/** Rank swapping (Moore 1996): sorted by value, each value not yet swapped changes places with one drawn from those within reach. */
export const rankSwapping: Operator<z.infer<typeof schema>> = {
  kind: 'rank_swapping',
  title: 'Swaps values with ones of near rank',
  schema,
  takes: 'column',
  disclosure: perturbing('Every value still stands in the table, with another person, so extreme values can be recognised. Relations to other columns weaken.'),
  apply(table, columns, { share }, random) {
    return withColumns(
      table,
      columns.map((name) => {
        const column = columnNamed('rank_swapping', table, name)
        const ranked = rankedRows(column)
        const reach = Math.max(1, Math.floor(share * ranked.length))
        const from = Int32Array.from({ length: table.rowCount }, (_, row) => row)
        const free = freePlaces(ranked.length)
        for (let rank = 0; rank < ranked.length; rank++) {
          if (!free.take(rank)) continue
          const partner = free.drawAfter(rank, Math.min(ranked.length - 1, rank + reach), (count) => below(random, count))
          if (partner === undefined) continue
          from[ranked[rank] as number] = ranked[partner] as number
          from[ranked[partner] as number] = ranked[rank] as number
        }
        return column.kind === 'number'
          ? { ...column, values: Float64Array.from(from, (row) => column.values[row] as number) }
          : { ...column, codes: from.map((row) => column.codes[row] as number) }
      }),
    )
  },
}

/** Rows with a value, in order of value; ties in order of the rows. Text is ordered as ISO dates are, by its characters. */
function rankedRows(column: Column): Int32Array {
  if (column.kind === 'number') {
    const { values } = column
    const rows = Int32Array.from(values.keys()).filter((row) => !Number.isNaN(values[row]))
    return rows.sort((a, b) => (values[a] as number) - (values[b] as number) || a - b)
  }
  const order = column.dictionary.map((text, code) => ({ text, code })).sort((a, b) => (a.text < b.text ? -1 : 1))
  const rankOf = new Int32Array(order.length)
  for (const [rank, { code }] of order.entries()) rankOf[code] = rank
  const rows = Int32Array.from(column.codes.keys()).filter((row) => column.codes[row] !== missingCode)
  return rows.sort((a, b) => (rankOf[column.codes[a] as number] as number) - (rankOf[column.codes[b] as number] as number) || a - b)
}

/** Places 0 to count - 1, each taken once; a Fenwick tree counts and finds the free ones in log(count) steps. */
function freePlaces(count: number) {
  const tree = new Int32Array(count + 1).map((_, at) => at & -at)
  const taken = new Uint8Array(count)
  const freeUpTo = (place: number): number => {
    let sum = 0
    for (let at = place + 1; at > 0; at -= at & -at) sum += tree[at] as number
    return sum
  }
  const take = (place: number): boolean => {
    if (taken[place] === 1) return false
    taken[place] = 1
    for (let at = place + 1; at <= count; at += at & -at) tree[at] = (tree[at] as number) - 1
    return true
  }
  /** The place of the free one with that ordinal, counted from 0. */
  const find = (ordinal: number): number => {
    let [at, left] = [0, ordinal]
    for (let step = 1 << (31 - Math.clz32(count)); step > 0; step >>= 1) {
      if (at + step <= count && (tree[at + step] as number) <= left) {
        at += step
        left -= tree[at] as number
      }
    }
    return at
  }
  return {
    take,
    /** Takes a free place drawn from those above `place` up to `last`; `undefined` when there is none. */
    drawAfter(place: number, last: number, draw: (count: number) => number): number | undefined {
      const before = freeUpTo(place)
      const within = freeUpTo(last) - before
      if (within === 0) return undefined
      const found = find(before + draw(within))
      take(found)
      return found
    },
  }
}
