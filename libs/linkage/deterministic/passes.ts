/**
 * Deterministic linkage: passes in order, each an agreement on canonical values. The first pass that finds a pair names the link.
 */
import type { LinkType } from '../block/blocks.ts'
import { visitPairs } from '../block/pairs.ts'
import { checkCap } from '../block/report.ts'
import type { Links } from '../model/link.ts'
import { pairCapDefault, type Rule } from '../model/schema.ts'
import type { RecordTable } from '../normalize/table.ts'
import { linkBuffer, mergeLinks } from '../predict/link-buffer.ts'
import { prepareRules } from '../predict/prepare.ts'

export interface PassOptions {
  readonly link: LinkType
  /** `leave`: a record linked by one pass takes no part in later ones, as where each pass is less certain than the one before. */
  readonly onceLinked?: 'stay' | 'leave'
  readonly pairCap?: number
}

/** @throws LinkageError `too_many_pairs`, `no_column` */
export function deterministicLinks(table: RecordTable, passes: readonly Rule[], options: PassOptions): Links {
  const { link, onceLinked = 'stay', pairCap = pairCapDefault } = options
  const { offsets } = table.sources
  const rules = prepareRules(passes, table)
  checkCap(rules, link, offsets, pairCap)
  const linkedBy = new Int32Array(table.rowCount).fill(passes.length)
  const isFree = (record: number, pass: number): boolean => onceLinked === 'stay' || (linkedBy[record] as number) >= pass
  const found = linkBuffer()
  for (const [pass, blocks] of rules.entries()) {
    visitPairs(rules, pass, 0, blocks.starts.length - 1, link, offsets, (left, right) => {
      if (!isFree(left, pass) || !isFree(right, pass)) return
      linkedBy[left] = Math.min(linkedBy[left] as number, pass)
      linkedBy[right] = Math.min(linkedBy[right] as number, pass)
      found.add(left, right, Number.POSITIVE_INFINITY, 1, -1, pass)
    })
  }
  return mergeLinks([found.build(passes.map((pass) => pass.name))])
}
