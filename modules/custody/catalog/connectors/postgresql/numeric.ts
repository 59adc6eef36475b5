/** The bytes of `numeric`: digits to the base 10,000 (PostgreSQL's `numeric_send`). */

const negative = 0x4000

/** The double next to it; NaN for NaN and the infinities. */
export function numericOf(view: DataView, at: number): number {
  const count = view.getInt16(at)
  const sign = view.getUint16(at + 4)
  if (sign !== 0 && sign !== negative) return Number.NaN
  // The value is the whole of the digits times 10,000 to the power of this.
  const exponent = (view.getInt16(at + 2) - count + 1) * 4
  const first = at + 8
  // Whole numbers below 2^53 and powers of ten up to 10^22 are doubles, and one division of two doubles is rounded once.
  if ((count <= 3 || (count === 4 && view.getInt16(first) < 1_000)) && exponent <= 0 && exponent >= -22) {
    let whole = 0
    for (let index = 0; index < count; index++) whole = whole * 10_000 + view.getInt16(first + index * 2)
    return (sign === negative ? -whole : whole) / (tens[-exponent] as number)
  }
  let digits = sign === negative ? '-0' : '0'
  for (let index = 0; index < count; index++) digits += String(view.getInt16(first + index * 2)).padStart(4, '0')
  return Number(`${digits}e${exponent}`)
}

const tens = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))
