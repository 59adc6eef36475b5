import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparable, type DiffLine, diffLines } from './diff-lines.ts'

const side = (lines: readonly DiffLine[], without: 'added' | 'removed') =>
  lines
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join('\n')
const marks = (before: string, after: string) => diffLines(before, after).map(({ kind, text }) => `${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`)

describe('diffLines', () => {
  it('finds the lines that differ and no others', () => {
    expect(marks('a\nb\nc', 'a\nx\nc')).toEqual([' a', '-b', '+x', ' c'])
    expect(marks('a\nb\nc\nd', 'b\nd\ne')).toEqual(['-a', ' b', '-c', ' d', '+e'])
    expect(marks('a', 'a')).toEqual([' a'])
  })

  it('numbers the lines of both sides', () => {
    expect(diffLines('a\nb\nc', 'a\nc')).toEqual([
      { kind: 'same', text: 'a', before: 1, after: 1 },
      { kind: 'removed', text: 'b', before: 2 },
      { kind: 'same', text: 'c', before: 3, after: 2 },
    ])
  })

  it('always lets both texts be told from it', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'))
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after)
        expect(side(lines, 'added')).toBe(before)
        expect(side(lines, 'removed')).toBe(after)
      }),
    )
  })

  it('gives up telling lines apart where there are too many, and still tells both texts', () => {
    const before = Array.from({ length: 3_000 }, (_, at) => `a${at}`).join('\n')
    const after = Array.from({ length: 3_000 }, (_, at) => `b${at}`).join('\n')
    const lines = diffLines(before, after)
    expect(side(lines, 'added')).toBe(before)
    expect(side(lines, 'removed')).toBe(after)
  })
})

describe('comparable', () => {
  it('does not mind the order of names, and minds the order of lists', () => {
    expect(comparable({ b: 1, a: { d: 1, c: 2 } })).toBe(comparable({ a: { c: 2, d: 1 }, b: 1 }))
    expect(comparable([1, 2])).not.toBe(comparable([2, 1]))
    expect(comparable('plain\ntext')).toBe('plain\ntext')
  })
})
