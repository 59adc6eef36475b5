import { ModelError, type PrivacyModel } from './model.ts'

/**
 * k-anonymity: every row looks like at least k - 1 others in the quasi-identifiers.
 * Source: P. Samarati, L. Sweeney, "Protecting privacy when disclosing information", 1998; L. Sweeney, "k-anonymity: a model for
 * protecting privacy", 2002.
 *
 * @throws ModelError when k is no whole number from 1
 */
export function kAnonymity(k: number): PrivacyModel {
  if (!Number.isSafeInteger(k) || k < 1) throw new ModelError('k of k-anonymity is a whole number from 1; 2 is the least that hides anyone')
  return {
    name: `${k}-anonymity`,
    minimumClassSize: k,
    attributes: [],
    needsPopulation: false,
    monotone: 'always',
    description: `Every row looks like at least ${k - 1} others in all quasi-identifiers.`,
    bind({ rowCount }) {
      if (k > rowCount) throw new ModelError(`${k}-anonymity needs at least ${k} rows and the table has ${rowCount}; lower k or add rows`)
      return { holdsFor: (group) => group.size >= k }
    },
  }
}
