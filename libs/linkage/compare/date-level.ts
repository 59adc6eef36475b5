import type { DifferentLevel } from './level-of.ts'

/** Eight digits of 4 bits: year, month, day. */
export function dateLevel(dates: Int32Array): DifferentLevel {
  return (a, b) => {
    const left = dates[a] as number
    const right = dates[b] as number
    if (isDateSlip(left, right)) return 2
    const sameYear = left >>> 16 === right >>> 16
    const sameMonth = ((left ^ right) & 0xff00) === 0
    const sameDay = ((left ^ right) & 0xff) === 0
    if ((sameYear && (sameMonth || sameDay)) || (sameMonth && sameDay)) return 3
    const days = Math.abs(ordinal(left) - ordinal(right))
    if (days <= daysOfYear) return 4
    return days <= 10 * daysOfYear ? 5 : 6
  }
}

/** Months of 31 days keep the order and are near enough to tell years apart. */
const daysOfYear = 372
const ordinal = (date: number): number => decimal(date >>> 16) * daysOfYear + decimal((date >>> 8) & 0xff) * 31 + decimal(date & 0xff)
const decimal = (digits: number): number => (digits >>> 12) * 1000 + ((digits >>> 8) & 15) * 100 + ((digits >>> 4) & 15) * 10 + (digits & 15)

/** One digit misread, two neighbours exchanged, or day and month in each other's place. */
function isDateSlip(left: number, right: number): boolean {
  const difference = left ^ right
  const lowest = 31 - Math.clz32(difference & -difference)
  const shift = lowest & ~3
  const rest = difference >>> shift
  if (rest <= 0xf) return true
  if (rest <= 0xff && ((left >>> shift) & 15) === ((right >>> (shift + 4)) & 15) && ((left >>> (shift + 4)) & 15) === ((right >>> shift) & 15)) return true
  return left >>> 16 === right >>> 16 && ((left >>> 8) & 0xff) === (right & 0xff) && (left & 0xff) === ((right >>> 8) & 0xff)
}
