export type AnonFault =
  | 'possession_not_proven'
  | 'proof_refused'
  | 'wrong_context'
  | 'replayed'
  | 'same_ciphertext'
  | 'too_many_rows'
  | 'not_registered'
  | 'erased'
  | 'step_refused'
  | 'malformed'

/** Says which proof or message is refused and where it stands; never repeats an identifier, a token or a secret. */
export class AnonError extends Error {
  override readonly name = 'AnonError'
  readonly code: AnonFault
  /** Index of the row at fault, where it is one row's. */
  readonly row: number | undefined

  constructor(code: AnonFault, message: string, row?: number) {
    super(row === undefined ? message : `row ${row}: ${message}`)
    this.code = code
    this.row = row
  }
}
