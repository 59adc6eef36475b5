import type { Check } from '../report.ts'
import { median } from '../report.ts'

export interface Measured {
  readonly rows: readonly Readonly<Record<string, string | number>>[]
  readonly checks: readonly Check[]
}

/** How many of something one core does in a second of CPU time: the median of five rounds, after one that warms up. */
export async function perSecond(count: number, work: () => unknown): Promise<number> {
  const rates: number[] = []
  for (let round = 0; round < 6; round++) {
    const before = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(before)
    if (round > 0) rates.push((count / (user + system)) * 1e6)
  }
  return Math.round(median(rates))
}
