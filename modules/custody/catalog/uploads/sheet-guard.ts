/**
 * Looks at a spreadsheet before its reader does. The reader makes a cell of every place up to the farthest that is named, so one cell at
 * the far corner is enough to fill any memory; and what the archive says of its sizes is believed by nobody here.
 */
import { limits } from '../schema.ts'
import { FileError } from './rows.ts'
import { entriesOf, unpack } from './zip.ts'

const cellsMax = 20_000_000

const anyPlace = /<(?:[\w.-]+:)?(?:row|c)[\s/>]/g
/** As every program writes them: attributes without entities and brackets. What is written in another way could name a place unseen. */
const plainPlace = /<(?:[\w.-]+:)?(?:row|c)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<>&]*"|'[^'<>&]*'))*)\s*\/?>/g
const place = /\sr\s*=\s*["']([A-Z]{0,3})(\d{1,7})["']/
const anyR = /\sr\s*=/

/** @throws FileError */
export function guardSheet(archive: Uint8Array): void {
  const entries = entriesOf(archive)
  if (entries === undefined) throw new FileError('the file cannot be read as a spreadsheet: it is cut off or damaged')
  if (entries.reduce((sum, { unpacked }) => sum + unpacked, 0) > limits.sheetBytesMax)
    throw new FileError(`unpacked, the file has more than ${limits.sheetBytesMax} bytes; save it as CSV`)
  for (const entry of entries.filter(({ name }) => /\.(xml|rels)$/i.test(name))) {
    let bytes: Uint8Array
    try {
      bytes = unpack(archive, entry)
    } catch {
      throw new FileError('the file cannot be read as a spreadsheet: it holds something else than its directory says')
    }
    guardCells(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'))
  }
}

function guardCells(xml: string): void {
  let [rows, columns, seen] = [0, 0, 0]
  for (const [, attributes = ''] of xml.matchAll(plainPlace)) {
    seen++
    if (!anyR.test(attributes)) {
      // Without a place it is the next one.
      rows++
      continue
    }
    const [, letters, digits] = place.exec(attributes) ?? []
    if (letters === undefined) throw new FileError('the file cannot be read as a spreadsheet: a cell has no place')
    rows = Math.max(rows, Number(digits))
    columns = Math.max(
      columns,
      [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0),
    )
  }
  if (seen !== [...xml.matchAll(anyPlace)].length) throw new FileError('the file cannot be read as a spreadsheet: its cells are not written plainly')
  if (rows * Math.max(columns, 1) > cellsMax) throw new FileError(`the sheet reaches over more than ${cellsMax} cells; save it as CSV`)
}
