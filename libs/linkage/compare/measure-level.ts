/** Numbers, sets and places: how far apart, how much in common. */
import type { DifferentLevel, LevelOf } from './level-of.ts'
import { columnAt, need, type PreparedComparison } from './prepared.ts'
import type { Texts } from './texts.ts'

const same = 1

export function numberLevel(numbers: Float64Array, bands: readonly number[]): DifferentLevel {
  return (a, b) => {
    const difference = Math.abs((numbers[a] as number) - (numbers[b] as number))
    let band = 0
    while (band < bands.length && difference > (bands[band] as number)) band++
    return 2 + band
  }
}

/** Share of all elements that both have (Jaccard), in bands; then any in common. */
export function setLevel({ units, offsets }: Texts, bands: readonly number[]): DifferentLevel {
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
export function geoLevel(comparison: PreparedComparison): LevelOf {
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
