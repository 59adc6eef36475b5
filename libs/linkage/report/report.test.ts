import { beforeAll, describe, expect, it } from 'vitest'
import type { LinkReport } from './data.ts'
import { chooseExamples } from './examples.ts'
import { percent } from './figures.ts'
import { htmlReport } from './report.ts'
import { linkFigures } from './summary.ts'
import { sampleReport } from './testing/sample-report.ts'

let sample: { readonly report: LinkReport; readonly values: readonly string[] }
beforeAll(() => {
  sample = sampleReport()
})

/** Nothing of these may run or load anything, whatever a file, column or rule is called. */
const evil = `</script><script>alert(1)</script><img src=x onerror=alert(1)>"'><svg onload=alert(1)>`

describe('the report', () => {
  it('lets nothing in that could run or load: names of files, columns and rules are text', () => {
    const { report } = sample
    const [rule] = report.blocking.rules
    const [level] = report.levels
    const [example] = report.examples
    const step = example?.fall.steps[0]
    if (rule === undefined || level === undefined || example === undefined || step === undefined) throw new Error('the sample has something of everything')
    const shown = { hidden: false, value: evil } as const
    const page = htmlReport({
      ...report,
      title: evil,
      sources: [{ name: evil, records: 1 }],
      warnings: [evil],
      refused: [{ column: evil, because: evil, count: 1 }],
      blocking: { ...report.blocking, rules: [{ ...rule, rule: evil }] },
      levels: [{ ...level, comparison: evil, level: evil }],
      clusters: { ...report.clusters, method: evil, refused: new Map([[evil, 1]]) },
      examples: [
        {
          why: evil,
          place: evil,
          fall: {
            ...example.fall,
            forbidden: evil,
            sentence: evil,
            steps: [{ ...step, comparison: evil, level: evil, sentence: evil, left: [shown], right: [shown] }],
          },
        },
      ],
    })
    expect(page).not.toMatch(/<script|<img|<svg onload|<[a-z]+[^>]*\son[a-z]+=/i)
    expect(page.match(/alert\(1\)/g)?.length).toBeGreaterThan(12)
    expect(page).toContain('This page shows values of people’s records')
  })

  it('needs nothing else: no script, no address, no file', () => {
    const page = htmlReport(sample.report)
    expect(page).not.toMatch(/<script|<link|<iframe|@import|url\(|src=|href=/i)
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`)
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toContain('://')
  })

  it('holds no value of a record unless it was told to', () => {
    const page = htmlReport(sample.report)
    expect(sample.values.length).toBeGreaterThan(20)
    for (const value of sample.values) expect(page).not.toContain(value)
    expect(page).toContain('no value of a record')
  })

  it('tells blocking, weights, threshold, clusters, examples, and errors against the truth', () => {
    const page = htmlReport(sample.report)
    for (const heading of ['Against the truth', 'Blocking', 'Weights', 'Threshold', 'Clusters', 'Example links', 'The errors themselves'])
      expect(page).toMatch(new RegExp(`<h[23][^>]*>${heading}`))
    expect(page).not.toMatch(/NaN|undefined|Infinity/)
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const { truth, ...without } = sample.report
    expect(htmlReport(without)).not.toContain('Against the truth')
    expect(htmlReport(without)).toContain('Expected to be wrong')
  })
})

describe('its figures', () => {
  it('count every scored pair once, and what is expected to be wrong', () => {
    const links = { length: 3, weight: Float64Array.of(2.5, 2.1, 90), probability: Float64Array.of(0.85, 0.4, 1) }
    const figures = linkFigures(links, 0.5)
    expect(figures.count).toBe(2)
    expect(figures.expectedFalse).toBeCloseTo(0.15, 9)
    expect(figures.byWeight.reduce((sum, step) => sum + step.count, 0)).toBe(3)
    expect(figures.byWeight).toHaveLength(39)
    expect(linkFigures({ length: 0, weight: new Float64Array(), probability: new Float64Array() }, 0.5).byWeight).toEqual([])
  })

  it('never round what is not all to all', () => {
    expect([percent(0), percent(1), percent(0.999999), percent(0.00001), percent(0.5)]).toEqual(['0 %', '100 %', '> 99.99 %', '< 0.01 %', '50.0 %'])
  })

  it('show links on both sides of the threshold, each once', () => {
    const weight = Float64Array.from({ length: 20 }, (_, index) => index - 10)
    const scored = {
      length: 20,
      left: new Int32Array(20),
      right: Int32Array.from({ length: 20 }, (_, index) => index + 1),
      weight,
      probability: weight.map((bits) => 1 / (1 + 2 ** -bits)),
    }
    const chosen = chooseExamples(scored, 0.5)
    expect(chosen.map(({ why, right }) => [why, right])).toEqual([
      ['Among the surest', 20],
      ['Among the surest', 19],
      ['In the middle', 15],
      ['Just linked', 12],
      ['Just linked', 11],
      ['Just not linked', 10],
      ['Just not linked', 9],
    ])
    expect(chooseExamples({ ...scored, length: 1 }, 0)).toHaveLength(1)
  })
})
