/** Re-identification risk straight from a table. */
import type { Dataset } from '@gatehouse/tabular/dataset'
import { equivalenceClasses, type Suppressed, suppressionMarker } from './equivalence-classes.ts'
import { populationClasses } from './population-classes.ts'
import { type SampleRisk, sampleRisk } from './sample-risk.ts'

export interface DatasetRiskOptions {
  readonly quasiIdentifiers: readonly string[]
  /** A row is at risk when its risk is above it, from 0 to 1. */
  readonly threshold: number
  readonly suppressed?: Suppressed
  /** The population the table was drawn from, generalised in the same way; the journalist's risk needs it. */
  readonly population?: Dataset
}

export interface DatasetRisk extends SampleRisk {
  /** Rows that belong to no class and have no risk. */
  readonly suppressedRows: number
}

/** @throws RangeError as `equivalenceClasses`, `populationClasses` and `sampleRisk` */
export function datasetRisk(dataset: Dataset, { quasiIdentifiers, threshold, suppressed = suppressionMarker, population }: DatasetRiskOptions): DatasetRisk {
  const classes = equivalenceClasses(dataset, quasiIdentifiers, suppressed)
  const counted = population && populationClasses(dataset, classes, population, quasiIdentifiers)
  return { ...sampleRisk(classes.sizes, threshold, counted?.sizes), suppressedRows: classes.suppressedRows }
}
