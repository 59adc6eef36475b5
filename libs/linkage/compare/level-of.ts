/** The level of agreement of two records, by their numbers; 0 is "missing". */
export type LevelOf = (left: number, right: number) => number

/** Compares two different values of one column by their codes; gives level 2 or a weaker one. */
export type DifferentLevel = (a: number, b: number) => number
