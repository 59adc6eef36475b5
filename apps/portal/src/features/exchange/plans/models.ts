/** The promises of the privacy engine that the form offers, with what each begins with; any other model stands in the JSON. */
import type { Model } from './plan.ts'

interface Offer {
  readonly model: string
  readonly begun: Readonly<Record<string, unknown>>
  /** Whether it speaks of one sensitive column. */
  readonly sensitive: boolean
  /** Its number, with the range a slider or field allows. */
  readonly number?: { readonly name: string; readonly min: number; readonly max: number; readonly step: number }
}

export const offers: readonly Offer[] = [
  { model: 'k_anonymity', begun: { k: 5 }, sensitive: false, number: { name: 'k', min: 2, max: 100, step: 1 } },
  { model: 'distinct_l_diversity', begun: { l: 3 }, sensitive: true, number: { name: 'l', min: 2, max: 20, step: 1 } },
  { model: 'entropy_l_diversity', begun: { l: 2 }, sensitive: true, number: { name: 'l', min: 2, max: 20, step: 0.5 } },
  { model: 't_closeness', begun: { t: 0.3, distance: 'equal' }, sensitive: true, number: { name: 't', min: 0.01, max: 1, step: 0.01 } },
  { model: 'enhanced_beta_likeness', begun: { beta: 2 }, sensitive: true, number: { name: 'beta', min: 0.1, max: 10, step: 0.1 } },
  { model: 'average_risk', begun: { threshold: 0.1 }, sensitive: false, number: { name: 'threshold', min: 0.01, max: 1, step: 0.01 } },
  { model: 'maximal_risk', begun: { threshold: 0.2 }, sensitive: false, number: { name: 'threshold', min: 0.01, max: 1, step: 0.01 } },
  { model: 'sample_uniqueness', begun: { threshold: 0.05 }, sensitive: false, number: { name: 'threshold', min: 0, max: 1, step: 0.01 } },
]

export const offerOf = (model: Model): Offer | undefined => offers.find((offer) => offer.model === model.model)

export function modelFor(name: string, sensitive: readonly string[]): Model {
  const offer = offers.find(({ model }) => model === name)
  return { model: name, ...(offer?.sensitive === true ? { attribute: sensitive[0] ?? '' } : {}), ...offer?.begun }
}
