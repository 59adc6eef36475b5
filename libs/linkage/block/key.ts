/**
 * A blocking rule as one whole number per record: records with equal keys are looked at together, -1 stands in no block.
 */
import type { Rule, Term } from '../model/schema.ts'
import { columnIn, type RecordTable } from '../normalize/table.ts'
import { seededUint32 } from '../train/random-pairs.ts'
import { soundex } from './sound.ts'

const prefixDefault = 3

/** What a term looks at in a canonical value; `undefined` where the value is too short to say it. */
export function termValue(term: Term, value: string): string | undefined {
  const length = term.length ?? prefixDefault
  switch (term.take) {
    case 'whole':
      return value
    case 'prefix':
      return value.length < length ? undefined : value.slice(0, length)
    case 'suffix':
      return value.length < length ? undefined : value.slice(-length)
    case 'sound':
      return soundex(value)
    case 'year':
      return value.slice(0, 4)
    case 'bits':
      return sampledBits(value.slice(value.lastIndexOf('.') + 1), term.length ?? placesDefault, term.sample ?? 0)
  }
}

const placesDefault = 16
const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const sextetOf = new Map([...base64url].map((letter, sextet) => [letter, sextet]))

/** Bits at places drawn for the sample, read straight from the text: six to a letter. */
function sampledBits(encoded: string, places: number, sample: number): string {
  const next = seededUint32(sample + 1)
  let bits = ''
  for (let i = 0; i < places; i++) {
    const place = next() % (encoded.length * 6)
    bits += ((sextetOf.get(encoded.charAt(Math.floor(place / 6))) ?? 0) >>> (5 - (place % 6))) & 1
  }
  return bits
}

/** Per record the number of what the term looks at. */
function termCodes(table: RecordTable, term: Term): { codes: Int32Array; distinct: number } {
  const { codes, values } = columnIn(table, term.column)
  if (term.take === 'whole') return { codes, distinct: values.length }
  const numberOf = new Map<string, number>()
  const mapped = Int32Array.from(values, (value) => {
    const text = termValue(term, value)
    if (text === undefined) return -1
    const known = numberOf.get(text)
    if (known !== undefined) return known
    numberOf.set(text, numberOf.size)
    return numberOf.size - 1
  })
  return { codes: codes.map((code) => (code < 0 ? -1 : (mapped[code] ?? -1))), distinct: numberOf.size }
}

export function ruleKeys(table: RecordTable, rule: Rule): Int32Array {
  const [first, ...rest] = rule.terms.map((term) => termCodes(table, term))
  if (first === undefined) throw new TypeError(`the rule ${rule.name} has no term`)
  return rest.reduce(combine, first).codes
}

/** Two numbers per record as one, dense from 0 in order of appearance: an open-addressing table of pairs. */
function combine(left: { codes: Int32Array; distinct: number }, right: { codes: Int32Array; distinct: number }): { codes: Int32Array; distinct: number } {
  const rowCount = left.codes.length
  const bits = Math.max(4, 33 - Math.clz32(rowCount))
  const slots = new Int32Array(2 ** bits).fill(-1)
  const mask = slots.length - 1
  const leftOf = new Int32Array(rowCount)
  const rightOf = new Int32Array(rowCount)
  const codes = new Int32Array(rowCount)
  let distinct = 0
  for (let row = 0; row < rowCount; row++) {
    const one = left.codes[row] as number
    const other = right.codes[row] as number
    if (one < 0 || other < 0) {
      codes[row] = -1
      continue
    }
    let slot = Math.imul(Math.imul(one, 0x9e3779b1) ^ (other + (one >>> 15)), 0x85ebca6b)
    slot = (slot ^ (slot >>> 15)) & mask
    let key = slots[slot] as number
    while (key >= 0 && (leftOf[key] !== one || rightOf[key] !== other)) {
      slot = (slot + 1) & mask
      key = slots[slot] as number
    }
    if (key < 0) {
      key = distinct++
      slots[slot] = key
      leftOf[key] = one
      rightOf[key] = other
    }
    codes[row] = key
  }
  return { codes, distinct }
}
