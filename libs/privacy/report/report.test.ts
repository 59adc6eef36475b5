import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classSizeSteps, nodesByHeight } from './charts.ts'
import type { ReportData } from './data.ts'
import { percent, short } from './figures.ts'
import { html } from './html.ts'
import { htmlReport } from './report.ts'
import { sampleReport } from './testing/sample.ts'

const attack = `"><script>alert('x')</script><img src=x onerror=alert(1)>\u202e`

/** Puts a text in place of every text of the report's data. */
function poisoned(value: unknown, text: string): unknown {
  if (Array.isArray(value)) return value.map((item) => poisoned(item, text))
  if (typeof value === 'object' && value !== null) {
    const kept = new Set(['verdict', 'role', 'strategy'])
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, kept.has(name) ? member : poisoned(member, text)]))
  }
  return typeof value === 'string' ? text : value
}

const tagsOf = (page: string): string[] => [...page.matchAll(/<\/?([a-z0-9!]+)/gi)].map(([, name = '']) => name.toLowerCase())

describe('a report', () => {
  it('lets no text become a tag, an attribute or a script', () => {
    const page = htmlReport(poisoned(sampleReport, attack) as ReportData)
    expect(page).not.toContain('<script')
    expect(page).not.toContain('<img')
    expect(page).not.toContain('\u202e')
    expect(page).toContain('&lt;script&gt;alert(&#39;x&#39;)')
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '/', 'a', '=', ' ', '`') }), (text) => {
        expect(tagsOf(htmlReport(poisoned(sampleReport, text) as ReportData))).toEqual(tagsOf(htmlReport(poisoned(sampleReport, 'a') as ReportData)))
      }),
      { numRuns: 30 },
    )
  })

  it('loads nothing and runs nothing', () => {
    const page = htmlReport(sampleReport)
    expect(page).not.toMatch(/<(script|link|iframe|object|embed|form)\b|\b(src|href)=|url\(|@import|\son\w+=/i)
    expect(page).toContain("default-src 'none'")
  })

  it('never says that all is well when it is not', () => {
    const said = (change: Partial<ReportData>) => /<div class="verdict (\w+)"/.exec(htmlReport({ ...sampleReport, ...change }))?.[1]
    expect(said({ models: [{ name: 'm', description: 'd', verdict: 'fails' }] })).toBe('fails')
    expect(said({})).toBe('voided')
    expect(said({ loop: { met: false, goal: 'g', rounds: [] } })).toBe('fails')
    expect(said({ rowsAfter: 0 })).toBe('fails')
    expect(said({ models: [{ name: 'm', description: 'd', verdict: 'holds' }] })).toBe('holds')
  })

  it('tells everything it was given', () => {
    const page = htmlReport(sampleReport)
    for (const words of [
      'customers.csv',
      '5-anonymity',
      'Generalised to level 2 of 4',
      '[30, 40)',
      'and 4 more',
      'Proven to be the best',
      '✓ met',
      'distribution, differential privacy',
      '67,000,000',
    ])
      expect(page, words).toContain(words)
  })
})

describe('the pictures', () => {
  it('put every row on one step', () => {
    const steps = classSizeSteps(sampleReport.riskBefore, sampleReport.riskAfter)
    expect(steps.map(({ label }) => label)).toEqual(['1', '2', '3–4', '5–9', '10–19', '20–49', '50–99', '100–499'])
    expect(steps.reduce((sum, step) => sum + step.before, 0)).toBeCloseTo(1, 12)
    expect(steps.reduce((sum, step) => sum + step.after, 0)).toBeCloseTo(1, 12)
  })

  it('count the nodes of every level', () => {
    expect(nodesByHeight([4, 3, 1])).toEqual([1, 3, 5, 7, 8, 7, 5, 3, 1])
    expect(nodesByHeight([])).toEqual([1])
  })
})

describe('figures', () => {
  it('never round something to nothing or nearly all to all', () => {
    expect([0, 1, 0.00001, 0.99999999, 0.5, 0.0123456, 0.2].map(percent)).toEqual(['0 %', '100 %', '< 0.01 %', '> 99.99 %', '50 %', '1.23 %', '20 %'])
    expect([0, 1234.5678, 0.2419323, 1e-9].map(short)).toEqual(['0', '1235', '0.242', '1.00e-9'])
  })

  it('are escaped like any text', () => {
    expect(html`<b title="${'"'}">${['<', 1, undefined, html`<i>`]}</b>`.toString()).toBe('<b title="&quot;">&lt;1<i></b>')
  })
})
