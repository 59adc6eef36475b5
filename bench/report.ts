/** The shape every benchmark answers in: a table for people, then one line of JSON for machines. */

export interface Check {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What the value must reach (`min`) or stay under (`max`). */
  readonly bound: { readonly min: number } | { readonly max: number }
}

/** Prints the rows, the checks and the JSON line; the process ends with status 1 when a bound is missed. */
export function report(name: string, rows: readonly Readonly<Record<string, string | number>>[], checks: readonly Check[]): void {
  console.table(rows)
  const judged = checks.map(({ bound, ...check }) => ({
    ...check,
    bound: 'min' in bound ? `>= ${bound.min}` : `<= ${bound.max}`,
    ok: 'min' in bound ? check.value >= bound.min : check.value <= bound.max,
  }))
  for (const check of judged) console.log(`${check.ok ? 'holds ' : 'MISSED'}  ${check.name}: ${check.value} ${check.unit} (${check.bound})`)
  const ok = judged.every((check) => check.ok)
  if (!ok) process.exitCode = 1
  console.log(JSON.stringify({ bench: name, ok, checks: judged }))
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
