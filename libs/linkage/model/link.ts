/**
 * What every part of the engine passes on: links between records. Records of all sources are numbered through, 0, 1, 2 …, in the
 * order of the sources, so that a record is one whole number everywhere; `Sources` turns it back into source and row.
 */

/** One link, for reading. Engines work on `Links`. `left` is always the smaller record number. */
export interface Link {
  readonly left: number
  readonly right: number
  /** Total match weight in bits: the prior and all parts; 0 bits is a probability of one half. */
  readonly weight: number
  readonly probability: number
  /** Agreement pattern: the levels of all comparisons as one mixed-radix number (see `levelsOfPattern`). -1 where there is none. */
  readonly pattern: number
  /** Name of the deterministic pass or blocking rule that found the pair. */
  readonly rule?: string
}

/** Links by columns, sorted by (left, right), each pair once. A deterministic link has infinite weight and the probability 1. */
export interface Links {
  readonly length: number
  readonly left: Int32Array
  readonly right: Int32Array
  /** In bits. */
  readonly weight: Float64Array
  readonly probability: Float64Array
  readonly pattern: Int32Array
  /** `rules[rule[index]]` is the name of the rule that found the pair first. */
  readonly rule: Int32Array
  readonly rules: readonly string[]
}

/** How records are numbered over several sources: source s holds the records `offsets[s]` to `offsets[s + 1] - 1`. */
export interface Sources {
  readonly names: readonly string[]
  /** One more than there are sources; begins with 0 and ends with the number of all records. */
  readonly offsets: readonly number[]
}

/** One bar of a waterfall. The bits of all parts and the prior add up to the total weight. */
export interface WeightPart {
  /** The comparison's name, unique in the model. */
  readonly comparison: string
  readonly columns: readonly string[]
  /** Index of the level; 0 is "missing", which weighs nothing. */
  readonly level: number
  /** The level in words: "same", "one slip", "different". */
  readonly label: string
  /** `log2(m / u)` of the level. */
  readonly bits: number
  /** What the value's own frequency adds to that: rare values more, common values less than nothing. 0 without the adjustment. */
  readonly termFrequencyBits: number
}

/** A pair's weight taken apart: `prior + Σ (bits + termFrequencyBits) = total`, to 1e-9. */
export interface PairWeight {
  readonly left: number
  readonly right: number
  /** Bits for two records picked at random. */
  readonly prior: number
  readonly parts: readonly WeightPart[]
  readonly total: number
  /** From the total; 0 where the pair is forbidden. */
  readonly probability: number
  /** Name of the conflict rule that forbids the link, whatever its weight. */
  readonly forbidden?: string
}

/** Whether two records must never be one person. @returns the name of the rule that forbids it */
export type CannotLink = (left: number, right: number) => string | undefined

export function linkAt(links: Links, index: number): Link {
  const [left, right, weight, probability, pattern] = [
    links.left[index],
    links.right[index],
    links.weight[index],
    links.probability[index],
    links.pattern[index],
  ]
  if (left === undefined || right === undefined || weight === undefined || probability === undefined || pattern === undefined) {
    throw new RangeError(`there is no link ${index}; there are ${links.length}`)
  }
  const rule = links.rules[links.rule[index] ?? -1]
  return { left, right, weight, probability, pattern, ...(rule === undefined ? {} : { rule }) }
}

/** The source of a record. @throws RangeError for a record that no source holds */
export function sourceOf(sources: Sources, record: number): { readonly source: number; readonly row: number } {
  for (let source = sources.names.length - 1; source >= 0; source--) {
    const offset = sources.offsets[source] ?? 0
    if (record >= offset && record < (sources.offsets[source + 1] ?? 0)) return { source, row: record - offset }
  }
  throw new RangeError(`no source holds the record ${record}`)
}

/** Weight in bits to probability, without overflow at either end. */
export function probabilityOf(weight: number): number {
  return 1 / (1 + 2 ** -weight)
}

/** Probability to weight in bits: -Infinity at 0, Infinity at 1. */
export function weightOf(probability: number): number {
  return Math.log2(probability / (1 - probability))
}
