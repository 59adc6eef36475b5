/**
 * A good node of a lattice too large to settle. Best first, from the most general node down: the value of a node without data but
 * with the suppression of the node above it is nearly its true value, so the next node to look at is the one for which that is
 * least, which leads straight down from every improvement. Should nothing be left to look at within the budget, the node found is
 * proven to be the best.
 */
import { Best } from './best.ts'
import type { Verdict } from './judge.ts'
import { type Levels, levelSum } from './lattice.ts'
import type { SearchOutcome, SearchTask } from './optimal.ts'
import { PriorityQueue } from './priority-queue.ts'

/** Nodes that may be met, looked at or not; after that the search ends unproven. */
const metMax = 1_000_000

interface Waiting {
  readonly levels: Levels
  readonly bound: number
  readonly correction: Float64Array | undefined
}

export function searchHeuristic(task: SearchTask): SearchOutcome {
  const { lattice, judge, look, goesOn } = task
  const best = new Best()
  const met = new Set<string>()
  const queue = new PriorityQueue<Waiting>((a, b) => a.bound - b.bound || levelSum(a.levels) - levelSum(b.levels))

  const meet = (levels: Levels, correction: Float64Array | undefined) => {
    const name = levels.join()
    if (met.has(name)) return
    met.add(name)
    queue.push({ levels, bound: judge.bound(levels, correction), correction })
  }

  meet(
    lattice.heights.map((height) => height - 1),
    undefined,
  )
  let looked = 0
  for (let next = queue.pop(); next; next = queue.pop()) {
    if (met.size > metMax) return { found: best.found, proven: false }
    let correction = next.correction
    // A node that cannot be better is passed through: those below it may be.
    if (best.isWithin(next.bound)) {
      if (!goesOn(Math.min(1, looked++ / lattice.size), best.found)) return { found: best.found, proven: false }
      const verdict: Verdict | undefined = look(next.levels)
      if (!verdict || verdict.failsBelow) continue
      if (verdict.qualifies) best.offer({ levels: next.levels, value: verdict.value })
      correction = verdict.correction
    }
    for (const [a, level] of next.levels.entries()) if (level > 0) meet(next.levels.with(a, level - 1), correction)
  }
  return { found: best.found, proven: true }
}
