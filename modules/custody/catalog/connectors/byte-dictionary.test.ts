import { packedColumn } from '@gatehouse/tabular/packed-texts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteDictionary, type Cells } from './byte-dictionary.ts'

function cellsOf(texts: readonly (string | null)[]): Cells {
  const parts = texts.map((text) => Buffer.from(text ?? ''))
  let at = 0
  const starts = Int32Array.from(parts, (part) => {
    const start = at
    at += part.length
    return start
  })
  const lengths = Int32Array.from(texts, (text, index) => (text === null ? -1 : (parts[index] as Buffer).length))
  const bytes = Buffer.concat(parts)
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), starts, lengths, count: texts.length }
}

/** One chunk after the other through the same dictionary, as strings again. */
function through(dictionary: ByteDictionary, chunks: readonly (readonly (string | null)[])[]): (string | null)[][] {
  return chunks.map((texts) => {
    const codes = new Int32Array(texts.length)
    dictionary.codesOf(cellsOf(texts), 0, codes, 0)
    const column = packedColumn({ name: 'text', type: 'string', sensitivity: 'plain', nullable: true }, codes, dictionary.take())
    expect(new Set(column.dictionary).size).toBe(column.dictionary.length)
    return Array.from(codes, (code) => (code < 0 ? null : (column.dictionary[code] as string)))
  })
}

describe('text as codes', () => {
  const text = fc.option(fc.oneof(fc.constantFrom('', 'a', 'ab', 'abc', 'abcd', 'abcde'), fc.string({ unit: 'grapheme', maxLength: 12 })))

  it('gives each text back, each different one once in a chunk, whatever came in chunks before', () => {
    fc.assert(
      fc.property(fc.array(fc.array(text, { maxLength: 60 }), { maxLength: 5 }), fc.integer(), (chunks, seed) => {
        expect(through(new ByteDictionary(undefined, seed), chunks)).toEqual(chunks)
      }),
    )
  })

  it('takes more different values than it remembers, some short and some beyond ASCII', () => {
    const chunk = (from: number) => Array.from({ length: 65_536 }, (_, row) => (row % 7 === 0 ? `Ärztin ${from + row} 👩‍⚕️` : String(from + row)))
    const chunks = [chunk(0), chunk(40_000), ['1', '7', 'Ärztin 0 👩‍⚕️'], chunk(40_000)]
    expect(through(new ByteDictionary(undefined, 5), chunks)).toEqual(chunks)
  })

  it('has a writer say which bytes are no value', () => {
    const dictionary = new ByteDictionary(
      {
        lengthMax: 2,
        write(into, at, view, start) {
          const value = view.getUint8(start)
          if (value === 0x78) return undefined
          into.set([value, value], at)
          return at + 2
        },
      },
      1,
    )
    expect(through(dictionary, [['a', 'x', 'b', null, 'a'], ['x'], ['b']])).toEqual([['aa', null, 'bb', null, 'aa'], [null], ['bb']])
  })
})
