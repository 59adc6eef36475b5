/** The same five comparisons as a textbook writes them, over strings and pair by pair: what the engine's rate is held against. */
import type { SourceRecord } from '@gatehouse/tabular/value'

type Bits = readonly number[]

function textbookJaroWinkler(left: string, right: string): number {
  const reach = Math.max(0, Math.floor(Math.max(left.length, right.length) / 2) - 1)
  const taken = new Array<boolean>(right.length).fill(false)
  const found: string[] = []
  for (let i = 0; i < left.length; i++) {
    for (let j = Math.max(0, i - reach); j <= Math.min(right.length - 1, i + reach); j++) {
      if (taken[j] || left[i] !== right[j]) continue
      taken[j] = true
      found.push(left.charAt(i))
      break
    }
  }
  if (found.length === 0) return 0
  const others = [...right].filter((_, index) => taken[index])
  const moved = found.filter((letter, index) => letter !== others[index]).length / 2
  const jaro = (found.length / left.length + found.length / right.length + (found.length - moved) / found.length) / 3
  let prefix = 0
  while (prefix < 4 && prefix < left.length && left[prefix] === right[prefix]) prefix++
  return jaro > 0.7 ? jaro + prefix * 0.1 * (1 - jaro) : jaro
}

function textbookDistance(left: string, right: string): number {
  let before = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const row = [i]
    for (let j = 1; j <= right.length; j++)
      row.push(Math.min((before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (before[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)))
    before = row
  }
  return before[right.length] ?? 0
}

const nameBits: Bits = [8, 6, 2, -4]
const nameBitsOf = (left: string, right: string): number => {
  if (left === right) return nameBits[0] ?? 0
  const similarity = textbookJaroWinkler(left, right)
  return nameBits[similarity >= 0.92 ? 1 : similarity >= 0.82 ? 2 : 3] ?? 0
}
const editBits = (left: string, right: string): number => (left === right ? 12 : textbookDistance(left, right) <= 1 ? 5 : -5)

/** The weight of one pair. */
export function textbookWeight(left: SourceRecord, right: SourceRecord): number {
  let weight = -14
  for (const column of ['forename', 'surname', 'dob', 'postcode', 'sex']) {
    const [one, other] = [left[column], right[column]]
    if (typeof one !== 'string' || typeof other !== 'string') continue
    if (column === 'sex') weight += one === other ? 1 : -5
    else weight += column === 'dob' || column === 'postcode' ? editBits(one, other) : nameBitsOf(one, other)
  }
  return weight
}
