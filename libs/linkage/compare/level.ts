/** The level of agreement of two records under one comparison: the heart of the engine, one function per kind. */
import { editDistance } from './edit-distance.ts'
import { jaroWinkler } from './jaro-winkler.ts'
import type { PreparedColumn, PreparedComparison } from './prepared.ts'
import { shareGroup } from './short-forms.ts'
import type { Texts } from './texts.ts'

/** Records by number; 0 is "missing". */
export type LevelOf = (left: number, right: number) => number

/** Compares two different values of one column by their codes; level 2 or weaker. */
type DifferentLevel = (a: number, b: number) => number

const same = 1

export function levelFunction(comparison: PreparedComparison): LevelOf {
  if (comparison.kind === 'name') return nameLevel(comparison)
  if (comparison.kind === 'geo') return geoLevel(comparison)
  const column = columnAt(comparison, 0)
  const { codes } = column
  const different = differentLevel(comparison, column)
  return (left, right) => {
    const a = codes[left] as number
    const b = codes[right] as number
    if (a < 0 || b < 0) return 0
    return a === b ? same : different(a, b)
  }
}

function differentLevel(comparison: PreparedComparison, column: PreparedColumn): DifferentLevel {
  switch (comparison.kind) {
    case 'address':
    case 'text':
      return textLevel(need(column.texts), comparison.bands)
    case 'dateOfBirth':
      return dateLevel(need(column.facts))
    case 'email':
      return emailLevel(need(column.texts), need(column.facts))
    case 'identifier':
      return slipLevel(need(column.texts))
    case 'number':
      return numberLevel(need(column.numbers), comparison.bands)
    case 'phone':
      return phoneLevel(need(column.texts))
    case 'postcode':
      return postcodeLevel(need(column.texts), need(column.facts))
    case 'set':
      return setLevel(need(column.elements), comparison.bands)
    default:
      return () => 2
  }
}

const nearly = 0.92
const alike = 0.82

function nameLevel(comparison: PreparedComparison): LevelOf {
  const column = columnAt(comparison, 0)
  const { codes } = column
  const texts = need(column.texts)
  const groups = need(column.facts)
  const counts = comparison.swap === 'counts' ? 1 : 0
  const swapped = comparison.swap === undefined ? undefined : swapTest(column, columnAt(comparison, 1))
  return (left, right) => {
    const a = codes[left] as number
    const b = codes[right] as number
    if (a < 0 || b < 0) return 0
    if (a === b) return same
    if (swapped?.(left, right)) return counts === 1 ? 5 : 0
    const similarity = jaroWinkler(texts, a, texts, b, alike)
    if (similarity >= nearly) return 2
    if (shareGroup(groups[a] as number, groups[b] as number)) return 3
    if (similarity >= alike) return 4
    return isInitial(texts, a, b) ? 5 + counts : 6 + counts
  }
}

/** Neither name is the same, but each is nearly the other record's other name. */
function swapTest(first: PreparedColumn, other: PreparedColumn): (left: number, right: number) => boolean {
  const texts = need(first.texts)
  const otherTexts = need(other.texts)
  return (left, right) => {
    const a = first.codes[left] as number
    const b = first.codes[right] as number
    const otherA = other.codes[left] as number
    const otherB = other.codes[right] as number
    if (otherA < 0 || otherB < 0 || otherA === otherB) return false
    return jaroWinkler(texts, a, otherTexts, otherB, nearly) >= nearly && jaroWinkler(texts, b, otherTexts, otherA, nearly) >= nearly
  }
}

function isInitial({ units, offsets }: Texts, a: number, b: number): boolean {
  const aAt = offsets[a] as number
  const bAt = offsets[b] as number
  const shorter = Math.min((offsets[a + 1] as number) - aAt, (offsets[b + 1] as number) - bAt)
  return shorter === 1 && units[aAt] === units[bAt]
}

/** A similarity beyond every band's reach counts as the last level. */
function textLevel(texts: Texts, bands: readonly number[]): DifferentLevel {
  const least = bands.at(-1) ?? 1
  return (a, b) => {
    const similarity = jaroWinkler(texts, a, texts, b, least)
    let band = 0
    while (band < bands.length && similarity < (bands[band] as number)) band++
    return 2 + band
  }
}

/** Eight digits of 4 bits: year, month, day. */
function dateLevel(dates: Int32Array): DifferentLevel {
  return (a, b) => {
    const left = dates[a] as number
    const right = dates[b] as number
    if (isDateSlip(left, right)) return 2
    const sameYear = left >>> 16 === right >>> 16
    const sameMonth = ((left ^ right) & 0xff00) === 0
    const sameDay = ((left ^ right) & 0xff) === 0
    if ((sameYear && (sameMonth || sameDay)) || (sameMonth && sameDay)) return 3
    const days = Math.abs(ordinal(left) - ordinal(right))
    if (days <= daysOfYear) return 4
    return days <= 10 * daysOfYear ? 5 : 6
  }
}

/** Months of 31 days keep the order and are near enough to tell years apart. */
const daysOfYear = 372
const ordinal = (date: number): number => decimal(date >>> 16) * daysOfYear + decimal((date >>> 8) & 0xff) * 31 + decimal(date & 0xff)
const decimal = (digits: number): number => (digits >>> 12) * 1000 + ((digits >>> 8) & 15) * 100 + ((digits >>> 4) & 15) * 10 + (digits & 15)

