/** What can be wrong with a hierarchy. Append-only: callers branch on these names. */
export type HierarchyFault = 'bad_option' | 'bad_value' | 'duplicate_leaf' | 'empty' | 'not_monotone' | 'uncovered_value' | 'uneven_depth' | 'unreadable'

export interface HierarchyFaultDetails {
  /** 1-based line of the file or row of the table. */
  readonly line?: number
  /** 0 are the leaves. */
  readonly level?: number
  readonly value?: string
  /** The two labels one level up that contradict each other. */
  readonly parents?: readonly [string, string]
}

/**
 * A hierarchy that is not one, or that does not cover the data. Unlike other errors it names values: a hierarchy is made of labels,
 * and its author can only mend the one that is named. Do not log it where the values of a column are secret.
 */
export class HierarchyError extends RangeError {
  override readonly name = 'HierarchyError'
  readonly code: HierarchyFault
  readonly attribute: string
  readonly line: number | undefined
  readonly level: number | undefined
  readonly value: string | undefined
  readonly parents: readonly [string, string] | undefined

  constructor(code: HierarchyFault, attribute: string, message: string, details: HierarchyFaultDetails = {}) {
    super(`hierarchy of ${attribute}: ${message}`)
    this.code = code
    this.attribute = attribute
    this.line = details.line
    this.level = details.level
    this.value = details.value
    this.parents = details.parents
  }
}
