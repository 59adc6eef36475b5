import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonArrayParser } from './json.ts'
import { ndjsonParser } from './ndjson.ts'
import { type Chunk, isFault, parseAll } from './push-parser.ts'
import { type ReaderOptions, recordReader } from './reader.ts'

const read = (text: Chunk, options?: ReaderOptions) =>
  parseAll(recordReader(options), [text]).map((item) => (isFault(item) ? `${item.fault} ${item.line}` : [item.line, item.record]))

describe('a file of records that is not right', () => {
  it('without a readable header gives one fault and no record', () => {
    expect(read('a,b"c\n1,2\n3,4\n')).toEqual(['bad_header 1'])
    expect(read('a,,c\n1,2,3\n')).toEqual(['bad_header 1'])
    expect(read('a, a\n1,2\n')).toEqual(['bad_header 1'])
    expect(read('__proto__,a\n1,2\n')).toEqual(['bad_header 1'])
  })

  it('as NDJSON loses the bad lines only', () => {
    const lines = ['{"a":1}', 'Secret', '[1]', '{"a":{"b":1}}', '{"a":9007199254740993}', '{"__proto__":1}', '', '{"a":null}']
    const items = parseAll(ndjsonParser(), [lines.join('\r\n')])
    expect(items.map((item) => (isFault(item) ? item.fault : item.record.a))).toEqual([
      1,
      'not_json',
      'not_an_object',
      'nested_value',
      'unsafe_number',
      'bad_header',
      null,
    ])
    expect(items.at(-1)).toMatchObject({ line: 8 })
    expect(JSON.stringify(items)).not.toContain('Secret')
    expect(parseAll(ndjsonParser({ maxRecordLength: 9 }), ['{"a":1}\n{"a":', '12345', '678}\n{"a":2}']).map((item) => isFault(item))).toEqual([
      false,
      true,
      false,
    ])
    expect(parseAll(ndjsonParser(), [Uint8Array.of(0x7b, 0xff, 0x7d)])).toMatchObject([{ fault: 'not_utf8', line: 1 }])
  })

  it('as JSON loses the bad elements only and tells what is missing', () => {
    expect(read('[{"a":1},\n2,,\n{"a":}, {"a":"],[{\\"" },]', { format: 'json' })).toEqual([
      [1, { a: 1 }],
      'not_an_object 2',
      'not_json 2',
      'not_json 3',
      [3, { a: '],[{"' }],
      'not_json 3',
    ])
    expect(read('[{"a":1}', { format: 'json' })).toEqual(['unclosed_array 1'])
    expect(read('[]\n[]', { format: 'json' })).toEqual(['trailing_text 2'])
    expect(read('{"a":1}', { format: 'json' })).toEqual(['not_an_array 1'])
    expect(read(' ', { format: 'json' })).toEqual(['not_an_array 1'])
    expect(parseAll(jsonArrayParser({ maxRecordLength: 9 }), ['[{"a":"1234', '56789"},{"a":2}]'])).toMatchObject([{ fault: 'record_too_large' }, { line: 1 }])
  })
})

describe('a file of records', () => {
  it('is told by its name or by how it begins', () => {
    expect(read('\uFEFF \n{"a":1}\n')).toEqual([[2, { a: 1 }]])
    expect(read(Buffer.from('\uFEFF[{"a":1}]'))).toEqual([[1, { a: 1 }]])
    expect(read('a,b\n1,\n')).toEqual([[2, { a: '1', b: null }]])
    expect(read('[x]\n1', { name: 'odd.CSV' })).toEqual([[2, { '[x]': '1' }]])
    const reader = recordReader({ name: 'people.jsonl.gz' })
    expect(reader.format).toBe('ndjson')
    expect(read('')).toEqual([])
  })

  it('as CSV without header is read under given names', () => {
    expect(read('1,2\n3\n', { header: ['a', 'b'] })).toEqual([[1, { a: '1', b: '2' }], 'wrong_column_count 2'])
  })

  it('tells its columns once the header is read', () => {
    const reader = recordReader()
    reader.push('a,')
    expect(reader.columns).toBeUndefined()
    reader.push('b \n1,2')
    expect(reader.columns).toEqual(['a', 'b'])
  })

  it('reads the same however it is cut', () => {
    const record = fc.dictionary(
      fc.constantFrom('a', 'b', 'é'),
      fc.oneof(fc.string({ unit: 'grapheme', maxLength: 6 }), fc.integer(), fc.boolean(), fc.constant(null)),
      {
        noNullPrototype: true,
      },
    )
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('json', 'ndjson'),
        (records, size, format) => {
          const text = format === 'json' ? JSON.stringify(records, null, 1) : records.map((item) => JSON.stringify(item)).join('\n')
          const bytes = Buffer.from(text)
          const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))
          expect(parseAll(recordReader(), chunks).map((item) => (isFault(item) ? item : item.record))).toEqual(records)
        },
      ),
      { numRuns: 300 },
    )
  })
})
