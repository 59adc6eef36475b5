/** Lengths of time in whole units, as rules have them. */
export const units = ['day', 'hour', 'minute', 'second'] as const
export type Unit = (typeof units)[number]

export const secondsIn: Readonly<Record<Unit, number>> = { day: 86_400, hour: 3_600, minute: 60, second: 1 }

/** The largest unit in which so many seconds are a whole number. */
export function unitOf(seconds: number): Unit {
  return seconds === 0 ? 'minute' : (units.find((unit) => seconds % secondsIn[unit] === 0) ?? 'second')
}

export function spanIn(language: string): (seconds: number) => string {
  return (seconds) => {
    const unit = unitOf(seconds)
    return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / secondsIn[unit])
  }
}
