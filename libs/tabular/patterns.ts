/** How values of well-known kinds look. A pattern proposes; it never decides what a person's value is. */

/** A health number of England, Wales or the Isle of Man: ten digits, the last one the check by modulus 11 (NHS Data Dictionary). */
export function isNhsNumber(text: string): boolean {
  const digits = text.replace(/[ -]/g, '')
  if (!/^\d{10}$/.test(digits)) return false
  let sum = 0
  for (let i = 0; i < 9; i++) sum += Number(digits[i]) * (10 - i)
  const check = (11 - (sum % 11)) % 11
  return check !== 10 && check === Number(digits[9])
}

/** A payment card number: 13 to 19 digits whose last is the Luhn check (ISO/IEC 7812-1 annex B). */
export function isCardNumber(text: string): boolean {
  const digits = text.replace(/[ -]/g, '')
  if (!/^[2-6]\d{12,18}$/.test(digits)) return false
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

export function isEmail(text: string): boolean {
  return text.length <= 254 && /^[^\s@"<>]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text)
}

export function isUkPostcode(text: string): boolean {
  return /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i.test(text)
}

/** A ZIP+4 code. Five digits alone look like any other number, so those need a telling header. */
export function isZipPlusFour(text: string): boolean {
  return /^\d{5}-\d{4}$/.test(text)
}

/** Seven to fifteen digits (ITU-T E.164) that begin with + or are grouped as people write them. */
export function isPhone(text: string): boolean {
  const digits = text.replace(/\D/g, '').length
  if (digits < 7 || digits > 15 || /^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  return /^\+\d[\d ().-]*$/.test(text) || /^(\(\d{2,5}\) ?|0\d{2,4}[ -])\d[\d -]+$/.test(text) || /^\d{3}[-. ]\d{3}[-. ]\d{4}$/.test(text)
}

/** A social security number of the United States in its written form; area 000, 666 and 9xx were never given out. */
export function isSocialSecurityNumber(text: string): boolean {
  return /^(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}$/.test(text)
}

export function isIpAddress(text: string): boolean {
  return /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(text) || /^([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}$/i.test(text)
}

/** A national insurance number of the United Kingdom: letters that are given out, six digits, a last letter A to D. */
export function isNationalInsuranceNumber(text: string): boolean {
  return /^(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]$/i.test(text)
}

/** A Spanish DNI or NIE: its last letter is the rest of the number by 23, where X, Y, Z begin as 0, 1, 2. */
export function isSpanishIdentity(text: string): boolean {
  const parts = /^([XYZ]?)-?(\d{7,8})-?([A-Z])$/i.exec(text.trim())
  if (parts === null) return false
  const [, first = '', digits = '', letter = ''] = parts
  if (digits.length !== (first === '' ? 8 : 7)) return false
  const number = Number((first === '' ? '' : String('XYZ'.indexOf(first.toUpperCase()))) + digits)
  return 'TRWAGMYFPDXBNJZSQVHLCKE'.charAt(number % 23) === letter.toUpperCase()
}

/** An account number whose check is right (ISO 13616: letters as two digits, the first four at the end, one by 97). */
export function isIban(text: string): boolean {
  const plain = text.replaceAll(' ', '').toUpperCase()
  if (!/^[A-Z]{2}\d{2}[A-Z\d]{11,30}$/.test(plain)) return false
  let rest = 0
  for (const character of plain.slice(4) + plain.slice(0, 4)) {
    const value = Number.parseInt(character, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}
