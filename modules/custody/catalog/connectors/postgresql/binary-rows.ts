/**
 * The messages of COPY … (FORMAT binary) as columns, without a value, an object or a string for each cell. Rows are cut into cells first;
 * then the cells of one column are read one after the other, since what a column needs to be read stays in the processor's cache that
 * way. Format: PostgreSQL's documentation of COPY, "Binary Format".
 */
import type { Dataset } from '@gatehouse/tabular/dataset'
import { ConnectorError, rowsPerChunk } from '../connector.ts'
import { say } from '../words.ts'
import { type BinaryColumn, type ColumnReader, columnReader } from './column-reader.ts'
import { dataMark, lengthMin, messageHead } from './copy-out.ts'

const signature = [0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0x00]
const headerLength = signature.length + 8
/** Rows that are cut before their columns are read: their bytes are in the cache still. */
const rowsPerBatch = 512

// A class, for its methods are the same functions in each reading, and stay compiled.
export class BinaryRows {
  readonly #readers: readonly ColumnReader[]
  /** Where the cells of a batch lie: of each column one batch behind the other. */
  readonly #starts: Int32Array
  readonly #lengths: Int32Array
  readonly #full: Dataset[] = []
  #begun = false
  /** Rows of the chunk that are read, and those behind them that are cut. */
  #read = 0
  #cut = 0

  /** @param seed random, see ByteDictionary */
  constructor(columns: readonly BinaryColumn[], seed: number) {
    this.#readers = columns.map((column) => columnReader(column, seed))
    this.#starts = new Int32Array(columns.length * rowsPerBatch)
    this.#lengths = new Int32Array(columns.length * rowsPerBatch)
  }

  /**
   * Reads whole messages, each CopyData of whole rows, as every server sends them. The bytes are done with when it returns.
   * @throws ConnectorError
   */
  push(bytes: Buffer): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const size = bytes.length
    for (let at = 0; at < size; ) {
      const length = view.getInt32(at + 1)
      if (length < lengthMin || length >= size - at) throw malformed()
      const next = at + 1 + length
      if (bytes[at] === dataMark) this.#cutRows(bytes, view, at + messageHead, next)
      at = next
    }
    this.#readBatch(bytes, view)
  }

  /** Chunks that are full; with `rest`, what is left as well. */
  take(rest?: 'rest'): Dataset[] {
    if (rest === 'rest') this.#finish()
    return this.#full.splice(0)
  }

  #cutRows(bytes: Buffer, view: DataView, from: number, end: number): void {
    let at = from
    if (!this.#begun) {
      if (signature.some((byte, index) => bytes[at + index] !== byte)) throw malformed()
      at += headerLength
      this.#begun = true
    }
    const width = this.#readers.length
    while (at < end) {
      const count = view.getInt16(at)
      if (count === -1) return
      // Of no column at all, one constant is selected.
      if (count !== Math.max(width, 1)) throw malformed()
      at = width === 0 ? end : this.#cutRow(view, at + 2, end)
      this.#cut++
      if (this.#cut === rowsPerBatch || this.#read + this.#cut === rowsPerChunk) this.#readBatch(bytes, view)
    }
  }

  /** @returns where it ends */
  #cutRow(view: DataView, from: number, end: number): number {
    const starts = this.#starts
    const lengths = this.#lengths
    let at = from
    for (let cell = this.#cut; cell < starts.length; cell += rowsPerBatch) {
      const length = view.getInt32(at)
      at += 4
      starts[cell] = at
      lengths[cell] = length
      if (length > 0) at += length
    }
    if (at > end) throw malformed()
    return at
  }

  #readBatch(bytes: Buffer, view: DataView): void {
    const readers = this.#readers
    const cells = { bytes, view, starts: this.#starts, lengths: this.#lengths, count: this.#cut }
    // By index: pairs of `entries()` are objects, for each batch and column.
    for (let index = 0; index < readers.length; index++) (readers[index] as ColumnReader).read(cells, index * rowsPerBatch, this.#read)
    this.#read += this.#cut
    this.#cut = 0
    if (this.#read === rowsPerChunk) this.#finish()
  }

  #finish(): void {
    const rowCount = this.#read
    if (rowCount === 0) return
    this.#full.push({ rowCount, columns: this.#readers.map((reader) => reader.take(rowCount)) })
    this.#read = 0
  }
}

const malformed = () => new ConnectorError('unsupported', say('no_postgresql_rows'))
