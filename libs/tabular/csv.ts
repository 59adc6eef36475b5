/**
 * CSV as RFC 4180 has it and as files are: byte order mark, LF, CRLF or CR, no last newline, empty lines, four delimiters.
 * One pass; text is cut out of the chunk, never put together character by character. After a fault reading goes on with the
 * next line, so one bad row costs one row.
 */
import { type Delimiter, sniffDelimiter } from './csv-delimiter.ts'
import type { Chunk, Fault, FaultName, PushParser } from './push-parser.ts'
import { chunkDecoder, isDamaged } from './utf8.ts'

export interface CsvRow {
  /** 1-based line of the file on which the row begins. */
  readonly number: number
  readonly values: string[]
}

export interface CsvOptions {
  /** Without it the first line that is not empty decides. */
  readonly delimiter?: Delimiter
  /** How many values a row has; without it the first good row decides. */
  readonly columns?: number
  /** Takes the space around unquoted values away. */
  readonly trim?: boolean
  /** In UTF-16 units. */
  readonly maxFieldLength?: number
  readonly maxColumns?: number
}

export const maxFieldLengthDefault = 1_048_576
export const maxColumnsDefault = 4_096

const LF = 10
const CR = 13
const QUOTE = 34

/** Within an unquoted value or before one; within quotes; after a quote that may end the value; in a line that is given up. */
type State = 'plain' | 'quoted' | 'quote' | 'skip'

/** A parser for one file. Empty lines are no rows. */
export function csvParser(options: CsvOptions = {}): PushParser<CsvRow> {
  return new CsvParser(options)
}

/**
 * Positions are indexes into the current text; what began in an earlier chunk has a negative one. `carried` is the part of the
 * current value that came with earlier chunks, raw, as it stands in the file.
 */
class CsvParser implements PushParser<CsvRow> {
  readonly #decoder = chunkDecoder()
  readonly #maxFieldLength: number
  readonly #maxColumns: number
  readonly #trim: boolean
  readonly #delimiterGiven: Delimiter | undefined
  #columns: number | undefined
  #delimiter: number | undefined
  /** The first text, held until the delimiter is known. */
  #head = ''
  #begun = false
  #out: (CsvRow | Fault)[] = []

  #state: State = 'plain'
  #text = ''
  #at = 0
  #fieldAt = 0
  #carried = ''
  #escapes = false
  #lineAt = 0
  #line = 1
  #afterCr = false
  #values: string[] = []
  #row = 1
  #rowLine = 1
  #rowQuoted = false
  #openAt = 0
  #openLine = 1
  #openColumn = 1

  constructor(options: CsvOptions) {
    this.#delimiterGiven = options.delimiter
    this.#columns = options.columns
    this.#trim = options.trim ?? false
    this.#maxFieldLength = options.maxFieldLength ?? maxFieldLengthDefault
    this.#maxColumns = options.maxColumns ?? maxColumnsDefault
  }

  push(chunk: Chunk): (CsvRow | Fault)[] {
    this.#begin(this.#decoder.text(chunk), false)
    return this.#take()
  }

  end(): (CsvRow | Fault)[] {
    this.#begin(this.#decoder.end(), true)
    while (this.#state === 'quoted') {
      this.#giveUpQuoted('unclosed_quote', 'the quote opened here is never closed; close it, or double a quote that belongs to the value')
      this.#scan()
    }
    if (this.#state === 'quote') this.#finishQuoted(this.#text.length)
    else if (this.#state === 'plain') this.#addValue(this.#carried)
    if (this.#state !== 'skip') this.#finishRow()
    return this.#take()
  }

  #take(): (CsvRow | Fault)[] {
    const out = this.#out
    this.#out = []
    return out
  }

  #begin(text: string, last: boolean): void {
    if (this.#delimiter !== undefined) {
      this.#read(text)
      return
    }
    this.#head += text
    const delimiter = this.#delimiterGiven ?? sniffDelimiter(this.#head, text, last)
    if (delimiter === undefined) return
    this.#delimiter = delimiter.charCodeAt(0)
    const head = this.#head
    this.#head = ''
    this.#read(head)
  }

  #read(text: string): void {
    if (text === '') return
    this.#text = text
    this.#at = 0
    this.#fieldAt = 0
    if (!this.#begun) {
      this.#begun = true
      if (text.charCodeAt(0) === 0xfeff) this.#skipFirst()
    }
    if (this.#afterCr && text.charCodeAt(0) === LF) this.#skipFirst()
    this.#afterCr = false
    this.#scan()
  }

  /** Passes over a byte order mark, or the LF of a CRLF that was cut in two. */
  #skipFirst(): void {
    this.#at = 1
    this.#fieldAt = 1
    this.#lineAt = 1
  }

