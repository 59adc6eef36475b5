/** The treatment of tables as the loop wants it: one setting in, a treatment and its measured classes out. */
import { columnOf, type Dataset, type DictionaryColumn, missingCode, valueAt } from '@gatehouse/tabular/dataset'
import { equivalenceClasses } from '../risk/equivalence-classes.ts'
import { populationClasses } from '../risk/population-classes.ts'
import type { TreatedDataset } from '../search/apply.ts'
import { TreatmentError } from '../search/error.ts'
import type { Mapping } from '../search/mapping.ts'
import type { TreatOptions } from '../search/options.ts'
import { treat } from '../search/treat.ts'
import type { Treatment } from '../search/treatment.ts'
import type { Abort, Treated } from './risk-loop.ts'

export interface TableTreatment extends Treated {
  readonly treatment: Treatment
  readonly table: TreatedDataset
}

/**
 * A `treat` for the loop: what it is asked under each setting is up to `optionsFor`, which changes one thing and keeps the rest, the
 * weights included. The classes are counted in the treated table itself, not taken from the search.
 *
 * @throws what `treat` throws, but for `unsatisfiable`, which the loop takes for an answer
 */
export function treatTable<Setting>(
  dataset: Dataset,
  optionsFor: (setting: Setting) => TreatOptions,
): (setting: Setting, signal?: Abort) => TableTreatment | undefined {
  return (setting, signal) => {
    const options = { ...optionsFor(setting), ...(signal ? { signal } : {}) }
    const treatment = satisfying(dataset, options)
    if (!treatment) return undefined
    const table = treatment.apply()
    const quasiIdentifiers = treatment.mapping.attributes.map(({ attribute }) => attribute)
    const classes = equivalenceClasses(table, quasiIdentifiers, (row) => table.suppressed[row] === 1)
    const population = options.population && populationClasses(table, classes, generalised(options.population, treatment.mapping), quasiIdentifiers)
    return {
      treatment,
      table,
      classSizes: classes.sizes,
      loss: treatment.loss,
      suppressedRows: treatment.suppressed,
      attributeLoss: treatment.perAttributeLoss,
      ...(population ? { populationSizes: population.sizes } : {}),
    }
  }
}

function satisfying(dataset: Dataset, options: TreatOptions): Treatment | undefined {
  try {
    return treat(dataset, options)
  } catch (error) {
    if (error instanceof TreatmentError && error.code === 'unsatisfiable') return undefined
    throw error
  }
}

/** Another table under the same mapping; a value that the mapping does not know becomes a missing one. */
function generalised(dataset: Dataset, mapping: Mapping): Dataset {
  const columns = mapping.attributes.map(({ attribute, values }): DictionaryColumn => {
    const column = columnOf(dataset, attribute)
    const dictionary = [...new Set(Object.values(values))].filter((label) => label !== '')
    const codeOf = new Map(dictionary.map((label, code) => [label, code]))
    const codes = Int32Array.from({ length: dataset.rowCount }, (_, row) => codeOf.get(values[String(valueAt(column, row) ?? '')] ?? '') ?? missingCode)
    return { kind: 'dictionary', field: { ...column.field, type: 'string', nullable: true }, codes, dictionary }
  })
  return { rowCount: dataset.rowCount, columns }
}
