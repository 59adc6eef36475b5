import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { labelOf, type PurposeTreeError, purposeTree, rootPurpose } from './purposes.ts'

const pointersOf = (own: Parameters<typeof purposeTree>[0]) => {
  try {
    purposeTree(own)
    return []
  } catch (error) {
    return (error as PurposeTreeError).errors.map(({ pointer }) => pointer)
  }
}

describe('leaves are refused', () => {
  it('that hide a term or each other, or go round in a circle', () => {
    expect(pointersOf([{ slug: rootPurpose, parent: 'dpv:Marketing' }])).toEqual(['/0/slug'])
    expect(
      pointersOf([
        { slug: 'a', parent: rootPurpose },
        { slug: 'a', parent: rootPurpose },
      ]),
    ).toEqual(['/1/slug'])
    expect(
      pointersOf([
        { slug: 'a', parent: 'b' },
        { slug: 'b', parent: 'a' },
      ]),
    ).toEqual(['/0/parent', '/1/parent'])
    expect(pointersOf([{ slug: 'a', parent: 'a' }])).toEqual(['/0/parent'])
  })
})

describe('the tree', () => {
  const tree = purposeTree([
    { slug: 'loan', parent: 'sector-finance:LoanServiceProvision' },
    { slug: 'odd', parent: 'gone' },
    { slug: 'odder', parent: 'odd' },
  ])

  it('never takes a broader purpose for a narrower one', () => {
    expect(tree.isA('sector-finance:LoanServiceProvision', 'loan')).toBe(false)
    expect(tree.isA('nothing', 'nothing')).toBe(false)
    expect(tree.isA('loan', 'dpv:Marketing')).toBe(false)
    expect(tree.isA('loan', 'dpv:ServiceProvision')).toBe(true)
  })

  it('lets a leaf of an unknown parent stand alone', () => {
    expect(tree.isA('odd', rootPurpose)).toBe(false)
    expect(tree.isA('odder', 'odd')).toBe(true)
  })

  it('brings every built-in purpose under the root', () => {
    const builtIn = tree.all().filter(({ term }) => term.includes(':'))
    expect(builtIn.filter(({ term }) => !tree.isA(term, rootPurpose))).toEqual([])
    const count = (vocabulary: string) => builtIn.filter(({ term }) => term.startsWith(`${vocabulary}:`)).length
    expect(['dpv', 'sector-finance', 'sector-health', 'eu-ehds'].map(count)).toEqual([122, 43, 91, 26])
  })

  it('reads labels from terms', () => {
    expect(['dpv:LegalCompliance', 'dpv:ImproveInternalCRMProcesses', 'loan_application'].map(labelOf)).toEqual([
      'Legal Compliance',
      'Improve Internal CRM Processes',
      'Loan application',
    ])
  })
})

const folder = new URL('../../../shared/data/standards/dpv/', import.meta.url)

describe.skipIf(!existsSync(folder))('the published tables of DPV (skipped where the reference data is absent)', () => {
  it.each([
    ['purposes.csv', 'dpv'],
    ['purposes-finance.csv', 'sector-finance'],
    ['purposes-health.csv', 'sector-health'],
    ['purposes-eu-ehds.csv', 'eu-ehds'],
  ])('%s has the same terms', (file, vocabulary) => {
    const rows = readFileSync(new URL(file, folder), 'utf8').matchAll(/^"([A-Za-z]+)","class"/gm)
    const terms = [...rows].map(([, name]) => `${vocabulary}:${name}`).filter((term) => term !== 'dpv:Sector')
    const ours = purposeTree()
      .all()
      .map(({ term }) => term)
    expect(ours.filter((term) => term.startsWith(`${vocabulary}:`)).sort()).toEqual(terms.sort())
  })
})
