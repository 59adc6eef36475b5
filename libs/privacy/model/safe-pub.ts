/** The class-size part of differential privacy by sampling and generalisation (Li, Qardaji and Su 2012; Bild, Kuhn and Prasser 2018). */
import { ModelError, type PrivacyModel } from './model.ts'
import { safePubParameters } from './safe-pub-parameters.ts'

/**
 * Every class of the table has at least the k that (epsilon, delta)-differential privacy asks of a random sample. It is necessary and
 * not sufficient: the promise is made by the procedure, not by the table. A table keeps it only when its rows were drawn and
 * its generalisation was chosen as `releaseBySampling` does; an optimal search looks at the data and breaks it.
 *
 * Monotone always: merged classes only grow.
 *
 * @throws ModelError as safePubParameters; on binding, when the table has fewer than k rows
 */
export function safePub(epsilon: number, delta: number): PrivacyModel {
  const { k } = safePubParameters(epsilon, delta)
  const name = `class sizes for (${epsilon}, ${delta})-differential privacy`
  return {
    name,
    minimumClassSize: k,
    attributes: [],
    needsPopulation: false,
    monotone: 'always',
    description: `Every released row looks like at least ${k - 1} others, as (${epsilon}, ${delta})-differential privacy asks of a random sample generalised without looking at the data.`,
    bind(table) {
      if (table.rowCount < k) throw new ModelError(`${name}: every class needs ${k} rows, the table has ${table.rowCount}; use a larger delta or more rows`)
      return { holdsFor: (group) => group.size >= k }
    },
  }
}
