import type { Disclosure } from './queries.ts'

export interface Total {
  readonly name: string
  readonly disclosures: number
  readonly bytes: number
}

/** Disclosures by a name of theirs, the most first. One that has several names counts under each. Pure. */
export function totalsBy(disclosures: readonly Disclosure[], namesOf: (disclosure: Disclosure) => readonly string[]): Total[] {
  const totals = new Map<string, Total>()
  for (const disclosure of disclosures) {
    for (const name of new Set(namesOf(disclosure))) {
      const before = totals.get(name) ?? { name, disclosures: 0, bytes: 0 }
      totals.set(name, { name, disclosures: before.disclosures + 1, bytes: before.bytes + (disclosure.bytes ?? 0) })
    }
  }
  return [...totals.values()].sort((left, right) => right.disclosures - left.disclosures || (left.name < right.name ? -1 : 1))
}

export const bytesOf = (disclosures: readonly Disclosure[]): number => disclosures.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)
