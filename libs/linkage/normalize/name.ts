import { absent, type Canonical, empty, placeholder, tooLong, valueLengthMax } from './canonical.ts'
import { fold, lengthOf } from './letters.ts'
import { isNamePlaceholder } from './placeholder.ts'

const titles = /^(?:(?:mr|mrs|ms|miss|mx|dr|prof|sir|dame|lady|lord|rev|fr|sr|capt|col|maj)\b\.?\s+)+(?=\S)/
const suffixes = /(?<=\S)(?:[\s,]+(?:jr|jnr|junior|snr|senior|ii|iii|iv|phd|md|esq|obe|mbe|cbe)\b\.?)+$/
const notLetters = /[^\p{L}\p{M}]+/gu
const asciiLetters = /^[a-z]+$/

/**
 * A forename, a surname or both: folded, titles and suffixes off, nothing but letters left. "Dr. O'Brien-Smith Jr" gives
 * "obriensmith".
 */
export function canonicalName(raw: string): Canonical {
  const text = fold(raw).trim()
  if (text === '') return empty
  if (isNamePlaceholder(text)) return placeholder
  if (lengthOf(text) > valueLengthMax) return tooLong
  const value = asciiLetters.test(text) ? text : text.replace(titles, '').replace(suffixes, '').replace(notLetters, '').normalize('NFC')
  if (value === '') return absent('it holds no letter')
  return isNamePlaceholder(value) ? placeholder : { value }
}
