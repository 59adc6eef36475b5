/** Texts, e-mail addresses, postcodes, telephone numbers and identifiers: what slips of the pen leave alike. */

import { editDistance } from './edit-distance.ts'
import { jaroWinkler } from './jaro-winkler.ts'
import type { DifferentLevel } from './level-of.ts'
import type { Texts } from './texts.ts'

/** A similarity beyond every band's reach counts as the last level. */
export function textLevel(texts: Texts, bands: readonly number[]): DifferentLevel {
  const least = bands.at(-1) ?? 1
  return (a, b) => {
    const similarity = jaroWinkler(texts, a, texts, b, least)
    let band = 0
    while (band < bands.length && similarity < (bands[band] as number)) band++
    return 2 + band
  }
}

export function postcodeLevel(texts: Texts, districts: Int32Array): DifferentLevel {
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

export function emailLevel(texts: Texts, nameLengths: Int32Array): DifferentLevel {
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

export function slipLevel(texts: Texts): DifferentLevel {
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

export function phoneLevel(texts: Texts): DifferentLevel {
  const { units, offsets } = texts
  return (a, b) => {
    if (editDistance(texts, a, texts, b, 1) <= 1) return 2
    return startsAlike(units, (offsets[a + 1] as number) - lastDigits, (offsets[b + 1] as number) - lastDigits, lastDigits) ? 3 : 4
  }
}
