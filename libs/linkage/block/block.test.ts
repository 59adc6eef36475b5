import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { on, prefix, sound, suffix, year } from '../model/define.ts'
import type { Rule } from '../model/schema.ts'
import { columnIn, recordTable } from '../normalize/table.ts'
import { prepareRules } from '../predict/prepare.ts'
import { sourceOf } from '../testing/records.ts'
import { visitNewPairs } from './between.ts'
import { type LinkType, pairsOfAll } from './blocks.ts'
import { termValue } from './key.ts'
import { visitPairs } from './pairs.ts'
import { blockingReport, checkCap, truePairs } from './report.ts'
import { soundex } from './sound.ts'

const forms = {
  a: { form: 'text' as const, version: 1 as const },
  b: { form: 'text' as const, version: 1 as const },
  c: { form: 'text' as const, version: 1 as const },
}
const rules = [on('a'), on('b', prefix('c', 2)), on(sound('c')), on('a', 'b', 'c')]
const value = fc.constantFrom(null, 'ann', 'anna', 'bob', 'rob')
const record = fc.record({ a: value, b: value, c: value })
const sources = fc.array(fc.array(record, { maxLength: 12 }), { minLength: 1, maxLength: 3 })
const linkType = fc.constantFrom<LinkType>('dedupe', 'link', 'both')

type Rows = { a: string | null; b: string | null; c: string | null }[][]
const tableOf = (rows: Rows) =>
  recordTable(
    forms,
    rows.map((records, index) => sourceOf(`s${index}`, records, ['a', 'b', 'c'])),
  )

/** The definition: every allowed pair, with the first rule whose terms all agree. */
function byDefinition(rows: Rows, link: LinkType): string[] {
  const all = rows.flatMap((records, source) => records.map((each) => ({ ...each, source })))
  const found: string[] = []
  for (const [left, one] of all.entries()) {
    for (const [offset, other] of all.slice(left + 1).entries()) {
      if (link !== 'both' && (one.source === other.source) !== (link === 'dedupe')) continue
      const agrees = (rule: Rule) =>
        rule.terms.every((term) => {
          const [first, second] = [one[term.column as 'a'], other[term.column as 'a']].map((text) => (text === null ? undefined : termValue(term, text)))
          return first !== undefined && first === second
        })
      const rule = rules.findIndex(agrees)
      if (rule >= 0) found.push(`${left}-${left + 1 + offset}-${rule}`)
    }
  }
  return found.sort()
}

function streamed(rows: Rows, link: LinkType): string[] {
  const table = tableOf(rows)
  const blocks = prepareRules(rules, table)
  const found: string[] = []
  for (const [rule, each] of blocks.entries()) {
    visitPairs(blocks, rule, 0, each.starts.length - 1, link, table.sources.offsets, (left, right) => found.push(`${left}-${right}-${rule}`))
  }
  return found.sort()
}

describe('blocking', () => {
  it('gives each pair once, under the first rule that finds it, whatever the sources', () => {
    fc.assert(
      fc.property(sources, linkType, (rows, link) => {
        expect(streamed(rows, link)).toEqual(byDefinition(rows, link))
      }),
      { numRuns: 300 },
    )
  })

  it('finds the pairs of new records as blocking all anew would', () => {
    fc.assert(
      fc.property(sources, linkType, (rows, link) => {
        const table = tableOf(rows)
        const firstNew = table.sources.offsets.at(-2) ?? 0
        const found: string[] = []
        visitNewPairs(table, rules, firstNew, link, (left, right, rule) => found.push(`${left}-${right}-${rule}`))
        expect(found.sort()).toEqual(byDefinition(rows, link).filter((pair) => Number(pair.split('-')[1]) >= firstNew))
      }),
      { numRuns: 300 },
    )
  })

  it('counts what the pairs are without walking through them', () => {
    fc.assert(
      fc.property(sources, linkType, (rows, link) => {
        const table = tableOf(rows)
        const everything = [on('a')].map((rule) => ({ ...rule, terms: [{ column: 'a', take: 'whole' as const }] }))
        const blocks = prepareRules(everything, table)
        const report = blockingReport(blocks, link, table.sources.offsets, columnIn(table, 'a').codes)
        expect(report.pairs).toBe(report.rules[0]?.pairs)
        // Blocks of "a" with people told apart by "a": all true pairs are found and nothing else.
        expect(truePairs(columnIn(table, 'a').codes, link, table.sources.offsets)).toBe(report.pairs)
        if (report.pairs > 0) expect(report.coverage).toBe(1)
      }),
    )
  })

  it('refuses rules that make too many pairs, with the estimate and the worst rule', () => {
    const table = tableOf([Array.from({ length: 100 }, () => ({ a: 'ann', b: 'bob', c: null }))])
    const blocks = prepareRules([on('a'), on('c')], table)
    expect(() => checkCap(blocks, 'dedupe', table.sources.offsets, 4_949)).toThrow(
      expect.objectContaining({ fault: 'too_many_pairs', message: expect.stringMatching(/up to 4950 pairs.*"a" alone makes 4950, with 100 records/) }),
    )
    expect(() => checkCap(blocks, 'dedupe', table.sources.offsets, 4_950)).not.toThrow()
  })

  it('takes files of no and of one record', () => {
    expect(streamed([[]], 'dedupe')).toEqual([])
    expect(streamed([[{ a: 'ann', b: null, c: null }]], 'both')).toEqual([])
    expect(pairsOfAll('link', [0, 0, 5])).toBe(0)
  })

  it('keys by prefix, suffix, sound and year', () => {
    expect(termValue(prefix('n', 3), 'al')).toBeUndefined()
    expect(termValue(suffix('n', 2), 'alan')).toBe('an')
    expect(termValue(year('d'), '1980-02-03')).toBe('1980')
    expect(['robert', 'rupert', 'ashcraft', 'tymczak', 'pfister', 'honeyman'].map(soundex)).toEqual(['r163', 'r163', 'a261', 't522', 'p236', 'h555'])
    expect(soundex('山田')).toBeUndefined()
  })
})
