import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CsvOptions, csvParser } from './csv.ts'
import { csvWriter } from './csv-writer.ts'
import { type Chunk, isFault, parseAll, parseStream } from './push-parser.ts'

const read = (text: Chunk, options?: CsvOptions) => parseAll(csvParser(options), [text])
const values = (text: Chunk, options?: CsvOptions) => read(text, options).map((item) => (isFault(item) ? item.fault : item.values))
const faults = (text: Chunk, options?: CsvOptions) =>
  read(text, options)
    .filter(isFault)
    .map(({ message: _, ...rest }) => rest)

/** Cuts at the given places, taken round the length, so that every cut is possible. */
function cut<T extends Chunk>(whole: T, places: number[]): T[] {
  const at = [...new Set(places.map((place) => place % (whole.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((from, i) => whole.slice(from, at[i] ?? whole.length) as T)
}

describe('a CSV row that is not right', () => {
  it('with too few or too many values is a fault, and the others are kept', () => {
    const items = read('a,b\n1\n2,3\n4,5,6\n7,8\n')
    expect(items.map((item) => (isFault(item) ? `${item.fault} ${item.line}` : item.values.join('')))).toEqual([
      'ab',
      'wrong_column_count 2',
      '23',
      'wrong_column_count 4',
      '78',
    ])
  })

  it('with a quote inside an unquoted value is named with its place', () => {
    expect(faults('a,b\n1,x"y\n2,3')).toEqual([{ fault: 'stray_quote', row: 2, line: 2, column: 4 }])
    expect(values('a,b\n1,x"y\n2,3')).toEqual([['a', 'b'], 'stray_quote', ['2', '3']])
  })

  it('with text after a closing quote is named where the value begins', () => {
    expect(faults('a,b\n1,"x"y\n2,3')).toEqual([{ fault: 'stray_quote', row: 2, line: 2, column: 3 }])
  })

  it('that never closes its quote does not swallow the rows after it', () => {
    expect(values('a,b\n1,"x\n2,y\n3,z\n')).toEqual([['a', 'b'], 'unclosed_quote', ['2', 'y'], ['3', 'z']])
    expect(values('a,b\n1,"x\n2,"y"\n3,z\n')).toEqual([['a', 'b'], 'stray_quote', ['2', 'y'], ['3', 'z']])
    expect(faults('a,b\n1,"x\n2,y')).toEqual([{ fault: 'unclosed_quote', row: 2, line: 2, column: 3 }])
  })

  it('with an oversize value costs that row only', () => {
    const text = `a,b\n1,${'x'.repeat(50)}\n2,"${'y\n'.repeat(50)}"\n3,z\n`
    const found = values(text, { maxFieldLength: 20 })
    expect(found.slice(0, 3)).toEqual([['a', 'b'], 'field_too_large', 'field_too_large'])
    expect(found.at(-1)).toEqual(['3', 'z'])
    expect(values('a,b\n', { maxColumns: 1 })).toEqual(['too_many_columns'])
  })

  it('with bytes that are not UTF-8 is a fault, whatever the chunk holds besides', () => {
    const latin1 = Uint8Array.from(Buffer.from('a,b\nJos\xe9,1\nJosé,2\n', 'latin1'))
    expect(values(latin1)).toEqual([['a', 'b'], 'not_utf8', 'not_utf8'])
    const mixed = Buffer.concat([Buffer.from('a,b\n'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from(',1\n\u{1F600}é\uFFFD,2\n'), Buffer.from([0x78, 0xc3])])
    expect(values(mixed)).toEqual([['a', 'b'], 'not_utf8', ['\u{1F600}é\uFFFD', '2'], 'not_utf8'])
  })

  it('never shows its values in the message', () => {
    for (const item of read('a,b\nSecret,x"Secret\nSecret\n"Secret"Secret,1\nSecret,"Secret').slice(1)) {
      expect(isFault(item) && !item.message.includes('Secret')).toBe(true)
    }
  })
})

describe('CSV as it is met', () => {
  it('has LF, CRLF or CR, a byte order mark, empty lines and no last newline', () => {
    for (const newline of ['\n', '\r\n', '\r']) {
      expect(values(['\uFEFFa,b', '', '1,2', '', '3,'].join(newline))).toEqual([
        ['a', 'b'],
        ['1', '2'],
        ['3', ''],
      ])
    }
  })

  it('keeps newlines, quotes and delimiters within quotes and counts the lines', () => {
    const items = read('a,b\n"x\r\ny\n""z"", ",2\n3,4')
    expect(items).toEqual([
      { number: 1, values: ['a', 'b'] },
      { number: 2, values: ['x\r\ny\n"z", ', '2'] },
      { number: 5, values: ['3', '4'] },
    ])
    expect(faults('a,b\n"x\ny",1,2"3\n')).toEqual([{ fault: 'stray_quote', row: 2, line: 3, column: 7 }])
  })

  it('is separated by comma, semicolon, tab or pipe', () => {
    expect(values('a;b\n1,5;2,7\n')).toEqual([
      ['a', 'b'],
      ['1,5', '2,7'],
    ])
    expect(values('\n\na\tb\n1\t2')[1]).toEqual(['1', '2'])
    expect(values('"x,y,z"|b\n1|2')[1]).toEqual(['1', '2'])
    expect(values('one\ntwo')).toEqual([['one'], ['two']])
  })

  it('takes space away only when told', () => {
    expect(values('a, b\n1, " 2"', {})).toEqual([['a', ' b'], 'stray_quote'])
    expect(values('a, b \n1,  2', { trim: true })).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ])
  })

  it('tells an empty line from an empty quoted value', () => {
    expect(values('a\n\n""\nb')).toEqual([['a'], [''], ['b']])
  })

  it('holds nothing in an empty file', () => {
    expect(values('')).toEqual([])
    expect(values('\uFEFF')).toEqual([])
  })

  it('can be read from an async stream', async () => {
    async function* chunks() {
      yield 'a,b\n1'
      yield Buffer.from(',2\n')
    }
    const items = []
    for await (const item of parseStream(csvParser(), chunks())) items.push(item)
    expect(items).toHaveLength(2)
  })
})

describe('CSV, whatever comes', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', '\r', '=', ' ', 'é', '😀', '\uFEFF'), maxLength: 6 }),
  )

  it('reads back what was written, over any chunk borders, as text and as bytes', () => {
    const tables = fc
      .integer({ min: 1, max: 4 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }))
    fc.assert(
      fc.property(
        tables,
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat(300), { maxLength: 8 }),
        (table, delimiter, newline, places) => {
          const writer = csvWriter({ delimiter, newline, formulaGuard: false })
          const text = table.map((row) => writer.row(row)).join('')
          for (const chunks of [cut(text, places), cut(Buffer.from(text), places)]) {
            expect(parseAll(csvParser({ delimiter }), chunks as Chunk[]).map((item) => (isFault(item) ? item : item.values))).toEqual(table)
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it('gives the same rows and faults for broken text however it is cut', () => {
    const broken = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', 'b', '\uFEFF', ';'), maxLength: 60 })
    fc.assert(
      fc.property(broken, fc.array(fc.nat(60), { maxLength: 20 }), fc.constantFrom(undefined, 4, 9), (text, places, limit) => {
        const options = limit === undefined ? {} : { maxFieldLength: limit, maxColumns: 5 }
        expect(parseAll(csvParser(options), cut(text, places))).toEqual(parseAll(csvParser(options), [text]))
      }),
      { numRuns: 2000 },
    )
  })

  it('takes time in proportion to the size, in one chunk or many, with a quoted value over all of them', () => {
    const timeOf = (chunks: string[]) => {
      const start = performance.now()
      parseAll(csvParser({ maxFieldLength: 50_000_000 }), chunks)
      return performance.now() - start
    }
    const row = 'R000000,gp,9583562947,Mike,Carson,2005-07-17,YO22 9AJ,M,7201\n'
    const lines = (count: number) => row.repeat(count)
    timeOf([lines(20_000)])
    const small = timeOf([lines(16_000)])
    expect(timeOf([lines(80_000)])).toBeLessThan(Math.max(small, 5) * 25)
    const quoted = (count: number) => ['"', ...Array<string>(count).fill('some text\n'), '"\n']
    const few = timeOf(quoted(50_000))
    expect(timeOf(quoted(250_000))).toBeLessThan(Math.max(few, 10) * 25)
    const broken = timeOf([`a,"b\n`.repeat(20_000)])
    expect(timeOf([`a,"b\n`.repeat(100_000)])).toBeLessThan(Math.max(broken, 10) * 25)
  })
})

describe('a CSV writer', () => {
  it('disarms cells a spreadsheet would run, and leaves plain numbers alone', () => {
    const { row } = csvWriter()
    expect(row(['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\tx', '\rx', '＝1'])).toBe(`'=1+1,'+cmd,'-2+3,'@SUM(A1),'\tx,"'\rx",'＝1\r\n`)
    expect(row(['-12.50', '+3', '-1e5', -7, 0.5, null, true])).toBe('-12.50,+3,-1e5,-7,0.5,,true\r\n')
    expect(csvWriter({ formulaGuard: false }).row(['=1'])).toBe('=1\r\n')
  })

  it('quotes what would not come back otherwise', () => {
    expect(csvWriter().row(['a,b', 'say "x"', ' y', 'two\nlines'])).toBe('"a,b","say ""x"""," y","two\nlines"\r\n')
    expect(csvWriter({ delimiter: '|' }).row(['a,b', 'a|b'])).toBe('a,b|"a|b"\r\n')
    expect(csvWriter().row([''])).toBe('""\r\n')
  })
})
