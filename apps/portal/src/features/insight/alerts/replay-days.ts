const dayMs = 86_400_000

/** Every calendar day from the one to the other, so that a chart also shows those on which nothing would have happened. */
export function daysBetween(since: string, until: string): string[] {
  const first = Date.parse(since.slice(0, 10))
  const last = Date.parse(until.slice(0, 10))
  return Array.from({ length: Math.max(0, (last - first) / dayMs + 1) }, (_, day) => new Date(first + day * dayMs).toISOString().slice(0, 10))
}
