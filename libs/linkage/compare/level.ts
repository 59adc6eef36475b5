/** The level of agreement of two records under one comparison: the heart of the engine, one function per kind. */
import { clkLevel } from './clk-level.ts'
import { dateLevel } from './date-level.ts'
import { jaroWinkler } from './jaro-winkler.ts'
import type { DifferentLevel, LevelOf } from './level-of.ts'
import { geoLevel, numberLevel, setLevel } from './measure-level.ts'
import { columnAt, need, type PreparedColumn, type PreparedComparison } from './prepared.ts'
import { shareGroup } from './short-forms.ts'
import { emailLevel, phoneLevel, postcodeLevel, slipLevel, textLevel } from './text-level.ts'
import type { Texts } from './texts.ts'

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
    case 'clk':
      return clkLevel(need(column.filters), comparison.bands)
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
