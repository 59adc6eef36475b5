/**
 * What a privacy model is to whoever searches a generalisation or checks a table: a test of each equivalence class, sometimes with
 * a test of all classes together, and the promises that let a search leave work out.
 */

/** Counts of one sensitive attribute's values within a class, or within the whole table. Only values that occur are listed. */
export interface Distribution {
  /** Codes of the attribute's original values; the listing is `codes[start..end)` with `counts` beside it. */
  readonly codes: Int32Array
  readonly counts: Int32Array
  readonly start: number
  readonly end: number
  /** Sum of the counts. */
  readonly total: number
}

/** Rows that look alike in every quasi-identifier. The same object may be shown with other content in the next call: keep nothing. */
export interface EquivalenceClass {
  readonly size: number
  /** Rows of the population table in the class; 0 where no model needs it. */
  readonly populationSize: number
  /** @throws RangeError for an attribute that no model of this run has asked for */
  distribution(attribute: string): Distribution
}

/** All classes that would be released (suppressed rows are in none of them). */
export interface ReleasedClasses {
  readonly classCount: number
  readonly rowCount: number
  /** `classesOfSize.get(s)`: number of classes with s rows. */
  readonly classesOfSize: ReadonlyMap<number, number>
}

/** A sensitive attribute as the whole table knows it. */
export interface SensitiveAttribute {
  readonly name: string
  /** Distinct original values by code, in the order of the attribute's leaves. */
  readonly values: readonly string[]
  /** How the whole table is distributed, before anything is suppressed. */
  readonly overall: Distribution
  /** For each level above the leaves, leaf code to group; absent without a hierarchy. */
  readonly levels?: readonly Int32Array[]
}

/** What a model is told before the first class. */
export interface TableFacts {
  readonly rowCount: number
  /** Rows of the population table; absent without one. */
  readonly populationCount?: number
  /** @throws RangeError when the table has no such sensitive attribute */
  sensitive(attribute: string): SensitiveAttribute
}

/** A model bound to a table. */
export interface ModelCheck {
  /** A class that fails is suppressed as a whole. Must not be asked of classes below `minimumClassSize`, which fail anyway. */
  holdsFor(group: EquivalenceClass): boolean
  /** Whether what is left may be released; absent where every class decides for itself. */
  holdsForAll?(released: ReleasedClasses): boolean
  /** Whether that many alike rows of the population may look like no released row; absent where they may. */
  holdsForAbsent?(populationSize: number): boolean
}

export interface PrivacyModel {
  /** The field's name with its parameters, such as `5-anonymity`; models that differ in anything have different names. */
  readonly name: string
  /** Classes with fewer rows never hold; 1 where size does not matter. */
  readonly minimumClassSize: number
  /** Sensitive attributes whose distributions it looks at. */
  readonly attributes: readonly string[]
  readonly needsPopulation: boolean
  /**
   * Whether merging classes that hold gives a class that holds, and merging any classes into one never breaks what held. `always`: a
   * generalisation above a qualifying one qualifies, with any suppression limit. `withoutSuppression`: only when nothing may be
   * suppressed. `never`: every node has to be looked at.
   */
  readonly monotone: 'always' | 'withoutSuppression' | 'never'
  /** One sentence in plain words, for reports. */
  readonly description: string
  /** @throws ModelError when the parameters contradict the table, such as k beyond its rows */
  bind(table: TableFacts): ModelCheck
}

/** Parameters that no table, or not this one, can meet. Says what is wrong and how to mend it, never a value of the data. */
export class ModelError extends RangeError {
  override readonly name = 'ModelError'
}
