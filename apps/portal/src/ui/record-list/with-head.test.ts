import { describe, expect, it } from 'vitest'
import { withHead } from './with-head.ts'

const row = (id: string, state = 'old') => ({ id, state })
const idOf = ({ id }: { readonly id: string }) => id

describe('the head of a list', () => {
  it('leaves the very rows where nothing came', () => {
    const read = [row('a')]
    expect(withHead([], read, idOf)).toBe(read)
  })

  it('stands before what was read, in its own order', () => {
    expect(withHead([row('d'), row('c')], [row('b'), row('a')], idOf).map(idOf)).toEqual(['d', 'c', 'b', 'a'])
  })

  it('takes the place of what was read before, and never shows a row twice', () => {
    expect(withHead([row('c', 'new'), row('b', 'new')], [row('b'), row('a')], idOf)).toEqual([row('c', 'new'), row('b', 'new'), row('a')])
  })
})
