/** Newline-delimited JSON: one object per line. Empty lines are no records; a bad line costs that line only. */
import { parseJsonRecord, type RecordRow, recordLengthMax } from './json-record.ts'
import type { Fault, PushParser } from './push-parser.ts'
import { chunkDecoder, isDamaged } from './utf8.ts'

export interface NdjsonOptions {
  /** In UTF-16 units. */
  readonly maxRecordLength?: number
}

export function ndjsonParser(options: NdjsonOptions = {}): PushParser<RecordRow> {
  const maxRecordLength = options.maxRecordLength ?? recordLengthMax
  const decoder = chunkDecoder()
  let carried = ''
  /** The length of the current line, counted on when its text is already given up. */
  let length = 0
  let line = 1
  let row = 1

  const finishLine = (out: (RecordRow | Fault)[], added: string): void => {
    length += added.length
    const text = length > maxRecordLength ? '' : carried + added
    if (length > maxRecordLength) {
      out.push({ fault: 'record_too_large', row: row++, line, message: `a record holds at most ${maxRecordLength} characters` })
    } else if (decoder.damaged && isDamaged(text)) {
      out.push({ fault: 'not_utf8', row: row++, line, message: 'this line holds bytes that are not UTF-8; save the file as UTF-8' })
    } else if (/\S/.test(text)) {
      out.push(parseJsonRecord(line === 1 ? text.replace(/^\uFEFF/, '') : text, line, row++))
    }
    carried = ''
    length = 0
    line++
  }

  const read = (text: string): (RecordRow | Fault)[] => {
    const out: (RecordRow | Fault)[] = []
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      finishLine(out, text.slice(from, end))
      from = end + 1
    }
    const rest = text.slice(from)
    length += rest.length
    carried = length > maxRecordLength ? '' : carried + rest
    return out
  }

  return {
    push: (chunk) => read(decoder.text(chunk)),
    end() {
      const out = read(decoder.end())
      finishLine(out, '')
      return out
    },
  }
}
