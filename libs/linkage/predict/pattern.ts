/** The levels of all comparisons as one mixed-radix number: the first comparison is the lowest digit. */
import { levelFunction } from '../compare/level.ts'
import type { LevelOf } from '../compare/level-of.ts'
import type { PreparedComparison } from '../compare/prepared.ts'

export function radixOf(levelCounts: readonly number[]): number[] {
  let radix = 1
  return levelCounts.map((count) => {
    const own = radix
    radix *= count
    return own
  })
}

export function levelsOfPattern(pattern: number, levelCounts: readonly number[]): number[] {
  let rest = pattern
  return levelCounts.map((count) => {
    const level = rest % count
    rest = (rest - level) / count
    return level
  })
}

/** The agreement pattern of two records. */
export function patternFunction(comparisons: readonly PreparedComparison[]): LevelOf {
  const levels = comparisons.map(levelFunction)
  const radix = radixOf(comparisons.map((comparison) => comparison.levelCount))
  return (left, right) => {
    let pattern = 0
    for (let i = 0; i < levels.length; i++) pattern += (levels[i] as LevelOf)(left, right) * (radix[i] as number)
    return pattern
  }
}
