declare const instant: unique symbol
/** A moment as ISO 8601 text in UTC with milliseconds and `Z`, so that text order is time order. */
export type Instant = string & { readonly [instant]: true }

const instantText = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

/** The moment `ms` milliseconds after 1970-01-01T00:00:00Z. */
export function instantOf(ms: number): Instant {
  return new Date(ms).toISOString() as Instant
}

export function instantMs(at: Instant): number {
  return Date.parse(at)
}

/** Reads an RFC 3339 time with any offset; text without an offset, or no calendar date, gives `undefined`. */
export function parseInstant(text: string): Instant | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/.exec(text)
  if (!match) return undefined
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) return undefined
  // Date.parse rolls 31 April over to 1 May in some engines; a date that does not exist is refused.
  const [, year, month, day] = match
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()
  return Number(day) > days ? undefined : instantOf(ms)
}

export function isInstant(text: string): text is Instant {
  return instantText.test(text)
}

export function addSeconds(at: Instant, seconds: number): Instant {
  return instantOf(instantMs(at) + seconds * 1000)
}
