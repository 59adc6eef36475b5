import { expect, it } from 'vitest'
import { foundBefore, grown, moved, toggled, withoutKey } from './passes.ts'

const passes = [['nhs'], ['family', 'born']]

it('move within the list and never out of it', () => {
  expect(moved(passes, 1, 0)).toEqual([['family', 'born'], ['nhs']])
  expect([moved(passes, 0, -1), moved(passes, 1, 2), moved(passes, 5, 0)]).toEqual([passes, passes, passes])
})

it('stay in their place when their last key is taken out, for another may be meant', () => {
  expect(toggled(passes, 0, 'nhs')).toEqual([[], ['family', 'born']])
  expect(toggled(passes, 1, 'nhs')).toEqual([['nhs'], ['family', 'born', 'nhs']])
})

it('begin on the keys that no pass looks at, and without one where there are none', () => {
  expect(grown(passes, ['nhs', 'family', 'born', 'postcode']).at(-1)).toEqual(['postcode'])
  expect(grown(passes, ['nhs', 'family', 'born']).at(-1)).toEqual([])
})

it('find nobody behind a pass that asks for less; the same keys twice are a fault that the node tells', () => {
  expect(foundBefore([['born'], ['nhs'], ['born', 'nhs']], 2)).toBe(0)
  expect(foundBefore([['born', 'nhs'], ['born']], 1)).toBeUndefined()
  expect(foundBefore([['born'], ['born']], 1)).toBeUndefined()
  expect(foundBefore([[], ['born']], 1)).toBeUndefined()
})

it('lose a key that is defined no more, and with it the passes that had no other', () => {
  expect(withoutKey([['nhs'], ['nhs', 'born'], []], 'nhs')).toEqual([['born'], []])
  expect(withoutKey([['nhs']], 'nhs')).toEqual([[]])
})
