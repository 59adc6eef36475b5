/** From fields of a record to what a credential says: as little as answers the question. */

export type Derivation =
  /** The field as it is. */
  | { readonly from: string; readonly how: 'copy' }
  /** Whether the person has reached an age, from a date of birth. */
  | { readonly from: string; readonly how: 'age_over'; readonly years: number }
  /** The band an age falls in, such as `18-29` or `65+`. */
  | { readonly from: string; readonly how: 'age_band'; readonly bounds: readonly number[] }
  /** Whether the field has one of the values. */
  | { readonly from: string; readonly how: 'is_one_of'; readonly values: readonly (string | number | boolean)[] }
  /** Whether the field holds anything. */
  | { readonly from: string; readonly how: 'present' }

export type Claim = string | number | boolean

/** @param today `YYYY-MM-DD`. `undefined` where the record does not say what it takes: then nothing is claimed. */
export function derive(derivation: Derivation, record: Readonly<Record<string, unknown>>, today: string): Claim | undefined {
  const value = Object.hasOwn(record, derivation.from) ? record[derivation.from] : undefined
  switch (derivation.how) {
    case 'copy':
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined
    case 'present':
      return value !== undefined && value !== null && value !== ''
    case 'is_one_of':
      return value === undefined || value === null ? undefined : derivation.values.includes(value as Claim)
    case 'age_over': {
      const age = ageOn(value, today)
      return age === undefined ? undefined : age >= derivation.years
    }
    case 'age_band': {
      const age = ageOn(value, today)
      return age === undefined ? undefined : bandOf(age, derivation.bounds)
    }
  }
}

/** Full years between two days. Born on 29 February, one is a year older on 1 March of a common year. */
function ageOn(birth: unknown, today: string): number | undefined {
  const [year, month, day] = partsOf(birth) ?? []
  const [thisYear, thisMonth, thisDay] = partsOf(today) ?? []
  if (year === undefined || month === undefined || day === undefined || thisYear === undefined || thisMonth === undefined || thisDay === undefined)
    return undefined
  const age = thisYear - year - (thisMonth < month || (thisMonth === month && thisDay < day) ? 1 : 0)
  return age < 0 || age > 150 ? undefined : age
}

/** A whole date only: a year alone does not tell an age. */
function partsOf(value: unknown): [number, number, number] | undefined {
  const found = typeof value === 'string' ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) : null
  if (found === null) return undefined
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])]
  const real = new Date(Date.UTC(year, month - 1, day))
  return real.getUTCMonth() === month - 1 && real.getUTCDate() === day ? [year, month, day] : undefined
}

function bandOf(age: number, bounds: readonly number[]): string {
  const sorted = [...bounds].sort((left, right) => left - right)
  const above = sorted.findIndex((bound) => age < bound)
  if (above === 0) return `0-${(sorted[0] ?? 0) - 1}`
  if (above === -1) return `${sorted.at(-1) ?? 0}+`
  return `${sorted[above - 1] ?? 0}-${(sorted[above] ?? 0) - 1}`
}
