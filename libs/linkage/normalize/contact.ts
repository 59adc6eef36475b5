/** Postcodes, e-mail addresses, telephone numbers and street addresses. */
import { isUkPostcode } from '@gatehouse/tabular/patterns'
import { absent, type Canonical, empty, placeholder, tooLong, valueLengthMax } from './canonical.ts'
import { fold, lengthOf } from './letters.ts'
import { isPlaceholder, isRepeatedDigit } from './placeholder.ts'

/** British codes as outward and inward part ("YO22 9AJ"); others without space in upper case. ZZ99 codes of the NHS are no place. */
export function canonicalPostcode(raw: string): Canonical {
  const text = raw.trim().toUpperCase()
  if (text === '') return empty
  const plain = text.replace(/[^A-Z0-9]/g, '')
  if (plain.startsWith('ZZ99') || isPlaceholder(text.toLowerCase()) || isPlaceholder(plain.toLowerCase()) || (isRepeatedDigit(plain) && /[09]/.test(plain)))
    return placeholder
  if (isUkPostcode(plain)) return { value: `${plain.slice(0, -3)} ${plain.slice(-3)}` }
  return plain.length < 3 || plain.length > 10 ? absent('a postcode has 3 to 10 letters and digits') : { value: plain }
}

const nobody = /^(none|no|noemail|no\.email|no-email|unknown|na|n\/a|null|notprovided|notknown|test|dummy|anonymous|noreply|no-reply)@/

/** In lower case: almost no provider tells names apart by case. What stands behind "+" is a tag of the owner's and is left out. */
export function canonicalEmail(raw: string): Canonical {
  const text = raw.trim().normalize('NFC').toLowerCase()
  if (text === '') return empty
  if (isPlaceholder(text) || nobody.test(text)) return placeholder
  const at = text.lastIndexOf('@')
  if (at <= 0 || at === text.length - 1 || text.indexOf('@') !== at || /\s/.test(text)) return absent('an e-mail address is name@domain without space')
  if (lengthOf(text) > valueLengthMax) return tooLong
  const name = text.slice(0, at).replace(/\+.*$/, '')
  if (name === '') return absent('it has no name before the @')
  const value = `${name}@${text.slice(at + 1)}`
  return isPlaceholder(value) || nobody.test(value) ? placeholder : { value }
}

/** Digits with the calling code first (ITU-T E.164). A national number loses its leading 0 and takes the declared code. */
export function canonicalPhone(callingCode: string | undefined): (raw: string) => Canonical {
  return (raw) => {
    const text = raw
      .trim()
      .replace(/\(0\)/, '')
      .replace(/(ext|x)\.?\s*\d+$/i, '')
    if (text === '') return empty
    const digits = text.replace(/\D/g, '')
    if (isPlaceholder(text.toLowerCase()) || (digits !== '' && (isRepeatedDigit(digits) || isRepeatedDigit(digits.slice(-7))))) return placeholder
    if (digits.length < 7 || digits.length > 15) return absent('a telephone number has 7 to 15 digits')
    if (text.startsWith('+')) return { value: digits }
    if (digits.startsWith('00')) return { value: digits.slice(2) }
    const national = digits.replace(/^0/, '')
    if (callingCode === undefined) return { value: national }
    return { value: digits.startsWith(callingCode) && !digits.startsWith('0') && digits.length > 10 ? digits : callingCode + national }
  }
}

/** How the parts of an address are shortened on envelopes. */
const shortened: Readonly<Record<string, string>> = {
  avenue: 'ave',
  boulevard: 'blvd',
  circuit: 'cct',
  close: 'cl',
  court: 'ct',
  crescent: 'cres',
  drive: 'dr',
  gardens: 'gdns',
  grove: 'gr',
  highway: 'hwy',
  lane: 'ln',
  parade: 'pde',
  place: 'pl',
  road: 'rd',
  square: 'sq',
  street: 'st',
  terrace: 'ter',
  apartment: 'flat',
  apt: 'flat',
  unit: 'flat',
  saint: 'st',
  mount: 'mt',
  number: 'no',
}

/** Words and numbers, folded, with the usual words shortened, one space between them. */
export function canonicalAddress(raw: string): Canonical {
  const text = fold(raw).trim()
  if (text === '') return empty
  if (isPlaceholder(text)) return placeholder
  if (lengthOf(text) > valueLengthMax) return tooLong
  const words = text.replace(/['’.]/g, '').match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  const value = words.map((word) => shortened[word] ?? word).join(' ')
  if (value === '') return absent('it holds no letter and no digit')
  return isPlaceholder(value) ? placeholder : { value }
}
