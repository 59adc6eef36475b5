import { sequential } from '../account/loss.ts'
import { ParameterError } from '../error.ts'
import type { Measurement } from '../measurement.ts'
import { bound } from '../parameter.ts'

/** Parts of a data set that were fixed without looking at it. There is no way to make one from data, on purpose. */
export interface DeclaredPartition<Row> {
  readonly keys: readonly string[]
  readonly keyOf: (row: Row) => string
  /** Whoever declares it stands for the keys being known beforehand, such as the months of a year or the regions of a country. */
  readonly independentOfData: true
  /** The most parts that rows of one person lie in; 1 unless given. */
  readonly partsPerPerson?: number
}

/**
 * One question asked of every part. Where each person lies in one part, all answers together cost no more than one (parallel
 * composition, McSherry 2009); else as many as the parts a person lies in. Rows of other keys are left out; empty parts are answered too.
 *
 * @throws ParameterError `no_choice`, `duplicate_key`, `not_a_bound`
 */
export function parallel<Row, Answer>(
  partition: DeclaredPartition<Row>,
  measurement: Measurement<Row[], Answer>,
): Measurement<Iterable<Row>, Map<string, Answer>> {
  const parts = bound(partition.partsPerPerson ?? 1, 'partsPerPerson')
  if (partition.keys.length === 0) throw new ParameterError('no_choice', 'keys', 'a partition needs at least one part')
  if (new Set(partition.keys).size < partition.keys.length) throw new ParameterError('duplicate_key', 'keys', 'a part is listed twice')
  return {
    mechanism: measurement.mechanism,
    ...(measurement.sensitivity === undefined ? {} : { sensitivity: measurement.sensitivity }),
    privacyMap(people) {
      const loss = measurement.privacyMap(people)
      return sequential(
        loss.measure,
        Array.from({ length: parts }, () => loss),
      )
    },
    measure(rows, random) {
      const rowsOf = new Map<string, Row[]>(partition.keys.map((key) => [key, []]))
      for (const row of rows) rowsOf.get(partition.keyOf(row))?.push(row)
      return new Map([...rowsOf].map(([key, part]) => [key, measurement.measure(part, random)]))
    },
  }
}
