/** beta-likeness, basic and enhanced (Cao and Karras 2012, "Publishing microdata with a robust privacy guarantee"). */
import { staysWithin } from './boundary.ts'
import type { PrivacyModel } from './model.ts'
import { attributeName, countsByCode, numberAbove } from './parameter.ts'

/**
 * No value is more frequent in a class than in the whole table by more than a relative beta: (p - q) / q <= beta. Values that are
 * rarer in the class do not matter.
 *
 * Monotone without suppression: the bound on each share carries over to mixtures of classes that keep it.
 *
 * @throws ModelError unless beta is above 0
 */
export function basicBetaLikeness(attribute: string, beta: number): PrivacyModel {
  return betaLikeness('basic', attribute, beta, () => beta)
}

/**
 * As the basic model, with a bound that is never above -ln q: (p - q) / q <= min(beta, -ln q), so that a frequent value cannot take
 * a whole class however large beta is.
 *
 * Monotone without suppression, for the same reason.
 *
 * @throws ModelError unless beta is above 0
 */
export function enhancedBetaLikeness(attribute: string, beta: number): PrivacyModel {
  return betaLikeness('enhanced', attribute, beta, (share) => Math.min(beta, -Math.log(share)))
}

function betaLikeness(kind: 'basic' | 'enhanced', attribute: string, beta: number, boundOf: (share: number) => number): PrivacyModel {
  attributeName(`${kind} beta-likeness`, attribute)
  numberAbove(`${kind} beta-likeness`, 'beta', beta, 0)
  return {
    name: `${kind} ${beta}-likeness of ${attribute}`,
    minimumClassSize: 1,
    attributes: [attribute],
    needsPopulation: false,
    monotone: 'withoutSuppression',
    description: `Among rows that look alike no value of ${attribute} is more frequent than in the whole table by more than a relative ${beta}${kind === 'enhanced' ? ', or less for frequent values' : ''}.`,
    bind(table) {
      const { overall, values } = table.sensitive(attribute)
      const greatestShare = countsByCode(overall, values.length).map((count) => {
        const share = count / overall.total
        return share > 0 ? share * (1 + boundOf(share)) : 0
      })
      return {
        holdsFor(group) {
          const { codes, counts, start, end, total } = group.distribution(attribute)
          for (let i = start; i < end; i++) {
            if (!staysWithin(counts[i] ?? 0, (greatestShare[codes[i] ?? -1] ?? 0) * total)) return false
          }
          return true
        },
      }
    },
  }
}
