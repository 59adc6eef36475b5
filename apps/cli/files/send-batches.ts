import { count } from '../terminal/output.ts'
import { openProgress } from '../terminal/progress.ts'

/** Fewer than one request takes, so that the bar moves. */
const batchMax = 500

/** Sends what was read from a file, request by request, and adds up what each answers. */
export async function sendBatches<Item, Counts extends Record<string, number>>(
  { label, what, show }: { readonly label: string; readonly what: string; readonly show: boolean },
  items: readonly Item[],
  nothing: Counts,
  send: (batch: Item[]) => Promise<Counts>,
): Promise<Counts> {
  const progress = openProgress(label, items.length, show)
  let counts = nothing
  try {
    for (let from = 0; from < items.length; from += batchMax) {
      const batch = await send(items.slice(from, from + batchMax))
      counts = Object.fromEntries(Object.entries(counts).map(([name, sum]) => [name, sum + (batch[name] ?? 0)])) as Counts
      progress.to(from + batchMax, `${count(Math.min(from + batchMax, items.length))} ${what}`)
    }
    return counts
  } finally {
    progress.end()
  }
}
