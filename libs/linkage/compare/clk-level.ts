/** Bloom-filter encodings by Dice's coefficient: twice the common bits against all bits. */
import { fromBase64url } from '@gatehouse/crypto/bytes'
import { LinkageError } from '../model/error.ts'
import type { DifferentLevel } from './level-of.ts'
import { bitCount } from './texts.ts'

export interface Filters {
  /** All filters in one array, `wordsPerFilter` each. */
  readonly words: Int32Array
  /** How many bits are set in each. */
  readonly ones: Int32Array
  readonly wordsPerFilter: number
}

/**
 * @param values as `clkText` writes them: `clk1.<schema>.<bits, base64url>`
 * @throws LinkageError `bad_value` for filters of two schemas or lengths, which have nothing to say to each other
 */
export function filtersOf(values: readonly string[], known?: Filters): Filters {
  const filters = values.map((value) => fromBase64url(value.slice(value.lastIndexOf('.') + 1)))
  const wordsPerFilter = known?.wordsPerFilter ?? (filters[0]?.length ?? 0) / 4
  const schema = values[0]?.split('.')[1]
  if (filters.some((filter) => filter === undefined || filter.length / 4 !== wordsPerFilter) || values.some((value) => value.split('.')[1] !== schema)) {
    throw new LinkageError('bad_value', 'a column of CLKs holds filters of different schemas or lengths; have all sources encode by one schema')
  }
  const words = new Int32Array((known?.words.length ?? 0) + values.length * wordsPerFilter)
  words.set(known?.words ?? [])
  let at = known?.words.length ?? 0
  for (const filter of filters) {
    const bytes = new DataView((filter ?? new Uint8Array()).slice().buffer)
    for (let word = 0; word < wordsPerFilter; word++) words[at++] = bytes.getInt32(word * 4, true)
  }
  const ones = new Int32Array(wordsPerFilter === 0 ? 0 : words.length / wordsPerFilter)
  for (let word = 0; word < words.length; word++) {
    const filter = Math.floor(word / wordsPerFilter)
    ones[filter] = (ones[filter] as number) + bitCount(words[word] as number)
  }
  return { words, ones, wordsPerFilter }
}

export function clkLevel({ words, ones, wordsPerFilter }: Filters, bands: readonly number[]): DifferentLevel {
  return (a, b) => {
    const total = (ones[a] as number) + (ones[b] as number)
    let common = 0
    for (let word = 0; word < wordsPerFilter; word++)
      common += bitCount((words[a * wordsPerFilter + word] as number) & (words[b * wordsPerFilter + word] as number))
    let band = 0
    while (band < bands.length && 2 * common < (bands[band] as number) * total) band++
    return 2 + band
  }
}
