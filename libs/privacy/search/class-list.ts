import type { Distributions } from './distributions.ts'

/** The classes of a node, as lists of numbers. A class is known by one distinct row that stands in it. */
export interface ClassList {
  readonly count: number
  /** By class, a distinct row of the table that stands for it. */
  readonly rows: Int32Array
  /** By class, its rows; 0 for a class that only the population has. */
  readonly sizes: Int32Array
  /** By class, its rows of the population table. */
  readonly populationSizes?: Int32Array
  /** By sensitive attribute of the table. */
  readonly sensitive: readonly Distributions[]
}
