import { describe, expect, it } from 'vitest'
import type { Purpose } from './queries.ts'
import { branches, slugOf } from './tree.ts'

const purpose = (term: string, ...parents: string[]): Purpose => ({ term, label: term.toUpperCase(), parents, own: false })
const purposes = [purpose('root'), purpose('loans', 'root'), purpose('ads', 'root'), purpose('mortgage', 'loans', 'ads'), purpose('alone')]
const names = (of: ReturnType<typeof branches>): unknown =>
  of.map(({ purpose: { term }, narrower }) => (narrower.length === 0 ? term : [term, names(narrower)]))

describe('the tree of purposes', () => {
  it('ends where purposes stand in a circle', () => {
    expect(names(branches([purpose('root'), purpose('a', 'root', 'b'), purpose('b', 'a')], ''))).toEqual([['root', [['a', ['b']]]]])
  })

  it('shows nothing where nothing is found', () => {
    expect(branches(purposes, 'research')).toEqual([])
  })

  it('shows a purpose under each of its broader ones, and those that stand alone', () => {
    expect(names(branches(purposes, ''))).toEqual([
      'alone',
      [
        'root',
        [
          ['ads', ['mortgage']],
          ['loans', ['mortgage']],
        ],
      ],
    ])
  })

  it('keeps the way to what is found, and marks only that', () => {
    const [root] = branches(purposes, ' Loans ')
    expect(root?.found).toBe(false)
    expect(root?.narrower.map(({ purpose: { term }, found }) => [term, found])).toEqual([['loans', true]])
  })
})

it('makes a name for programs of a label', () => {
  expect(slugOf('Application for a loan')).toBe('application_for_a_loan')
  expect(slugOf('  1st Préstamo! ')).toBe('st_prestamo')
  expect(slugOf('…')).toBe('')
})
