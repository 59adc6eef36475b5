/** Why a table cannot be treated as asked. Append-only: callers branch on these names. */
export type TreatmentFault =
  | 'aborted'
  | 'all_missing'
  | 'bad_limit'
  | 'bad_option'
  | 'bad_weight'
  | 'empty_table'
  | 'lattice_too_large'
  | 'no_models'
  | 'no_quasi_identifier'
  | 'population_missing'
  | 'population_too_small'
  | 'unknown_attribute'
  | 'unsatisfiable'
  | 'unsuitable_model'
  | 'wrong_role'

/** Says what is wrong, where, and how to mend it; names attributes and models, never a value of the data. */
export class TreatmentError extends RangeError {
  override readonly name = 'TreatmentError'
  readonly code: TreatmentFault
  readonly attribute: string | undefined

  constructor(code: TreatmentFault, message: string, attribute?: string) {
    super(message)
    this.code = code
    this.attribute = attribute
  }
}