  #scan(): void {
    do {
      while (this.#at < this.#text.length) {
        if (this.#state === 'plain') this.#scanPlain()
        else if (this.#state === 'quoted') this.#scanQuoted()
        else if (this.#state === 'quote') this.#scanQuote()
        else this.#scanSkipped()
      }
      this.#carry()
      // A value that has become too large may send the reader back to the line on which it began.
    } while (this.#at < this.#text.length)
    const length = this.#text.length
    this.#lineAt -= length
    this.#openAt -= length
    this.#text = ''
    this.#at = 0
    this.#fieldAt = 0
  }

  /** Keeps what the end of the chunk cut off. Joining holds on to both parts and copies nothing until the value is done. */
  #carry(): void {
    if (this.#state !== 'plain' && this.#state !== 'quoted') return
    this.#carried += this.#text.slice(this.#fieldAt)
    this.#fieldAt = this.#text.length
    if (this.#carried.length > this.#maxFieldLength) this.#tooLarge()
  }

  #scanPlain(): void {
    const text = this.#text
    const delimiter = this.#delimiter
    for (let i = this.#at; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit !== delimiter && unit !== LF && unit !== CR && unit !== QUOTE) continue
      this.#at = i
      if (unit === QUOTE) {
        this.#quoteInPlain()
        return
      }
      this.#addValue(this.#carried === '' ? text.slice(this.#fieldAt, i) : this.#carried + text.slice(this.#fieldAt, i))
      if (this.#skipping()) return
      if (unit !== delimiter) {
        this.#finishRow()
        this.#finishLine(unit)
        i = this.#at - 1
      } else {
        this.#fieldAt = i + 1
      }
    }
    this.#at = text.length
  }

  #quoteInPlain(): void {
    if (this.#carried === '' && this.#fieldAt === this.#at) {
      this.#state = 'quoted'
      this.#rowQuoted = true
      this.#openAt = this.#at
      this.#openLine = this.#line
      this.#openColumn = this.#at - this.#lineAt + 1
      this.#at++
      this.#fieldAt = this.#at
    } else if (this.#carried.length + this.#at - this.#fieldAt > this.#maxFieldLength) {
      this.#tooLarge()
    } else {
      this.#giveUpLine('stray_quote', this.#at, 'a quote stands within an unquoted value; put the whole value in quotes and double each quote in it')
    }
  }

  #scanQuoted(): void {
    const quote = this.#text.indexOf('"', this.#at)
    this.#at = quote < 0 ? this.#text.length : quote
    if (this.#carried.length + this.#at - this.#fieldAt > this.#maxFieldLength) {
      this.#tooLarge()
      return
    }
    if (quote < 0) return
    this.#carried += this.#text.slice(this.#fieldAt, quote)
    this.#state = 'quote'
    this.#at = quote + 1
  }

  #scanQuote(): void {
    const unit = this.#text.charCodeAt(this.#at)
    if (unit === QUOTE) {
      this.#carried += '""'
      this.#escapes = true
      this.#state = 'quoted'
      this.#at++
      this.#fieldAt = this.#at
    } else if (unit === this.#delimiter || unit === LF || unit === CR) {
      this.#finishQuoted(this.#at - 1)
      if (this.#skipping()) return
      if (unit === this.#delimiter) {
        this.#at++
        this.#fieldAt = this.#at
      } else {
        this.#finishRow()
        this.#finishLine(unit)
      }
    } else {
      this.#giveUpQuoted('stray_quote', 'the quoted value that begins here is followed by more text; double each quote that belongs to the value')
    }
  }

  #scanSkipped(): void {
    for (; this.#at < this.#text.length; this.#at++) {
      const unit = this.#text.charCodeAt(this.#at)
      if (unit !== LF && unit !== CR) continue
      this.#state = 'plain'
      this.#startRow()
      this.#finishLine(unit)
      return
    }
  }

  /** Read through a method, because the compiler takes the state for unchanged by the calls between. */
  #skipping(): boolean {
    return this.#state === 'skip'
  }

