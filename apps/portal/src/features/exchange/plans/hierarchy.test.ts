import { expect, it } from 'vitest'
import { exampleOf, numbersOf } from './hierarchy.ts'

it('shows what each level makes of a value', () => {
  expect(exampleOf({ kind: 'interval', widths: [5, 10, 20] })).toEqual(['37', '35–39', '30–39', '20–39', '*'])
  expect(exampleOf({ kind: 'date', spans: ['month', 'quarter', 'year', 'decade', 'century'] })).toEqual([
    '1987-05-14',
    '1987-05',
    '1987-Q2',
    '1987',
    '1980–1989',
    '1900–1999',
    '*',
  ])
  expect(exampleOf({ kind: 'table', rows: [] })).toEqual([])
  expect(exampleOf({ kind: 'interval', widths: 'many' })).toEqual(['37', '*'])
})

it('reads numbers as people write them', () => {
  expect(numbersOf('5, 10;20  x -3')).toEqual([5, 10, 20])
})
