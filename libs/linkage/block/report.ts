/** What blocking costs and what it finds, before anything is scored. */
import { LinkageError } from '../model/error.ts'
import { type Blocks, costOf, type LinkType, pairsOfAll } from './blocks.ts'
import { visitPairs } from './pairs.ts'

export interface RuleReport {
  readonly rule: string
  /** Pairs of this rule alone. */
  readonly pairs: number
  /** Pairs that no earlier rule has. */
  readonly newPairs: number
  readonly largestBlock: number
  /** With labels: true pairs that this rule finds first. */
  readonly newTruePairs?: number
}

export interface BlockingReport {
  readonly rules: readonly RuleReport[]
  readonly pairs: number
  /** Of all pairs, how many are left out. */
  readonly reduction: number
  /** With labels: share of the true pairs that some rule finds. No later step can find more. */
  readonly coverage?: number
}

/** Refuses rules that together would make more pairs than the cap, before any pair is made. @throws LinkageError `too_many_pairs` */
export function checkCap(rules: readonly Blocks[], link: LinkType, offsets: readonly number[], cap: number): void {
  const costs = rules.map((blocks) => ({ rule: blocks.rule, ...costOf(blocks, link, offsets) }))
  const total = costs.reduce((sum, { pairs }) => sum + pairs, 0)
  if (total <= cap) return
  const worst = costs.reduce((most, cost) => (cost.pairs > most.pairs ? cost : most))
  throw new LinkageError(
    'too_many_pairs',
    `the blocking rules would make up to ${total} pairs and the cap is ${cap}; the rule "${worst.rule}" alone makes ${worst.pairs}, with ${worst.largestBlock} records in its largest block. Add a term to it or raise pairCap.`,
  )
}

/** @param truth per record the number of its person, -1 where unknown; gives coverage */
export function blockingReport(rules: readonly Blocks[], link: LinkType, offsets: readonly number[], truth?: Int32Array): BlockingReport {
  const reports = rules.map((blocks, index): RuleReport => {
    let newPairs = 0
    let newTruePairs = 0
    visitPairs(rules, index, 0, blocks.starts.length - 1, link, offsets, (left, right) => {
      newPairs++
      if (truth !== undefined && truth[left] === truth[right] && (truth[left] ?? -1) >= 0) newTruePairs++
    })
    return { rule: blocks.rule, ...costOf(blocks, link, offsets), newPairs, ...(truth === undefined ? {} : { newTruePairs }) }
  })
  const pairs = reports.reduce((sum, report) => sum + report.newPairs, 0)
  const all = pairsOfAll(link, offsets)
  const found = reports.reduce((sum, report) => sum + (report.newTruePairs ?? 0), 0)
  return {
    rules: reports,
    pairs,
    reduction: all === 0 ? 0 : 1 - pairs / all,
    ...(truth === undefined ? {} : { coverage: found / Math.max(1, truePairs(truth, link, offsets)) }),
  }
}

/** How many pairs are of one person, by sorting the people within the sources. */
export function truePairs(truth: Int32Array, link: LinkType, offsets: readonly number[]): number {
  const order = Int32Array.from(truth.keys()).sort((left, right) => (truth[left] as number) - (truth[right] as number) || left - right)
  let pairs = 0
  for (let from = 0, to = 0; from < order.length; from = to) {
    const person = truth[order[from] as number] as number
    while (to < order.length && truth[order[to] as number] === person) to++
    if (person >= 0) pairs += pairsInGroup(order.subarray(from, to), link, offsets)
  }
  return pairs
}

function pairsInGroup(records: Int32Array, link: LinkType, offsets: readonly number[]): number {
  const keys = new Int32Array(0)
  return costOf({ rule: '', keys, records, starts: Int32Array.of(0, records.length) }, link, offsets).pairs
}