  #addValue(value: string): void {
    if (value.length > this.#maxFieldLength) this.#tooLarge()
    else this.#append(this.#trim ? value.trim() : value)
  }

  #append(value: string): void {
    if (this.#values.length >= this.#maxColumns) {
      this.#giveUpLine('too_many_columns', this.#at, `a row holds at most ${this.#maxColumns} values; is this the right delimiter?`)
      return
    }
    this.#values.push(value)
    this.#carried = ''
  }

  /** `end` is the index of the closing quote. Lines within the value are counted now, once, and not while it is read. */
  #finishQuoted(end: number): void {
    const raw = this.#carried
    let last = -1
    for (let i = 0; i < raw.length; i++) {
      const unit = raw.charCodeAt(i)
      if (unit !== LF && (unit !== CR || raw.charCodeAt(i + 1) === LF)) continue
      this.#line++
      last = i
    }
    if (last >= 0) this.#lineAt = end - (raw.length - last - 1)
    this.#state = 'plain'
    this.#append(this.#escapes ? raw.replaceAll('""', '"') : raw)
    this.#escapes = false
  }

  #finishRow(): void {
    const values = this.#values
    if (values.length === 1 && values[0] === '' && !this.#rowQuoted) {
      this.#startRow()
      return
    }
    const damaged = this.#decoder.damaged ? values.findIndex(isDamaged) : -1
    if (damaged >= 0) {
      this.#fault('not_utf8', this.#rowLine, 1, `value ${damaged + 1} of this row holds bytes that are not UTF-8; save the file as UTF-8`)
    } else if (this.#columns !== undefined && values.length !== this.#columns) {
      this.#fault('wrong_column_count', this.#rowLine, 1, `this row has ${values.length} values where ${this.#columns} are expected`)
    } else {
      this.#columns = values.length
      this.#out.push({ number: this.#rowLine, values })
      this.#row++
    }
    this.#startRow()
  }

  #startRow(): void {
    this.#values = []
    this.#carried = ''
    this.#escapes = false
    this.#rowQuoted = false
  }

  #finishLine(unit: number): void {
    this.#at++
    if (unit === CR) {
      if (this.#at === this.#text.length) this.#afterCr = true
      else if (this.#text.charCodeAt(this.#at) === LF) this.#at++
    }
    this.#line++
    this.#rowLine = this.#line
    this.#lineAt = this.#at
    this.#fieldAt = this.#at
  }

  #tooLarge(): void {
    const limit = `a value holds at most ${this.#maxFieldLength} characters`
    if (this.#state === 'quoted') this.#giveUpQuoted('field_too_large', `${limit}; is the closing quote of the one that begins here missing?`)
    else this.#giveUpLine('field_too_large', this.#fieldAt - this.#carried.length, limit)
  }

  #giveUpLine(fault: FaultName, at: number, message: string): void {
    this.#fault(fault, this.#line, at - this.#lineAt + 1, message)
    this.#state = 'skip'
    this.#carried = ''
  }

  /**
   * Goes back to the line of the opening quote and reads on after it: a quote that was never closed has swallowed good rows.
   * Text is put together only when the quote was opened in an earlier chunk.
   */
  #giveUpQuoted(fault: FaultName, message: string): void {
    this.#fault(fault, this.#openLine, this.#openColumn, message)
    if (this.#openAt >= 0) {
      this.#at = this.#openAt + 1
    } else {
      this.#text = this.#state === 'quote' ? `${this.#carried}"${this.#text.slice(this.#at)}` : this.#carried + this.#text.slice(this.#fieldAt)
      this.#at = 0
      this.#lineAt = -this.#openColumn
    }
    this.#state = 'skip'
    this.#carried = ''
  }

  #fault(fault: FaultName, line: number, column: number, message: string): void {
    this.#out.push({ fault, row: this.#row++, line, column, message })
  }
}
