import { describe, expect, it } from 'vitest'
import { layOut } from './layout.ts'

const nodes = (...ids: string[]) => ids.map((id) => ({ id, label: id }))
const edges = (...pairs: string[]) => pairs.map((pair) => ({ from: pair.charAt(0), to: pair.charAt(1) }))
const at = (...args: Parameters<typeof layOut>) => Object.fromEntries(layOut(...args).placed.map(({ id, row, column }) => [id, [row, column]]))

describe('a flow', () => {
  it('has nothing where there is nothing', () => {
    expect(layOut([], [])).toEqual({ placed: [], rows: 0, width: 0 })
  })

  it('does not turn in a circle, nor follow an edge to a box that is not there', () => {
    expect(at(nodes('a', 'b'), edges('ab', 'ba', 'ax', 'aa'))).toEqual({ a: [1, 0], b: [0, 0] })
  })

  it('puts each box below all that it comes from, and centres the rows', () => {
    expect(at(nodes('a', 'b', 'c', 'd'), edges('ac', 'bc', 'cd'))).toEqual({ a: [0, 0], b: [0, 1], c: [1, 0.5], d: [2, 0.5] })
  })

  it('brings a late beginning down to where it is needed', () => {
    expect(at(nodes('a', 'b', 'c', 'd'), edges('ab', 'bc', 'dc'))).toEqual({ a: [0, 0.5], b: [1, 0], d: [1, 1], c: [2, 0.5] })
  })

  it('orders boxes as what they come from stands', () => {
    expect(at(nodes('a', 'b', 'c', 'd'), edges('ad', 'bc'))).toEqual({ a: [0, 0], b: [0, 1], d: [1, 0], c: [1, 1] })
  })
})
