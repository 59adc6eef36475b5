/**
 * One canonical form per kind of value, versioned: what a form gives is part of every key, token and model made from it, so a
 * change is a new version and never an edit. A value that cannot be trusted becomes no value, with the reason in words; the
 * reason never repeats the value.
 */
export type Canonical = { readonly value: string } | { readonly value: undefined; readonly because: string }

export type Canonicalize = (raw: string) => Canonical

export const canonicalVersion = 1

/** In code points. Longer values are no names, addresses or numbers of people. */
export const valueLengthMax = 250

export function absent(because: string): Canonical {
  return { value: undefined, because }
}

export const emptyReason = 'it is empty'
export const empty: Canonical = absent(emptyReason)
export const placeholder: Canonical = absent('it stands for a missing value')
export const tooLong: Canonical = absent(`it is longer than ${valueLengthMax} characters`)
