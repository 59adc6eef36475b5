/**
 * The pairs that new records make with all records before them, rule by rule, without building any block anew: one pass over the
 * records per rule asks whether a record agrees with a new one.
 */
import type { Rule, Term } from '../model/schema.ts'
import { columnIn, type RecordTable } from '../normalize/table.ts'
import type { LinkType } from './blocks.ts'
import { termValue } from './key.ts'

/** One term of a rule: `keys[codes[record]]` is equal for records that agree; -1 where no new record has the value. */
interface TermIndex {
  readonly codes: Int32Array
  readonly keys: Int32Array
  readonly keyCount: number
}

/** @param firstNew records from here on are new; each pair has at least one of them. `rule` is the first rule that finds the pair */
export function visitNewPairs(
  table: RecordTable,
  rules: readonly Rule[],
  firstNew: number,
  link: LinkType,
  visit: (left: number, right: number, rule: number) => void,
): void {
  const indexes = rules.map((rule) => rule.terms.map((term) => termIndex(table, term, firstNew)))
  const sourceOf = sourceLookup(table)
  const allowed = (left: number, right: number): boolean => link === 'both' || (sourceOf(left) === sourceOf(right)) === (link === 'dedupe')
  for (const [rule, terms] of indexes.entries()) {
    const [leading, ...others] = terms.toSorted((one, other) => other.keyCount - one.keyCount)
    if (leading === undefined) continue
    const earlier = indexes.slice(0, rule)
    const chains = newRecordsByKey(leading, firstNew, table.rowCount)
    for (let left = 0; left < table.rowCount; left++) {
      const key = keyOf(leading, left)
      if (key < 0) continue
      for (let right = chains.first[key] as number; right >= 0; right = chains.next[right - firstNew] as number) {
        if (right <= left || !agree(others, left, right) || !allowed(left, right)) continue
        if (!earlier.some((before) => agree(before, left, right))) visit(left, right, rule)
      }
    }
  }
}

function termIndex(table: RecordTable, term: Term, firstNew: number): TermIndex {
  const { codes, values } = columnIn(table, term.column)
  const numberOf = new Map<string, number>()
  for (const code of codes.subarray(firstNew)) {
    const text = code < 0 ? undefined : termValue(term, values[code] ?? '')
    if (text !== undefined && !numberOf.has(text)) numberOf.set(text, numberOf.size)
  }
  const keys = new Int32Array(values.length).fill(-1)
  const setKey = (code: number): void => {
    keys[code] = numberOf.get(termValue(term, values[code] as string) ?? '') ?? -1
  }
  // A whole value has one code, so only the new records' codes have a key; a part of a value may stand in any.
  if (term.take !== 'whole') for (let code = 0; code < values.length; code++) setKey(code)
  else for (const code of codes.subarray(firstNew)) if (code >= 0) setKey(code)
  return { codes, keys, keyCount: numberOf.size }
}

function keyOf({ codes, keys }: TermIndex, record: number): number {
  const code = codes[record] as number
  return code < 0 ? -1 : (keys[code] as number)
}

function agree(terms: readonly TermIndex[], left: number, right: number): boolean {
  for (const term of terms) {
    const key = keyOf(term, left)
    if (key < 0 || key !== keyOf(term, right)) return false
  }
  return true
}

/** New records of one key as a chain, rising. */
function newRecordsByKey(term: TermIndex, firstNew: number, rowCount: number): { first: Int32Array; next: Int32Array } {
  const first = new Int32Array(term.keyCount).fill(-1)
  const next = new Int32Array(rowCount - firstNew).fill(-1)
  for (let record = rowCount - 1; record >= firstNew; record--) {
    const key = keyOf(term, record)
    if (key < 0) continue
    next[record - firstNew] = first[key] as number
    first[key] = record
  }
  return { first, next }
}

function sourceLookup(table: RecordTable): (record: number) => number {
  const { offsets } = table.sources
  return (record) => {
    let source = offsets.length - 2
    while ((offsets[source] as number) > record) source--
    return source
  }
}
