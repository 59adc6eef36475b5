/** k^m-anonymity (Terrovitis, Mamoulis and Kalnis 2008, "Privacy-preserving anonymization of set-valued data"). */
import { ModelError } from '../model/model.ts'

export interface KmModel {
  readonly k: number
  /** Items of one person that an attacker may know. */
  readonly m: number
}

export interface KmLimits {
  /** Itemsets counted at most. */
  readonly itemsets?: number
  /** Violations listed at most; all are counted. */
  readonly violations?: number
}

export interface KmViolation {
  readonly items: readonly string[]
  /** Records that hold all of them; fewer than k. */
  readonly support: number
}

export interface KmVerdict {
  readonly holds: boolean
  /** Itemsets of the smallest size at which any fails; those that contain one of them fail as well and are not counted. */
  readonly violationCount: number
  /** In the order of the items' first appearance. */
  readonly violations: readonly KmViolation[]
  readonly itemsetsCounted: number
}

/** More itemsets than the caller allowed to count: nothing can be said of the records. */
export class KmLimitError extends RangeError {
  override readonly name = 'KmLimitError'
}

export const itemsetsMax = 1_000_000
export const violationsMax = 100

/** @throws ModelError unless k is a whole number of at least 2 and m one of at least 1 */
export function kmModel({ k, m }: KmModel): KmModel {
  if (!Number.isSafeInteger(k) || k < 2) throw new ModelError(`k^m-anonymity: k is a whole number of at least 2, not ${k}`)
  if (!Number.isSafeInteger(m) || m < 1) throw new ModelError(`k^m-anonymity: m is a whole number of at least 1, not ${m}`)
  return { k, m }
}

/**
 * Whether every set of at most m items that occurs in a record occurs in at least k records. An item counts once in a record; an
 * empty record holds no itemset and hides nobody.
 *
 * Itemsets are counted size by size in a tree, as by Apriori, and counting stops at the first size that fails.
 *
 * @throws ModelError for k or m out of range
 * @throws KmLimitError when more itemsets occur than `limits.itemsets`
 */
export function kmCheck(records: Iterable<Iterable<string>>, model: KmModel, limits: KmLimits = {}): KmVerdict {
  const { k, m } = kmModel(model)
  const { coded, names } = encode(records)
  const tree = new ItemsetTree(limits.itemsets ?? itemsetsMax)
  for (let size = 1; size <= m; size++) {
    let longEnough = false
    for (const record of coded) {
      if (record.length < size) continue
      longEnough = true
      tree.count(record, size)
    }
    if (!longEnough) break
    const failing = tree.below(k, size)
    if (failing.length > 0) {
      const listed = failing.slice(0, limits.violations ?? violationsMax)
      const violations = listed.map(({ codes, support }) => ({ items: codes.map((code) => names[code] ?? ''), support }))
      return { holds: false, violationCount: failing.length, violations, itemsetsCounted: tree.size }
    }
  }
  return { holds: true, violationCount: 0, violations: [], itemsetsCounted: tree.size }
}

function encode(records: Iterable<Iterable<string>>): { coded: number[][]; names: string[] } {
  const codeOf = new Map<string, number>()
  const coded: number[][] = []
  for (const record of records) {
    const codes = new Set<number>()
    for (const item of record) {
      const code = codeOf.get(item) ?? codeOf.size
      if (code === codeOf.size) codeOf.set(item, code)
      codes.add(code)
    }
    coded.push([...codes].sort((a, b) => a - b))
  }
  return { coded, names: [...codeOf.keys()] }
}

interface Node {
  support: number
  readonly children: Map<number, Node>
}

/** Itemsets as paths of ascending codes. */
class ItemsetTree {
  size = 0
  readonly #limit: number
  readonly #root: Node = { support: 0, children: new Map() }

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Counts the record's itemsets of one size; those of the sizes below have been counted for all records. */
  count(record: readonly number[], size: number): void {
    this.#count(this.#root, record, 0, size)
  }

  #count(node: Node, record: readonly number[], from: number, size: number): void {
    for (let i = from; i <= record.length - size; i++) {
      const code = record[i] ?? -1
      const child = node.children.get(code)
      if (size > 1) {
        if (child) this.#count(child, record, i + 1, size - 1)
      } else if (child) {
        child.support++
      } else {
        this.#add(node, code)
      }
    }
  }

  #add(node: Node, code: number): void {
    this.size++
    if (this.size > this.#limit) throw new KmLimitError(`more than ${this.#limit} itemsets occur; ask for a smaller m, or allow more itemsets to be counted`)
    node.children.set(code, { support: 1, children: new Map() })
  }

  below(k: number, size: number): { codes: number[]; support: number }[] {
    return [...this.#paths(this.#root, [], size)].filter(({ support }) => support < k)
  }

  *#paths(node: Node, codes: number[], size: number): Generator<{ codes: number[]; support: number }, void, undefined> {
    for (const [code, child] of node.children) {
      if (size === 1) yield { codes: [...codes, code], support: child.support }
      else yield* this.#paths(child, [...codes, code], size - 1)
    }
  }
}
