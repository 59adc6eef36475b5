/** What a person should know about a training, in words. No warning repeats a value. */
import { levelsOf } from '../compare/levels.ts'
import type { Model } from '../model/schema.ts'
import { emptyReason } from '../normalize/canonical.ts'
import type { RecordTable } from '../normalize/table.ts'
import type { EmResult } from './em.ts'

/** More of a column's values than this being no value is a form chosen wrongly more often than bad data. */
const refusedMax = 0.2

/** Columns whose values mostly cannot be read, with the most frequent reason. */
export function columnWarnings(table: RecordTable): string[] {
  return [...table.columns].flatMap(([name, { counts, refused }]) => {
    const unread = refused.filter(({ because }) => because !== emptyReason)
    const lost = unread.reduce((sum, { count }) => sum + count, 0)
    const share = lost / Math.max(1, lost + counts.reduce((sum, count) => sum + count, 0))
    const [first] = unread
    if (first === undefined || share <= refusedMax) return []
    return [`${Math.round(share * 100)} % of the values of "${name}" are taken for no value, most of them because ${first.because}.`]
  })
}

/** Fewer expected matches than this at a level say little about it. */
const seenMin = 0.5
const matchesMin = 10
const missingMax = 0.95

export function warningsOf(model: Model, result: EmResult, random: readonly Float64Array[], alone: boolean): string[] {
  const warnings: string[] = []
  if (alone) warnings.push('one comparison by itself has nothing to be trained on; its weights are what is usual. Check them against labels, or calibrate.')
  if (result.matches < matchesMin) {
    warnings.push(
      `only about ${result.matches.toFixed(1)} matches were found among the blocked pairs; the weights lean on what records are like in general. Check the blocking rules.`,
    )
  }
  for (const [index, comparison] of model.compare.entries()) {
    const seen = result.seen[index] ?? new Float64Array()
    const shares = random[index] ?? new Float64Array()
    const missing = (seen[0] ?? 0) / Math.max(result.matches, 1e-9)
    if (missing > missingMax) {
      warnings.push(`"${comparison.name}" is missing in ${Math.round(missing * 100)} % of the matches; it decides almost nothing.`)
      continue
    }
    levelsOf(comparison).forEach(({ label }, level) => {
      if (level === 0) return
      const [matched, chance] = [(seen[level] ?? 0) >= seenMin, (shares[level] ?? 0) > 0]
      if (matched && chance) return
      const where = matched ? 'random pairs' : chance ? 'matches' : 'matches or random pairs'
      warnings.push(`"${comparison.name}" was never seen at the level "${label}" among ${where}; its weight is smoothed.`)
    })
    const same = Math.log2((result.m[index]?.[1] ?? 1) / (result.u[index]?.[1] ?? 1))
    if (same < 0) warnings.push(`"${comparison.name}" speaks against a match where it agrees; look for a value that many records share by default.`)
  }
  return warnings
}
