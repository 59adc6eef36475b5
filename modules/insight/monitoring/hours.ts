/** Local time of a place, from the runtime's own time-zone data. */
import { addSeconds, type Instant, instantMs, instantOf } from '@gatehouse/core/instant'
import { type WorkingHours, weekdays } from '../../governance/tenancy/index.ts'

const dayMs = 86_400_000

interface LocalTime {
  /** `2026-11-22` */
  readonly day: string
  /** `09:30` */
  readonly time: string
  readonly weekday: (typeof weekdays)[number]
}

/** The moment on the wall clock of a time zone. Made once per zone: formatters are dear. */
export function wallClock(timezone: string): (ms: number) => LocalTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return (ms) => {
    const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]))
    const weekday = weekdays.find((name) => name === part.weekday?.toLowerCase().slice(0, 3)) ?? 'mon'
    return { day: `${part.year}-${part.month}-${part.day}`, time: `${part.hour}:${part.minute}`, weekday }
  }
}

export function atWork(hours: WorkingHours, timezone: string): (ms: number) => boolean {
  const clock = wallClock(timezone)
  return (ms) => {
    const { time, weekday } = clock(ms)
    return hours.days.includes(weekday) && hours.from <= time && time < hours.until
  }
}

/** When the last working day began, at or before the given moment. */
export function lastMorning(hours: WorkingHours, timezone: string, nowMs: number): Instant {
  const clock = wallClock(timezone)
  for (let back = 0; back <= 7; back++) {
    const { day, weekday } = clock(nowMs - back * dayMs)
    if (!hours.days.includes(weekday)) continue
    const morning = momentOf(clock, day, hours.from)
    if (morning <= nowMs) return instantOf(morning)
  }
  return addSeconds(instantOf(nowMs), (-7 * dayMs) / 1_000)
}

/** The wall time read as UTC, moved by the offset that holds there; asked twice, for the first guess may lie beyond a change of summer time. */
function momentOf(clock: (ms: number) => LocalTime, day: string, time: string): number {
  const wall = utcOf(day, time)
  let guess = wall
  for (let round = 0; round < 2; round++) {
    const shown = clock(guess)
    guess += wall - utcOf(shown.day, shown.time)
  }
  return guess
}

const utcOf = (day: string, time: string): number => instantMs(`${day}T${time}:00.000Z` as Instant)
