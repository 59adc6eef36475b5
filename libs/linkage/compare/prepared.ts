/**
 * A column made ready for comparing: plain typed arrays and numbers, nothing else, so that it can be handed to a worker or
 * shared with it. What can be worked out per distinct value is worked out here once.
 */

import type { Comparison, ComparisonKind } from '../model/schema.ts'
import { elementSeparator } from '../normalize/number.ts'
import type { RecordColumn } from '../normalize/table.ts'
import { type Filters, filtersOf } from './clk-level.ts'
import { bandsOf, levelsOf } from './levels.ts'
import { shortFormGroups } from './short-forms.ts'
import { joinTexts, type Texts, textsOf } from './texts.ts'

export interface PreparedColumn {
  readonly codes: Int32Array
  readonly texts?: Texts
  /** Names: groups of short forms. Postcodes: length of the district. E-mail: length of the name part. Dates: year, month, day as digits of 4 bits. */
  readonly facts?: Int32Array
  /** Numbers, latitudes, longitudes; dates as days. */
  readonly numbers?: Float64Array
  /** Sets: the elements' numbers, rising, in place of a text's units. */
  readonly elements?: Texts
  readonly filters?: Filters
}

export interface PreparedComparison {
  readonly kind: ComparisonKind
  readonly swap: 'counts' | 'yields' | undefined
  /** How many levels, "missing" included. */
  readonly levelCount: number
  readonly bands: readonly number[]
  readonly columns: readonly PreparedColumn[]
}

/** @param known what was prepared from the first values of the same columns, before new ones came */
export function prepareComparison(comparison: Comparison, columns: readonly RecordColumn[], known?: PreparedComparison): PreparedComparison {
  return {
    kind: comparison.kind,
    swap: comparison.swap,
    levelCount: levelsOf(comparison).length,
    bands: bandsOf(comparison),
    columns: columns.map((column, index) => prepareColumn(comparison, column, known?.columns[index])),
  }
}

function prepareColumn({ kind, swap }: Comparison, { codes, values }: RecordColumn, known?: PreparedColumn): PreparedColumn {
  const from = known?.filters?.ones.length ?? known?.texts?.masks.length ?? known?.elements?.masks.length ?? known?.facts?.length ?? known?.numbers?.length ?? 0
  const fresh = from === 0 ? values : values.slice(from)
  const texts = (): { texts: Texts } => ({ texts: joinTexts(known?.texts, textsOf(fresh)) })
  const facts = (of: (value: string) => number): { facts: Int32Array } => ({ facts: joinFacts(known?.facts, Int32Array.from(fresh, of)) })
  switch (kind) {
    case 'exact':
    case 'nhsNumber':
    case 'token':
      return { codes }
    case 'clk':
      return { codes, filters: filtersOf(fresh, known?.filters) }
    case 'name':
      // What a forename is shortened to says nothing about surnames.
      return { codes, ...texts(), ...facts(swap === 'yields' ? () => 0 : shortFormGroups) }
    case 'dateOfBirth':
      return { codes, ...facts((date) => Number.parseInt(date.replaceAll('-', ''), 16)) }
    case 'postcode':
      return { codes, ...texts(), ...facts(districtLength) }
    case 'email':
      return { codes, ...texts(), ...facts((value) => [...value.slice(0, value.lastIndexOf('@'))].length) }
    case 'geo':
    case 'number':
      return { codes, numbers: joinNumbers(known?.numbers, Float64Array.from(fresh, Number)) }
    case 'set':
      return { codes, elements: joinTexts(known?.elements, elementsOf(fresh)) }
    case 'address':
    case 'identifier':
    case 'phone':
    case 'text':
      return { codes, ...texts() }
  }
}

function joinFacts(known: Int32Array | undefined, fresh: Int32Array): Int32Array {
  if (known === undefined) return fresh
  const joined = new Int32Array(known.length + fresh.length)
  joined.set(known)
  joined.set(fresh, known.length)
  return joined
}

function joinNumbers(known: Float64Array | undefined, fresh: Float64Array): Float64Array {
  if (known === undefined) return fresh
  const joined = new Float64Array(known.length + fresh.length)
  joined.set(known)
  joined.set(fresh, known.length)
  return joined
}

/** The outward part of a British code; of others all but the last two characters. */
function districtLength(postcode: string): number {
  const space = postcode.indexOf(' ')
  return space < 0 ? postcode.length - 2 : space
}

/**
 * Elements as rising 16-bit hashes (FNV-1a, folded). Of 55,296 pairs of different elements one is taken for the same; "same"
 * never looks here.
 */
function elementsOf(values: readonly string[]): Texts {
  const lists = values.map((value) => Uint16Array.from(value.split(elementSeparator), hash16).sort())
  return textsOf(lists.map((list) => String.fromCharCode(...list)))
}

function hash16(element: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < element.length; i++) hash = Math.imul(hash ^ element.charCodeAt(i), 0x01000193)
  // Below the surrogates, so that each hash is one unit.
  return ((hash >>> 16) ^ (hash & 0xffff)) % 0xd800
}

export function columnAt(comparison: PreparedComparison, index: number): PreparedColumn {
  const column = comparison.columns[index]
  if (column === undefined) throw new TypeError(`a comparison of kind ${comparison.kind} has no column ${index + 1}`)
  return column
}

export function need<T>(feature: T | undefined): T {
  if (feature === undefined) throw new TypeError('a comparison was prepared for another kind')
  return feature
}
