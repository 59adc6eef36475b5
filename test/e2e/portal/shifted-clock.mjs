/**
 * Preloaded into a node whose past is to be made: its clock is behind by the milliseconds that a file holds. Time itself goes on
 * by the machine's own clock, so durations stay true.
 */
import { readFileSync } from 'node:fs'

const file = process.env.SHIFTED_CLOCK_FILE
const RealDate = Date
const real = Date.now
let behindMs = 0

function look() {
  try {
    behindMs = Number(readFileSync(file, 'utf8')) || 0
  } catch {
    // Between truncation and writing the file is empty; what was known holds.
  }
}

if (file !== undefined) {
  look()
  setInterval(look, 5).unref()
  class ShiftedDate extends RealDate {
    constructor(...given) {
      if (given.length === 0) super(real() - behindMs)
      else super(...given)
    }

    static now() {
      return real() - behindMs
    }
  }
  globalThis.Date = ShiftedDate
}
