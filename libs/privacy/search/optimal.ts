/**
 * The proven best node of a lattice. From the most general node down, level sum by level sum, a node is looked at only if nothing
 * known rules it out:
 * - a node above it failed in a way that all nodes below share;
 * - its value without suppression, which needs no data, exceeds the best found;
 * - or does so with the suppression of a node above: rows suppressed there are suppressed here too, since classes only split.
 * The last bound is nearly the true value, so apart from the nodes that fail but whose nodes above do not, hardly any that is not
 * better than the best so far is looked at. That is why each improvement is followed downwards at once (a dive): the better the
 * best, the less is left to see.
 */
import { Best, type Found } from './best.ts'
import type { Judge, Verdict } from './judge.ts'
import { type Lattice, type Levels, levelSum, levelsOf } from './lattice.ts'

/** Looks at a node; `undefined` when it and all nodes below fail before there are facts. */
export type Look = (levels: Levels) => Verdict | undefined

export interface SearchOutcome {
  readonly found: Found | undefined
  /** Whether nothing better exists. */
  readonly proven: boolean
}

export interface SearchTask {
  readonly lattice: Lattice
  readonly judge: Judge
  readonly look: Look
  /** With no suppression a qualifying node is better than all above it. */
  readonly noSuppression: boolean
  /** Called before each look; false ends the search with what was found. @param resolved share of the lattice that is settled */
  goesOn(resolved: number, best: Found | undefined): boolean
}

export function searchOptimal(task: SearchTask): SearchOutcome {
  return new OptimalSearch(task).run()
}

/** Bits of a node's state; 0 is open. */
const settled = 1
const allBelow = 2
const allAbove = 4
const seen = 8

/** Climbing goes on as long as at least about one look in three settles nodes further up. */
const climbCreditAtFirst = 8
const climbReward = 2

interface Place {
  readonly node: number
  readonly levels: Levels
  readonly bound: number
}

class OptimalSearch {
  readonly #task: SearchTask
  readonly #best = new Best()
  readonly #state: Uint8Array
  /** By node, the greatest corrections known to hold for it. */
  readonly #corrections = new Map<number, Float64Array>()
  #resolved = 0
  #climbCredit = climbCreditAtFirst
  #stopped = false

  constructor(task: SearchTask) {
    this.#task = task
    this.#state = new Uint8Array(task.lattice.size)
  }

