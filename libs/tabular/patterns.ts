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
