import type { Value } from './caveat-type.ts'

/** No value: a parameter that was not given, or a step that failed (no such key, a division by zero, too many steps). */
export class Absent {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
}

/** What one evaluation works on. */
export interface Frame {
  /** The parameters in their order, then what the macros bind. */
  readonly slots: (Value | Absent)[]
  steps: number
}
