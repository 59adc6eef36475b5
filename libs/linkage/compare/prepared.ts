/**
 * A column made ready for comparing: plain typed arrays and numbers, nothing else, so that it can be handed to a worker or
 * shared with it. What can be worked out per distinct value is worked out here once.
 */

import type { Comparison, ComparisonKind } from '../model/schema.ts'
import { elementSeparator } from '../normalize/number.ts'
import type { RecordColumn } from '../normalize/table.ts'
import { bandsOf, levelsOf } from './levels.ts'
import { shortFormGroups } from './short-forms.ts'
import { type Texts, textsOf } from './texts.ts'

export interface PreparedColumn {
  readonly codes: Int32Array
  readonly texts?: Texts
  /** Names: groups of short forms. Postcodes: length of the district. E-mail: length of the name part. Dates: year, month, day as digits of 4 bits. */
  readonly facts?: Int32Array
  /** Numbers, latitudes, longitudes; dates as days. */
  readonly numbers?: Float64Array
  /** Sets: the elements' numbers, rising, in place of a text's units. */
  readonly elements?: Texts
}

export interface PreparedComparison {
  readonly kind: ComparisonKind
  readonly swap: 'counts' | 'yields' | undefined
  /** How many levels, "missing" included. */
  readonly levelCount: number
  readonly bands: readonly number[]
  readonly columns: readonly PreparedColumn[]
}

export function prepareComparison(comparison: Comparison, columns: readonly RecordColumn[]): PreparedComparison {
  return {
    kind: comparison.kind,
    swap: comparison.swap,
    levelCount: levelsOf(comparison).length,
    bands: bandsOf(comparison),
    columns: columns.map((column) => prepareColumn(comparison.kind, column)),
  }
}

function prepareColumn(kind: ComparisonKind, { codes, values }: RecordColumn): PreparedColumn {
  switch (kind) {
    case 'exact':
    case 'nhsNumber':
      return { codes }
    case 'name':
      return { codes, texts: textsOf(values), facts: Int32Array.from(values, shortFormGroups) }
    case 'dateOfBirth':
      return { codes, facts: Int32Array.from(values, (date) => Number.parseInt(date.replaceAll('-', ''), 16)) }
    case 'postcode':
      return { codes, texts: textsOf(values), facts: Int32Array.from(values, districtLength) }
    case 'email':
      return { codes, texts: textsOf(values), facts: Int32Array.from(values, (value) => [...value.slice(0, value.lastIndexOf('@'))].length) }
    case 'geo':
    case 'number':
      return { codes, numbers: Float64Array.from(values, Number) }
    case 'set':
      return { codes, elements: elementsOf(values) }
    case 'address':
    case 'identifier':
    case 'phone':
    case 'text':
      return { codes, texts: textsOf(values) }
  }
}

/** The outward part of a British code; of others all but the last two characters. */
function districtLength(postcode: string): number {
  const space = postcode.indexOf(' ')
  return space < 0 ? postcode.length - 2 : space
}

function elementsOf(values: readonly string[]): Texts {
  const numberOf = new Map<string, string>()
  const lists = values.map((value) =>
    value
      .split(elementSeparator)
      .map((element) => {
        const known = numberOf.get(element) ?? String.fromCodePoint(numberOf.size % 0xd000)
        numberOf.set(element, known)
        return known
      })
      .sort()
      .join(''),
  )
  return textsOf(lists)
}
