/** A mapping used again: new rows become what rows of their kind became before, and the models are checked anew. */
import type { Dataset } from '@gatehouse/tabular/dataset'
import { type Hierarchy, tableHierarchy } from '../hierarchy/hierarchy.ts'
import type { PrivacyModel } from '../model/model.ts'
import type { TreatedDataset } from './apply.ts'
import { TreatmentError } from './error.ts'
import type { Mapping } from './mapping.ts'
import { planQuestion, planTable } from './options.ts'
import { Session } from './session.ts'
import { type ClassSummary, treatmentOf } from './treatment.ts'

export interface ReapplyOptions {
  /** Those the mapping names; a document cannot hold their checks. */
  readonly models: readonly PrivacyModel[]
  /** Of sensitive attributes, where a model needs one. */
  readonly hierarchies?: Readonly<Record<string, Hierarchy>>
  readonly population?: Dataset
}

export interface Reapplied {
  /** Whether the models hold for the new rows within the mapping's suppression limit. What does not hold is not to be released. */
  readonly holds: boolean
  readonly suppressed: number
  readonly classes: ClassSummary
  /** Rows whose classes fail are suppressed, also beyond the limit. */
  readonly dataset: TreatedDataset
}

/**
 * New rows are judged by themselves, not together with earlier ones: what was released before is not here to be counted.
 *
 * @throws HierarchyError `uncovered_value` for a value the mapping does not know; TreatmentError `bad_option` for other models than its
 */
export function reapply(mapping: Mapping, dataset: Dataset, options: ReapplyOptions): Reapplied {
  const names = options.models.map((model) => model.name)
  const missing = mapping.models.filter((name) => !names.includes(name))
  if (missing.length > 0) throw new TreatmentError('bad_option', `the mapping was made for ${missing.join(', ')}; check the new rows by the same models`)
  const generalised = mapping.attributes.map(({ attribute, level, values }) =>
    tableHierarchy(
      attribute,
      Object.entries(values).map(([value, label]) => (level === 0 ? [value] : [value, label])),
    ),
  )
  const hierarchies = { ...options.hierarchies, ...Object.fromEntries(generalised.map((hierarchy) => [hierarchy.attribute, hierarchy])) }
  const planned = planTable(dataset, { roles: mapping.roles, hierarchies, ...(options.population ? { population: options.population } : {}) })
  const question = planQuestion(planned, { models: options.models, suppressionLimit: mapping.suppressionLimit })
  const session = new Session(planned, [...new Set(options.models.flatMap((model) => model.attributes))])
  const levels = session.table.hierarchies.map((hierarchy) => hierarchy.levels.length - 1)
  const { qualifies, value } = session.verdictAt(question, levels)
  const treatment = treatmentOf(planned, session, question, { found: { levels, value }, proven: false, checked: 1, evaluated: 1 })
  return { holds: qualifies, suppressed: treatment.suppressed, classes: treatment.classes, dataset: treatment.apply() }
}
