/** Why a plan cannot be run on a table. Append-only: callers branch on these names. */
export type PlanFault =
  | 'missing_column'
  | 'unplanned_column'
  | 'missing_file'
  | 'mask_needs_key'
  | 'mask_needs_table'
  | 'population_missing'
  | 'population_too_small'

/** Says what is wrong, where in the plan, and how to mend it; never a value of the table. */
export class PlanError extends Error {
  override readonly name = 'PlanError'
  readonly code: PlanFault
  /** JSON pointer (RFC 6901). */
  readonly pointer: string

  constructor(code: PlanFault, message: string, pointer: string) {
    super(message)
    this.code = code
    this.pointer = pointer
  }
}
