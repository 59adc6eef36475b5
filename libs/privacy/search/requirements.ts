/** A list of models as the search sees it: one least class size, and the checks that are about more than size. */
import type { EquivalenceClass, ModelCheck, PrivacyModel, TableFacts } from '../model/model.ts'

export interface Requirements {
  readonly models: readonly PrivacyModel[]
  /** Classes with fewer rows are suppressed. */
  readonly minimumClassSize: number
  /** The largest `minimumClassSize` of the models that are about more than size; these are not asked of smaller classes. */
  readonly testedFrom: number
  /** Checks of single classes that a class of sufficient size may still fail. */
  readonly classChecks: readonly ModelCheck[]
  readonly tableChecks: readonly NonNullable<ModelCheck['holdsForAll']>[]
  readonly absenceChecks: readonly NonNullable<ModelCheck['holdsForAbsent']>[]
  /** The weakest promise of the models. */
  readonly monotone: PrivacyModel['monotone']
  /** Equal for lists that differ in nothing but size: facts gathered for one hold for the other. */
  readonly key: string
}

/** @throws ModelError when a model's parameters contradict the table */
export function bindModels(models: readonly PrivacyModel[], facts: TableFacts): Requirements {
  const bound = models.map((model) => ({ model, check: model.bind(facts) }))
  const others = bound.filter(({ model, check }) => !isSizeOnly(model, check))
  const absenceChecks = others.flatMap(({ check }) => (check.holdsForAbsent ? [check.holdsForAbsent.bind(check)] : []))
  const minimumClassSize = largest(models.map((model) => model.minimumClassSize))
  return {
    models,
    minimumClassSize,
    testedFrom: largest(others.map(({ model }) => model.minimumClassSize)),
    classChecks: others.map(({ check }) => check),
    tableChecks: others.flatMap(({ check }) => (check.holdsForAll ? [check.holdsForAll.bind(check)] : [])),
    absenceChecks,
    monotone: weakest(models),
    // What is absent from the release depends on the size, so facts about absence hold for one size only.
    key: JSON.stringify([others.map(({ model }) => model.name).sort(), absenceChecks.length > 0 ? minimumClassSize : 0]),
  }
}

/**
 * A model that looks at nothing but size and that merging never breaks holds from some size on; where that is its minimum, the
 * minimum says all.
 */
function isSizeOnly(model: PrivacyModel, check: ModelCheck): boolean {
  if (model.attributes.length > 0 || model.needsPopulation || model.monotone !== 'always' || check.holdsForAll || check.holdsForAbsent) return false
  return check.holdsFor(ofSize(model.minimumClassSize))
}

function ofSize(size: number): EquivalenceClass {
  return {
    size,
    populationSize: 0,
    distribution() {
      throw new RangeError('this model has not asked for distributions')
    },
  }
}

function largest(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), 1)
}

function weakest(models: readonly PrivacyModel[]): PrivacyModel['monotone'] {
  if (models.some((model) => model.monotone === 'never')) return 'never'
  return models.every((model) => model.monotone === 'always') ? 'always' : 'withoutSuppression'
}
