/** What can be wrong with a model or its data. Append-only: callers branch on these names. */
export const faults = [
  'bad_model',
  'bad_value',
  'missing_column',
  'no_column',
  'not_trained',
  'too_few_records',
  'too_many_pairs',
  'too_many_patterns',
  'unknown_comparison',
  'unknown_level',
] as const
export type LinkageFault = (typeof faults)[number]

/** A refusal with a name. The message says what is wrong and how to mend it, and never repeats a value of a record. */
export class LinkageError extends Error {
  readonly fault: LinkageFault

  constructor(fault: LinkageFault, message: string) {
    super(message)
    this.name = 'LinkageError'
    this.fault = fault
  }
}
