/** What the node says by codes, the portal says in each of its languages, with the same values in it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { issueWords } from '@gatehouse/core/issue'
import { levelsOf } from '@gatehouse/linkage/compare/levels'
import { comparisonKinds, comparisonSchema } from '@gatehouse/linkage/model/schema'
import { faultWords } from '@gatehouse/query/plan/fault-words'
import { unitWords } from '@gatehouse/query/units/convert'
import { egressWords } from '@gatehouse/runtime/data/egress-words'
import { predicateWords } from '@gatehouse/tabular/predicate-words'
import { describe, expect, it } from 'vitest'
import { sourceWords } from '../modules/custody/catalog/connectors/words.ts'
import { checkWords } from '../modules/exchange/query/disclosure/checks/words.ts'
import { stopWords } from '../modules/exchange/query/runs/stop-words.ts'

const pages = join(import.meta.dirname, '../apps/portal/src/features')
const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
const words = (page: string, language: string) => read(join(pages, page, `words.${language}.json`))
const valuesIn = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort()
const flat = (table: object) =>
  Object.entries(table).flatMap(([code, said]) =>
    typeof said === 'string' ? [[code, said]] : Object.entries(said).map(([part, text]) => [`${code}.${part}`, text]),
  )

describe.each([
  ['faults of a plan', { ...faultWords, ...predicateWords, ...unitWords }, 'exchange/plans', (all: { fault: object }) => all.fault],
  ['what is wrong with a source', { ...sourceWords, ...egressWords }, 'custody/sources', (all: { said: object }) => all.said],
  ['where a run stopped', stopWords, 'exchange/runs', (all: { said: object }) => all.said],
  ['checks of a result', checkWords, 'exchange/results', (all: { report: { said: object } }) => all.report.said],
] as const)('%s', (_name, table, page, of) => {
  it.each(['en', 'es'])('have words in the language %s, which name the same values', (language) => {
    const said = (from: object) => Object.fromEntries(flat(from).map(([code, text]) => [code, valuesIn(String(text))]))
    expect(said((of as (all: never) => object)(words(page, language) as never))).toEqual(said(table))
  })
})

it('a run that stopped at a source tells the sentence of the source, so no code stands in two tables', () => {
  const codes = [sourceWords, egressWords, stopWords].flatMap((table) => Object.keys(table))
  expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([])
})

it.each(['en', 'es'])('what a schema says has words in the language %s, on every page', (language) => {
  const { fault } = read(join(pages, `../i18n/${language}.json`)) as { fault: object }
  const said = (from: object) => Object.fromEntries(flat(from).map(([code, text]) => [code, valuesIn(String(text))]))
  expect(said(fault)).toEqual(said(issueWords))
})

it('levels of agreement have names in every language, but for those with a number in them', () => {
  const labels = comparisonKinds.flatMap((kind) => levelsOf(comparisonSchema.parse({ kind, columns: ['a', 'b'], swap: 'counts' })).map(({ label }) => label))
  const fixed = [...new Set(labels.filter((label) => !/\d/.test(label)))].map((label) => label.replaceAll(' ', '_'))
  for (const language of ['en', 'es']) expect(Object.keys(words('exchange/linkage', language).levelName).sort()).toEqual(fixed.sort())
})