/** One digit misread, two neighbours exchanged, or day and month in each other's place. */
function isDateSlip(left: number, right: number): boolean {
  const difference = left ^ right
  const lowest = 31 - Math.clz32(difference & -difference)
  const shift = lowest & ~3
  const rest = difference >>> shift
  if (rest <= 0xf) return true
  if (rest <= 0xff && ((left >>> shift) & 15) === ((right >>> (shift + 4)) & 15) && ((left >>> (shift + 4)) & 15) === ((right >>> shift) & 15)) return true
  return left >>> 16 === right >>> 16 && ((left >>> 8) & 0xff) === (right & 0xff) && (left & 0xff) === ((right >>> 8) & 0xff)
}

function postcodeLevel(texts: Texts, districts: Int32Array): DifferentLevel {
  const { units, offsets } = texts
  return (a, b) => {
    if (editDistance(texts, a, texts, b, 1) <= 1) return 2
    const district = districts[a] as number
    if (district === districts[b] && startsAlike(units, offsets[a] as number, offsets[b] as number, district)) return 3
    const area = (units[(offsets[a] as number) + 1] as number) > 57 ? 2 : 1
    return startsAlike(units, offsets[a] as number, offsets[b] as number, area) ? 4 : 5
  }
}

function startsAlike(units: Uint16Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (units[a + i] !== units[b + i]) return false
  return true
}

function emailLevel(texts: Texts, nameLengths: Int32Array): DifferentLevel {
  const { units, offsets } = texts
  return (a, b) => {
    const length = nameLengths[a] as number
    if (length === nameLengths[b] && startsAlike(units, offsets[a] as number, offsets[b] as number, length)) return 2
    const similarity = jaroWinkler(texts, a, texts, b, emailAlike)
    if (similarity >= emailNearly) return 3
    return similarity >= emailAlike ? 4 : 5
  }
}

const emailNearly = 0.95
const emailAlike = 0.88

function slipLevel(texts: Texts): DifferentLevel {
  return (a, b) => {
    const length = Math.max(lengthAt(texts, a), lengthAt(texts, b))
    // In a short code, two slips leave too little that is the same.
    const limit = length >= 7 ? 2 : 1
    const distance = editDistance(texts, a, texts, b, limit)
    return distance > limit ? 4 : 1 + distance
  }
}

function lengthAt({ offsets }: Texts, value: number): number {
  return (offsets[value + 1] as number) - (offsets[value] as number)
}

const lastDigits = 6

function phoneLevel(texts: Texts): DifferentLevel {
  const { units, offsets } = texts
  return (a, b) => {
    if (editDistance(texts, a, texts, b, 1) <= 1) return 2
    return startsAlike(units, (offsets[a + 1] as number) - lastDigits, (offsets[b + 1] as number) - lastDigits, lastDigits) ? 3 : 4
  }
}

function numberLevel(numbers: Float64Array, bands: readonly number[]): DifferentLevel {
  return (a, b) => {
    const difference = Math.abs((numbers[a] as number) - (numbers[b] as number))
    let band = 0
    while (band < bands.length && difference > (bands[band] as number)) band++
    return 2 + band
  }
}

/** Share of all elements that both have (Jaccard), in bands; then any in common. */
function setLevel({ units, offsets }: Texts, bands: readonly number[]): DifferentLevel {
  return (a, b) => {
    const endA = offsets[a + 1] as number
    const endB = offsets[b + 1] as number
    let [i, j, common] = [offsets[a] as number, offsets[b] as number, 0]
    const total = endA - i + endB - j
    while (i < endA && j < endB) {
      const order = (units[i] as number) - (units[j] as number)
      if (order === 0) common++
      if (order <= 0) i++
      if (order >= 0) j++
    }
    const share = common / (total - common)
    let band = 0
    while (band < bands.length && share < (bands[band] as number)) band++
    if (band < bands.length) return 2 + band
    return 2 + bands.length + (common > 0 ? 0 : 1)
  }
}

const earthRadiusKm = 6371.0088
const radians = Math.PI / 180

/** Great-circle distance by the haversine formula. */
function geoLevel(comparison: PreparedComparison): LevelOf {
  const latitude = columnAt(comparison, 0)
  const longitude = columnAt(comparison, 1)
  const [latitudes, longitudes] = [need(latitude.numbers), need(longitude.numbers)]
  return (left, right) => {
    const [a, b, c, d] = [latitude.codes[left] as number, latitude.codes[right] as number, longitude.codes[left] as number, longitude.codes[right] as number]
    if (a < 0 || b < 0 || c < 0 || d < 0) return 0
    if (a === b && c === d) return same
    const [north, south] = [(latitudes[a] as number) * radians, (latitudes[b] as number) * radians]
    const east = ((longitudes[c] as number) - (longitudes[d] as number)) * radians
    const chord = Math.sin((north - south) / 2) ** 2 + Math.cos(north) * Math.cos(south) * Math.sin(east / 2) ** 2
    const km = 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(chord)))
    const { bands } = comparison
    let band = 0
    while (band < bands.length && km > (bands[band] as number)) band++
    return 2 + band
  }
}

function columnAt(comparison: PreparedComparison, index: number): PreparedColumn {
  const column = comparison.columns[index]
  if (column === undefined) throw new TypeError(`a comparison of kind ${comparison.kind} has no column ${index + 1}`)
  return column
}

function need<T>(feature: T | undefined): T {
  if (feature === undefined) throw new TypeError('a comparison was prepared for another kind')
  return feature
}
