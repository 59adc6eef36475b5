import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineOf, readJson } from './read-json.ts'

describe('readJson', () => {
  it.each([
    ['', 'value', 1, 1],
    ['{"a":1,}', 'key', 1, 8],
    ['{"a" 1}', 'colon', 1, 6],
    ['{\n  "a": 1\n  "b": 2\n}', 'comma', 3, 3],
    ['[1,\n 2,\n]', 'value', 3, 1],
    ['[01]', 'value', 1, 2],
    ['[1.]', 'value', 1, 2],
    ['nul', 'value', 1, 1],
    ['"open', 'text', 1, 1],
    ['"a\tb"', 'text', 1, 1],
    ['{} {}', 'end', 1, 4],
    ['{"a":1,\n"a":2}', 'twice', 2, 1],
    ["{'a':1}", 'key', 1, 2],
    ['[1', 'comma', 1, 3],
  ])('refuses %j: %s at line %d, column %d', (source, kind, line, column) => {
    expect(readJson(source)).toEqual({ ok: false, fault: { kind, line, column } })
  })

  it('reads whatever JSON.stringify writes, as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), (source) => {
        const reading = readJson(source)
        expect(reading.ok && reading.value).toEqual(JSON.parse(source))
      }),
    )
  })

  it('accepts no text that JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:1-.e0\\ua \n') }), (source) => {
        if (readJson(source).ok) expect(() => JSON.parse(source)).not.toThrow()
      }),
      { numRuns: 2_000 },
    )
  })

  it('knows the line of each value, and for what is missing the line of what it is missing in', () => {
    const reading = readJson('{\n  "rules": [\n    { "a/b": 1 },\n    {\n      "x": 2\n    }\n  ]\n}')
    if (!reading.ok) throw new Error('it is well-formed')
    expect(lineOf(reading.lines, '/rules/0/a~1b')).toBe(3)
    expect(lineOf(reading.lines, '/rules/1/x')).toBe(5)
    expect(lineOf(reading.lines, '/rules/1/missing')).toBe(4)
    expect(lineOf(reading.lines, '/nothing')).toBe(1)
    expect(lineOf(reading.lines, '')).toBe(1)
  })
})
