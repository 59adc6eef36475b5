/**
 * What a person does not want, whatever permits it. An opt-out binds every purpose but those that the law exempts; it is asked beside
 * the policies, by a release as by a query, and for as many people at once as there are.
 */
import type { PurposeTree } from './purposes.ts'

export type OptOut =
  | { readonly scope: 'all' }
  | { readonly scope: 'purpose'; readonly purpose: string }
  | { readonly scope: 'data_class'; readonly dataClass: string }

/** A purpose that opt-outs do not bind, with what it stands on in law; narrower purposes are exempt with it. */
export interface Exemption {
  readonly purpose: string
  readonly law: string
}

export interface Use {
  readonly purpose: string
  /** Record types; the use is barred when one of them is. */
  readonly dataClasses: readonly string[]
}

/**
 * The first opt-out that bars the use. A purpose is barred by an opt-out from a broader and from a narrower one: acting for the
 * broader may be acting for the narrower.
 */
export function optedOut(optOuts: readonly OptOut[], use: Use, exemptions: readonly Exemption[], purposes: PurposeTree): OptOut | undefined {
  if (optOuts.length === 0 || exemptions.some(({ purpose }) => purposes.isA(use.purpose, purpose))) return undefined
  return optOuts.find((optOut) => {
    if (optOut.scope === 'all') return true
    // A purpose that nobody defined any more is taken at its word.
    if (optOut.scope === 'purpose') return optOut.purpose === use.purpose || purposes.overlaps(optOut.purpose, use.purpose)
    return use.dataClasses.includes(optOut.dataClass)
  })
}

/** Whom of many the use is barred for. */
export function optedOutAmong<Person>(
  people: ReadonlyMap<Person, readonly OptOut[]>,
  use: Use,
  exemptions: readonly Exemption[],
  purposes: PurposeTree,
): Set<Person> {
  return new Set([...people].flatMap(([person, optOuts]) => (optedOut(optOuts, use, exemptions, purposes) === undefined ? [] : [person])))
}
