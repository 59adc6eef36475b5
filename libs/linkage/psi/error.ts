export type PsiFault =
  | 'bad_agreement'
  | 'too_many_items'
  | 'malformed'
  | 'wrong_kind'
  | 'other_agreement'
  | 'bad_element'
  | 'not_sorted'
  | 'wrong_count'
  | 'finished'

/** Says which message is refused and where; never repeats an item, an element or a secret. */
export class PsiError extends Error {
  override readonly name = 'PsiError'
  readonly code: PsiFault
  /** Index of the element at fault, where it is one element's. */
  readonly element: number | undefined

  constructor(code: PsiFault, message: string, element?: number) {
    super(element === undefined ? message : `element ${element}: ${message}`)
    this.code = code
    this.element = element
  }
}
