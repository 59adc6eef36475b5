/** Generalises set-valued records to k^m-anonymity (Terrovitis, Mamoulis and Kalnis 2008) with as little loss as possible. */
import { Cut } from './cut.ts'
import type { ItemHierarchy } from './item-hierarchy.ts'
import { type KmLimits, type KmModel, type KmViolation, kmCheck, kmModel } from './km-check.ts'

export interface KmTreatOptions extends KmModel {
  readonly hierarchy: ItemHierarchy
  /** Cuts checked before the search stops proving and finishes greedily. */
  readonly checks?: number
  readonly limits?: KmLimits
}

export type KmTreatment =
  | {
      readonly outcome: 'treated'
      readonly records: readonly (readonly string[])[]
      /** Each item to what stands for it. */
      readonly mapping: ReadonlyMap<string, string>
      /** Mean over all items of all records of the share of items that what stands for one may mean; 0 untouched, 1 all in one group. */
      readonly loss: number
      /** Proven: no cut with a smaller loss qualifies. Otherwise no group can be split again, which is a weaker promise. */
      readonly optimal: boolean
      readonly checked: number
    }
  | {
      /** No cut qualifies: what is left at the roots still fails. */
      readonly outcome: 'impossible'
      readonly violation: KmViolation
      readonly checked: number
    }

export const checksMax = 1_000

/**
 * Finds the cut with the least loss under which the records are k^m-anonymous.
 *
 * As long as all items of a failing itemset stay as they are, it keeps failing. So a qualifying cut above a failing one raises at least
 * one of these items, and there are at most m cuts to go on with. They are visited in order of their loss, which only grows on the way
 * up; the first to qualify is the optimum. Of equal losses the one found first is taken.
 *
 * @throws ModelError for k or m out of range
 * @throws ItemHierarchyError `uncovered_item`
 * @throws KmLimitError when one check counts more itemsets than allowed
 */
export function kmTreat(records: readonly (readonly string[])[], options: KmTreatOptions): KmTreatment {
  const model = kmModel(options)
  const lossOf = lossUnder(records, options.hierarchy)
  const verdictOn = (cut: Cut) =>
    kmCheck(
      records.map((record) => cut.apply(record)),
      model,
      { ...options.limits, violations: 1 },
    )
  const treated = (cut: Cut, optimal: boolean, checked: number): KmTreatment => {
    return { outcome: 'treated', records: records.map((record) => cut.apply(record)), mapping: cut.mapping(), loss: lossOf(cut), optimal, checked }
  }
  const waiting: Cut[] = [Cut.untouched(options.hierarchy)]
  const seen = new Set<string>()
  let checked = 0
  let failing: KmViolation = { items: [], support: 0 }
  for (let cut = waiting.shift(); cut !== undefined; cut = waiting.shift()) {
    const violation = verdictOn(cut).violations[0]
    checked++
    if (!violation) return treated(cut, true, checked)
    failing = violation
    const next = raises(cut, violation)
    // What fails at the roots fails below them too: were an itemset there frequent, so would be what stands for it.
    if (next.length === 0) break
    for (const raised of next) {
      if (seen.has(raised.key())) continue
      seen.add(raised.key())
      insert(waiting, raised, lossOf)
    }
    if (checked < (options.checks ?? checksMax)) continue
    const qualifying = climb(waiting[0] ?? cut)
    if (!qualifying) break
    return treated(descend(qualifying), false, checked)
  }
  return { outcome: 'impossible', violation: failing, checked }

  /** Raises the item of a failing itemset that costs least until nothing fails; undefined where that leads to the roots. */
  function climb(from: Cut): Cut | undefined {
    let cut: Cut | undefined = from
    while (cut) {
      const violation: KmViolation | undefined = verdictOn(cut).violations[0]
      checked++
      if (!violation) return cut
      failing = violation
      cut = raises(cut, violation).sort((a, b) => lossOf(a) - lossOf(b))[0]
    }
    return undefined
  }

  /** Splits groups as long as the records stay k^m-anonymous, the one that gains most first. */
  function descend(from: Cut): Cut {
    const splits = from
      .groups()
      .map((group) => from.split(group))
      .filter((split) => split !== undefined)
      .sort((a, b) => lossOf(a) - lossOf(b))
    for (const split of splits) {
      checked++
      if (verdictOn(split).holds) return descend(split)
    }
    return from
  }
}

function raises(cut: Cut, violation: KmViolation): Cut[] {
  return violation.items.map((shown) => cut.raised(shown)).filter((raised) => raised !== undefined)
}

function insert(waiting: Cut[], cut: Cut, lossOf: (cut: Cut) => number): void {
  const loss = lossOf(cut)
  const place = waiting.findIndex((other) => lossOf(other) > loss)
  waiting.splice(place < 0 ? waiting.length : place, 0, cut)
}

/** Normalised certainty penalty (Xu, Wang, Pei, Wang, Shi and Fu 2006; for items by Terrovitis, Mamoulis and Kalnis 2008). */
function lossUnder(records: readonly (readonly string[])[], hierarchy: ItemHierarchy): (cut: Cut) => number {
  const occurrences = new Map<string, number>()
  let total = 0
  for (const record of records) {
    for (const item of new Set(record)) {
      occurrences.set(item, (occurrences.get(item) ?? 0) + 1)
      total++
    }
  }
  const known = new WeakMap<Cut, number>()
  return (cut) => {
    const cached = known.get(cut)
    if (cached !== undefined) return cached
    const leaves = new Map<string, number>()
    for (const shown of cut.mapping().values()) leaves.set(shown, (leaves.get(shown) ?? 0) + 1)
    let penalty = 0
    for (const [item, count] of occurrences) {
      const shown = cut.shows(item)
      if (shown !== item) penalty += count * (leaves.get(shown) ?? 0)
    }
    const loss = total === 0 ? 0 : penalty / (total * hierarchy.items.length)
    known.set(cut, loss)
    return loss
  }
}
