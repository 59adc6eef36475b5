/** What every part of the builder is given. */
import type { Fault, Path } from '../../../ui/json/document.ts'
import type { KnownColumn, Plan } from './plan.ts'

export interface KnownTable {
  readonly reference: string
  readonly title: string
  readonly columns: readonly KnownColumn[]
}

export interface FormProps {
  readonly plan: Plan
  readonly faults: readonly Fault[]
  readonly change: (path: Path, value: unknown) => void
  /** Puts another plan in the place of this one. */
  readonly become: (plan: Plan) => void
  /** Every table the project may read, and of those in the plan their columns. */
  readonly offered: readonly { readonly reference: string; readonly title: string }[]
  /** Nodes that this project has asked what they have. */
  readonly nodes: readonly string[]
  readonly tableOf: (reference: string) => KnownTable | undefined
}

export const planSteps = ['sources', 'elements', 'prepare', 'linkage', 'cohort', 'treatment', 'aggregation', 'output'] as const
export type PlanStep = (typeof planSteps)[number]

/** In which step a fault is mended. */
export function stepOf(pointer: string): PlanStep {
  const first = pointer.split('/')[1]
  return planSteps.find((step) => step === first) ?? 'sources'
}
