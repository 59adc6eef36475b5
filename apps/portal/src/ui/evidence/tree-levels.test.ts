import { expect, it } from 'vitest'
import { levelsOf } from './tree-levels.ts'

const told = (size: number) => levelsOf(size).map(({ level, count, full, begun, newest }) => `${level} ${count} ${full} ${begun} ${newest}`)

it('has no files for an empty log', () => {
  expect(levelsOf(0)).toEqual([])
})

it('names the newest file of each level, full or begun', () => {
  expect(told(1)).toEqual(['entries 1 0 1 tile/entries/000.p/1', '0 1 0 1 tile/0/000.p/1'])
  expect(told(256)).toEqual(['entries 256 1 0 tile/entries/000', '0 256 1 0 tile/0/000', '1 1 0 1 tile/1/000.p/1'])
  expect(told(257).slice(1)).toEqual(['0 257 1 1 tile/0/001.p/1', '1 1 0 1 tile/1/000.p/1'])
  expect(told(256 * 256 * 4 + 7)).toEqual([
    'entries 262151 1024 7 tile/entries/x001/024.p/7',
    '0 262151 1024 7 tile/0/x001/024.p/7',
    '1 1024 4 0 tile/1/003',
    '2 4 0 4 tile/2/000.p/4',
  ])
})