  run(): SearchOutcome {
    for (const layer of layersDown(this.#task.lattice)) {
      for (const { node, levels } of this.#promisingFirst(layer)) {
        if (this.#state[node] === 0) this.#settle(node, levels)
        if (this.#stopped) return { found: this.#best.found, proven: false }
      }
    }
    return { found: this.#best.found, proven: true }
  }

  #promisingFirst(layer: readonly number[]): Place[] {
    const { lattice, judge } = this.#task
    const places: Place[] = []
    for (const node of layer) {
      if (this.#state[node] !== 0) continue
      const levels = levelsOf(lattice, node)
      const bound = judge.bound(levels)
      if (this.#best.isWithin(bound)) places.push({ node, levels, bound })
      else this.#settleNode(node)
    }
    return places.sort((a, b) => a.bound - b.bound || a.node - b.node)
  }

  #settle(node: number, levels: Levels): void {
    const correction = this.#inherited(node, levels)
    if (correction) this.#corrections.set(node, correction)
    if (this.#best.isWithin(this.#task.judge.bound(levels, correction))) {
      const better = this.#look(node, levels)
      if (better) this.#dive(node, levels, better.correction)
      else if ((this.#state[node] as number) & allBelow) this.#climb(node, levels)
    } else this.#settleNode(node)
  }

  /** From a node that is the best so far, to the first better one directly below it, and on from there. */
  #dive(node: number, levels: Levels, correction: Float64Array): void {
    for (const step of this.#stepsBelow(node, levels, correction)) {
      if (this.#stopped || !this.#best.isWithin(step.bound)) return
      const better = this.#look(step.node, step.levels)
      if (!better) continue
      this.#dive(step.node, step.levels, better.correction)
      return
    }
  }

  /**
   * From a node that fails with all below it, up as long as nodes fail. The nodes passed are worse than the best by their bounds
   * alone, but where few nodes qualify one failure further up settles more than many further down.
   */
  #climb(node: number, levels: Levels): void {
    const { lattice, judge } = this.#task
    let place: Place | undefined = { node, levels, bound: 0 }
    while (place && this.#climbCredit > 0 && !this.#stopped) {
      const from: Place = place
      const steps: Place[] = []
      for (const [a, stride] of lattice.strides.entries()) {
        if (from.levels[a] === (lattice.heights[a] as number) - 1 || (this.#state[from.node + stride] as number) & (seen | allBelow)) continue
        const above = from.levels.with(a, (from.levels[a] as number) + 1)
        steps.push({ node: from.node + stride, levels: above, bound: judge.bound(above) })
      }
      const next: Place | undefined = steps.sort((a, b) => a.bound - b.bound)[0]
      if (next) this.#look(next.node, next.levels)
      const failed = next && (this.#state[next.node] as number) & allBelow
      this.#climbCredit += failed ? climbReward : -1
      place = failed ? next : undefined
    }
  }

  #stepsBelow(node: number, levels: Levels, correction: Float64Array): Place[] {
    const { lattice, judge } = this.#task
    const steps: Place[] = []
    for (const [a, stride] of lattice.strides.entries()) {
      if (levels[a] === 0 || this.#state[node - stride] !== 0) continue
      const below = levels.with(a, (levels[a] as number) - 1)
      steps.push({ node: node - stride, levels: below, bound: judge.bound(below, correction) })
    }
    return steps.sort((a, b) => a.bound - b.bound)
  }

  /** @returns the verdict if the node is the best so far */
  #look(node: number, levels: Levels): Verdict | undefined {
    const { look, goesOn, noSuppression, lattice } = this.#task
    if (!goesOn(this.#resolved / lattice.size, this.#best.found)) {
      this.#stopped = true
      return undefined
    }
    const verdict = look(levels)
    this.#settleNode(node, seen)
    if (!verdict || verdict.failsBelow) this.#ruleOut(node, allBelow)
    if (!verdict) return undefined
    this.#corrections.set(node, verdict.correction)
    if (!verdict.qualifies) return undefined
    if (noSuppression) this.#ruleOut(node, allAbove)
    return this.#best.offer({ levels, value: verdict.value }) ? verdict : undefined
  }

  /** The componentwise greatest of what is known of the nodes directly above. */
  #inherited(node: number, levels: Levels): Float64Array | undefined {
    const { heights, strides } = this.#task.lattice
    let known: Float64Array | undefined
    let own = false
    for (let a = 0; a < levels.length; a++) {
      if ((levels[a] as number) + 1 >= (heights[a] as number)) continue
      const above = this.#corrections.get(node + (strides[a] as number))
      if (!above || above === known) continue
      if (!known) {
        known = above
        continue
      }
      // Copied only when two differ: most nodes share the vector of one that was looked at.
      if (!own) known = known.slice()
      own = true
      for (let b = 0; b < known.length; b++) known[b] = Math.max(known[b] as number, above[b] as number)
    }
    return known
  }

  /** Settles all nodes below or above. A node marked with the side has had its whole side settled before. */
  #ruleOut(node: number, side: typeof allBelow | typeof allAbove): void {
    const { heights, strides } = this.#task.lattice
    this.#settleNode(node, side)
    const step = side === allBelow ? -1 : 1
    const waiting = [node]
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      for (let a = 0; a < heights.length; a++) {
        const [stride, height] = [strides[a] as number, heights[a] as number]
        const level = (Math.floor(at / stride) % height) + step
        const next = at + step * stride
        if (level < 0 || level >= height || (this.#state[next] as number) & side) continue
        this.#settleNode(next, side)
        waiting.push(next)
      }
    }
  }

  #settleNode(node: number, sides = 0): void {
    const state = this.#state[node] as number
    if (state === 0) this.#resolved++
    this.#state[node] = state | settled | sides
  }
}

/** Nodes by level sum, the greatest first; within a layer in the order of their numbers. */
function layersDown(lattice: Lattice): number[][] {
  const layers = Array.from({ length: lattice.height + 1 }, (): number[] => [])
  for (let node = 0; node < lattice.size; node++) layers[lattice.height - levelSum(levelsOf(lattice, node))]?.push(node)
  return layers
}
