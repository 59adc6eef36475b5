/**
 * A top-level JSON array read as a stream of its elements: only brackets and quotes are looked at until an element is whole,
 * then it alone goes to JSON.parse. An element that is no record costs that element only.
 */
import { parseJsonRecord, type RecordRow, recordLengthMax } from './json-record.ts'
import type { Chunk, Fault, FaultName, PushParser } from './push-parser.ts'
import { chunkDecoder, isDamaged } from './utf8.ts'

export interface JsonOptions {
  /** In UTF-16 units. */
  readonly maxRecordLength?: number
}

export function jsonArrayParser(options: JsonOptions = {}): PushParser<RecordRow> {
  return new JsonArrayParser(options.maxRecordLength ?? recordLengthMax)
}

type Place = 'before' | 'elements' | 'after' | 'refused'

class JsonArrayParser implements PushParser<RecordRow> {
  readonly #decoder = chunkDecoder()
  readonly #maxRecordLength: number
  #out: (RecordRow | Fault)[] = []
  #place: Place = 'before'
  #line = 1
  #row = 1
  #depth = 0
  #inString = false
  #escaped = false
  #carried = ''
  #length = 0
  /** The line of the first character of the element; 0 while there is only space. */
  #elementLine = 0
  #afterComma = false

  constructor(maxRecordLength: number) {
    this.#maxRecordLength = maxRecordLength
  }

  push(chunk: Chunk): (RecordRow | Fault)[] {
    this.#read(this.#decoder.text(chunk))
    return this.#take()
  }

  end(): (RecordRow | Fault)[] {
    this.#read(this.#decoder.end())
    if (this.#place === 'before') this.#refuse('not_an_array', 'the file holds no JSON array')
    if (this.#place === 'elements') this.#refuse('unclosed_array', 'the file ends before its array is closed by "]"; it may have been cut off')
    return this.#take()
  }

  #take(): (RecordRow | Fault)[] {
    const out = this.#out
    this.#out = []
    return out
  }

  #read(text: string): void {
    let elementAt = 0
    for (let i = 0; i < text.length; i++) {
      const character = text.charAt(i)
      if (character === '\n') this.#line++
      if (this.#place !== 'elements') {
        this.#outside(character)
        elementAt = i + 1
      } else if (this.#endsElement(character)) {
        this.#finishElement(text.slice(elementAt, i), character)
        elementAt = i + 1
      }
    }
    if (this.#place === 'elements') this.#carry(text.slice(elementAt))
  }

  #outside(character: string): void {
    if (isSpace(character) || this.#place === 'refused') return
    if (this.#place === 'after') this.#refuse('trailing_text', 'text follows the closing "]" of the array; it is not read')
    else if (character === '[') this.#place = 'elements'
    else this.#refuse('not_an_array', 'the file is to hold one JSON array of objects, [{…}, {…}]')
  }

  /** Follows strings and brackets; true at the comma or bracket that ends an element of the outer array. */
  #endsElement(character: string): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false
      else if (character === '\\') this.#escaped = true
      else if (character === '"') this.#inString = false
      return false
    }
    if (this.#depth === 0 && (character === ',' || character === ']')) return true
    if (this.#elementLine === 0 && !isSpace(character)) this.#elementLine = this.#line
    if (character === '"') this.#inString = true
    else if (character === '{' || character === '[') this.#depth++
    else if ((character === '}' || character === ']') && this.#depth > 0) this.#depth--
    return false
  }

  #carry(added: string): void {
    this.#length += added.length
    this.#carried = this.#length > this.#maxRecordLength ? '' : this.#carried + added
  }

  #finishElement(added: string, closer: string): void {
    this.#carry(added)
    const line = this.#elementLine === 0 ? this.#line : this.#elementLine
    const emptyArray = closer === ']' && !this.#afterComma && this.#elementLine === 0
    if (!emptyArray) this.#out.push(this.#element(line))
    this.#carried = ''
    this.#length = 0
    this.#elementLine = 0
    this.#afterComma = closer === ','
    if (closer === ']') this.#place = 'after'
  }

  #element(line: number): RecordRow | Fault {
    const row = this.#row++
    if (this.#length > this.#maxRecordLength) {
      return { fault: 'record_too_large', row, line, message: `a record holds at most ${this.#maxRecordLength} characters` }
    }
    if (this.#decoder.damaged && isDamaged(this.#carried)) {
      return { fault: 'not_utf8', row, line, message: 'this record holds bytes that are not UTF-8; save the file as UTF-8' }
    }
    return parseJsonRecord(this.#carried, line, row)
  }

  #refuse(fault: FaultName, message: string): void {
    this.#out.push({ fault, line: this.#line, message })
    this.#place = 'refused'
  }
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\r' || character === '\t' || character === '\uFEFF'
}
