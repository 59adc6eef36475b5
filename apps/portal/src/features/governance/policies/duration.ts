/** Durations of fixed length, such as `P30D`, as a number and a unit. */

const units = { hours: ['PT', 'H'], days: ['P', 'D'], weeks: ['P', 'W'] } as const

export type DurationUnit = keyof typeof units
export const durationUnits = Object.keys(units) as DurationUnit[]

export interface Duration {
  readonly amount: number
  readonly unit: DurationUnit
}

/** `undefined` for whatever has more than one part; it is left as it stands. */
export function readDuration(text: string): Duration | undefined {
  const found = /^(PT(?=\d+H$)|P(?=\d+[DW]$))(\d+)([HDW])$/.exec(text)
  const unit = durationUnits.find((name) => units[name][1] === found?.[3])
  return found === null || unit === undefined ? undefined : { amount: Number(found[2]), unit }
}

export function writeDuration({ amount, unit }: Duration): string {
  const [before, after] = units[unit]
  return `${before}${Math.max(1, Math.trunc(amount))}${after}`
}
