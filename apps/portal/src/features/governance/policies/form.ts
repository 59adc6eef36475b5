/** What every part of the editor is given. */

import type { Fault, Path } from '../../../ui/json/document.ts'
import type { PolicyDocument } from './document.ts'

export interface FormProps {
  readonly policy: PolicyDocument
  readonly faults: readonly Fault[]
  readonly change: (path: Path, value: unknown) => void
}

export interface RuleFormProps extends FormProps {
  /** Which of the permissions. */
  readonly at: number
}

/** An empty text takes the member out. */
export const orNothing = (text: string): string | undefined => (text === '' ? undefined : text)
