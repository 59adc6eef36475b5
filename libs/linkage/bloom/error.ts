/** What can be wrong with a schema, a filter or a search over filters. Append-only: callers branch on these names. */
export type BloomFault = 'bad_schema' | 'weak_secret' | 'missing_column' | 'malformed' | 'other_schema' | 'bad_threshold' | 'too_many_pairs' | 'no_simd'

/** Says what is wrong and how to mend it; never repeats a value of a record, a filter or the secret. */
export class BloomError extends Error {
  override readonly name = 'BloomError'
  readonly code: BloomFault

  constructor(code: BloomFault, message: string) {
    super(message)
    this.code = code
  }
}
