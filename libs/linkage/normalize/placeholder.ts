/** What people and systems write where they know nothing. Two records that agree on such a value agree on nothing. */
const nothing = new Set([
  'n/a',
  'n.a.',
  'n.a',
  'nil',
  'none',
  'null',
  'undefined',
  'nan',
  'missing',
  'blank',
  'empty',
  'unknown',
  'unk',
  'unkn',
  'not known',
  'not available',
  'not applicable',
  'not given',
  'not provided',
  'not recorded',
  'not stated',
  'not specified',
  'refused',
  'declined',
  'withheld',
  'tbc',
  'tba',
  'tbd',
  'no fixed abode',
  'nfa',
  'anonymous',
  'xx',
  'xxx',
  'xxxx',
  'zz',
  'zzz',
  'zzzz',
])

const nameless = new Set([
  'baby',
  'babyboy',
  'babygirl',
  'infant',
  'newborn',
  'male',
  'female',
  'twin',
  'twini',
  'twinii',
  'twinone',
  'twintwo',
  'unnamed',
  'noname',
  'notknown',
  'test',
  'testpatient',
  'nosurname',
  'noforename',
  'dummy',
  'unidentified',
])
/** "Baby of Jones" names the mother. */
const babyOf = /^(baby|babe|infant|twin|boy|girl|b\/o|m\/o|d\/o|s\/o)\s+(of|boy|girl|\d|[ivab])\b/

/** @param text folded and trimmed */
export function isPlaceholder(text: string): boolean {
  return nothing.has(text) || /^[^\p{L}\p{N}]+$/u.test(text)
}

/** @param text folded and trimmed */
export function isNamePlaceholder(text: string): boolean {
  return isPlaceholder(text) || nameless.has(text.replace(/[^a-z]/g, '')) || babyOf.test(text)
}

/** Dates that systems fill in. Real people were born on most days, so only days of known systems stand here. */
const fillerDates = new Set([
  '0001-01-01',
  '1600-01-01',
  '1601-01-01',
  '1753-01-01',
  '1800-01-01',
  '1899-12-30',
  '1899-12-31',
  '1900-01-01',
  '1901-01-01',
  '2099-12-31',
  '2999-12-31',
  '9999-12-31',
  '9999-09-09',
])

export function isFillerDate(iso: string): boolean {
  return fillerDates.has(iso)
}

/** One digit all along, which passes many check digits: 0000000000, 9999999999. */
export function isRepeatedDigit(digits: string): boolean {
  return /^(\d)\1*$/.test(digits)
}
