/** What a parameter can be refused for. */
export type ParameterProblem =
  | 'not_a_number'
  | 'not_positive'
  | 'delta_out_of_range'
  | 'delta_too_large'
  | 'bounds_reversed'
  | 'grid_not_dividing'
  | 'grid_too_fine'
  | 'quantile_out_of_range'
  | 'no_choice'
  | 'duplicate_key'
  | 'unknown_key'
  | 'not_a_bound'
  | 'measures_differ'

/** A parameter that gives no privacy or no meaning. Names the parameter, never a value of the data. */
export class ParameterError extends RangeError {
  override readonly name = 'ParameterError'
  readonly code: ParameterProblem
  readonly field: string

  constructor(code: ParameterProblem, field: string, message: string) {
    super(message)
    this.code = code
    this.field = field
  }
}
