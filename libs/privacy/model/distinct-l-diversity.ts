/** Distinct l-diversity (Machanavajjhala, Kifer, Gehrke and Venkitasubramaniam 2007, "l-diversity: privacy beyond k-anonymity"). */
import type { PrivacyModel } from './model.ts'
import { attributeName, distinctValues, wholeNumber, withDistinctValues } from './parameter.ts'

/**
 * Every class shows at least l different values of the attribute. It says nothing of how evenly they occur: nine rows in ten may
 * still share one value.
 *
 * Monotone always: a merged class shows every value that its parts showed, whether they held or not.
 *
 * @throws ModelError unless l is a whole number of at least 2; on binding, when the table has fewer than l values
 */
export function distinctLDiversity(attribute: string, l: number): PrivacyModel {
  const name = `distinct ${l}-diversity of ${attribute}`
  attributeName('distinct l-diversity', attribute)
  wholeNumber('distinct l-diversity', 'l', l, 2)
  return {
    name,
    minimumClassSize: l,
    attributes: [attribute],
    needsPopulation: false,
    monotone: 'always',
    description: `Rows that look alike have at least ${l} different values of ${attribute}.`,
    bind(table) {
      withDistinctValues(name, table, attribute, l)
      return { holdsFor: (group) => distinctValues(group.distribution(attribute)) >= l }
    },
  }
}
