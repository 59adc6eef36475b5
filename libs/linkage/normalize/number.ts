/** NHS numbers, other identifiers, plain text, numbers and sets. */
import { isNhsNumber } from '@gatehouse/tabular/patterns'
import { absent, type Canonical, empty, placeholder, tooLong, valueLengthMax } from './canonical.ts'
import { fold, lengthOf } from './letters.ts'
import { isPlaceholder, isRepeatedDigit } from './placeholder.ts'

/** Ten digits with a right check digit by modulus 11. Repeated digits pass that check and are refused all the same. */
export function canonicalNhsNumber(raw: string): Canonical {
  const text = raw.trim()
  if (text === '') return empty
  const digits = text.replace(/[ -]/g, '')
  if (!/^\d+$/.test(digits)) return isPlaceholder(text.toLowerCase()) ? placeholder : absent('an NHS number has digits only')
  if (isRepeatedDigit(digits)) return placeholder
  if (digits.length !== 10) return absent('an NHS number has ten digits')
  return isNhsNumber(digits) ? { value: digits } : absent('its check digit is wrong')
}

/** Any other number or code that is given to one person: letters and digits in upper case. */
export function canonicalIdentifier(raw: string): Canonical {
  const text = fold(raw).trim()
  if (text === '') return empty
  if (isPlaceholder(text)) return placeholder
  const value = text.replace(/[^\p{L}\p{N}]/gu, '').toUpperCase()
  if (isRepeatedDigit(value) || isPlaceholder(value.toLowerCase())) return placeholder
  return lengthOf(value) > valueLengthMax ? tooLong : { value }
}

/** Text as it is, folded, with single spaces. */
export function canonicalText(raw: string): Canonical {
  const value = fold(raw).replace(/\s+/g, ' ').trim()
  if (value === '') return empty
  if (isPlaceholder(value)) return placeholder
  return lengthOf(value) > valueLengthMax ? tooLong : { value }
}

/** Tokens and other encoded values: as they are, for every letter's case counts. */
export function canonicalToken(raw: string): Canonical {
  const value = raw.trim()
  return value === '' ? empty : { value }
}

/** A Bloom-filter encoding as text: `clk1.<schema>.<bits>`. */
export function canonicalClk(raw: string): Canonical {
  const value = raw.trim()
  if (value === '') return empty
  return /^clk1\.[\w-]+\.[\w-]+$/.test(value) ? { value } : absent('it is no CLK, which reads clk1.<schema>.<bits>')
}

export function canonicalNumber(raw: string): Canonical {
  const text = raw.trim()
  if (text === '') return empty
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(text))
    return isPlaceholder(text.toLowerCase()) ? placeholder : absent('it is no number with a decimal point')
  const value = Number(text)
  return Number.isFinite(value) ? { value: String(value) } : absent('it is too large for a number')
}

export const setSeparatorDefault = ';'

/** Elements folded, sorted, each once, joined by U+001F, which no text holds. */
export function canonicalSet(separator: string | undefined): (raw: string) => Canonical {
  return (raw) => {
    const elements = raw.split(separator ?? setSeparatorDefault).flatMap((element) => canonicalText(element).value ?? [])
    if (elements.length === 0) return raw.trim() === '' ? empty : placeholder
    const value = [...new Set(elements)].sort().join(elementSeparator)
    return lengthOf(value) > valueLengthMax * 16 ? tooLong : { value }
  }
}

export const elementSeparator = '\u001f'
