/**
 * A block holds several attributes as one small number (mixed radix over their leaves), so that a row is a few numbers instead of
 * one for each attribute, and one lookup in a table that fits the fastest cache generalises all attributes of the block at once.
 */
import type { Hierarchy } from '../hierarchy/hierarchy.ts'

/** Tables of 4,096 32-bit entries stay in the first-level cache beside the data that streams past. */
const blockSizeMax = 4_096

export interface BlockPlan {
  /** Indexes of the attributes, the last fastest. */
  readonly attributes: readonly number[]
  /** Number of leaf combinations. */
  readonly size: number
}

export interface Block extends BlockPlan {
  /** By distinct row, the combination of leaves. */
  readonly codes: Int32Array
}

/** First fit, largest first: few blocks without trying all ways. An attribute larger than a block has one for itself. */
export function planBlocks(hierarchies: readonly Hierarchy[]): BlockPlan[] {
  const order = hierarchies.map((hierarchy, index) => ({ index, size: hierarchy.values.length })).sort((a, b) => b.size - a.size || a.index - b.index)
  const plans: { attributes: number[]; size: number }[] = []
  for (const { index, size } of order) {
    const open = plans.find((plan) => plan.size * size <= blockSizeMax)
    if (open) {
      open.attributes.push(index)
      open.size *= size
    } else plans.push({ attributes: [index], size })
  }
  return plans
}

/** Generalised codes by block code, and how many there can be. */
export interface KeyTable {
  readonly keys: Int32Array
  readonly radix: number
}

/** The lookup tables of all blocks, made when first needed and kept: there are few, one for each combination of levels in a block. */
export class BlockTables {
  readonly #hierarchies: readonly Hierarchy[]
  readonly #plans: readonly BlockPlan[]
  readonly #keys: Map<number, KeyTable>[]
  readonly #places: { readonly block: number; readonly divisor: number }[] = []

  constructor(hierarchies: readonly Hierarchy[], plans: readonly BlockPlan[]) {
    this.#hierarchies = hierarchies
    this.#plans = plans
    this.#keys = plans.map(() => new Map())
    for (const [block, plan] of plans.entries()) {
      let divisor = plan.size
      for (const attribute of plan.attributes) {
        divisor /= this.#hierarchy(attribute).values.length
        this.#places[attribute] = { block, divisor }
      }
    }
  }

  keys(block: number, levels: readonly number[]): KeyTable {
    const plan = this.#plan(block)
    let name = 0
    for (const attribute of plan.attributes) name = name * this.#hierarchy(attribute).levels.length + (levels[attribute] as number)
    const known = this.#keys[block]?.get(name)
    if (known) return known
    const made = this.#makeKeys(block, plan, levels)
    this.#keys[block]?.set(name, made)
    return made
  }

  blockOf(attribute: number): number {
    return this.#place(attribute).block
  }

  /** By block code of the attribute's block, what `byGroup` says of the group in which the attribute's leaf stands at a level. */
  spread(attribute: number, level: number, byGroup: ArrayLike<number>): Float64Array {
    const map = this.#hierarchy(attribute).levels[level]?.map ?? new Int32Array()
    const { block } = this.#place(attribute)
    const table = new Float64Array(this.#plan(block).size)
    for (let code = 0; code < table.length; code++) table[code] = byGroup[map[this.leafAt(attribute, code)] as number] as number
    return table
  }

  /** The attribute's leaf in a code of its block. */
  leafAt(attribute: number, blockCode: number): number {
    return Math.floor(blockCode / this.#place(attribute).divisor) % this.#hierarchy(attribute).values.length
  }

  #makeKeys(block: number, plan: BlockPlan, levels: readonly number[]): KeyTable {
    const keys = new Int32Array(plan.size)
    let radix = 1
    for (const attribute of plan.attributes) {
      const level = this.#hierarchy(attribute).levels[levels[attribute] ?? 0]
      if (!level) throw new RangeError(`attribute ${attribute} has no level ${levels[attribute]} (block ${block})`)
      for (let code = 0; code < keys.length; code++) {
        keys[code] = (keys[code] as number) * level.labels.length + (level.map[this.leafAt(attribute, code)] as number)
      }
      radix *= level.labels.length
    }
    return { keys, radix }
  }

  #plan(block: number): BlockPlan {
    const plan = this.#plans[block]
    if (!plan) throw new RangeError(`there is no block ${block}`)
    return plan
  }

  #hierarchy(attribute: number): Hierarchy {
    const hierarchy = this.#hierarchies[attribute]
    if (!hierarchy) throw new RangeError(`there is no attribute ${attribute}`)
    return hierarchy
  }

  #place(attribute: number): { readonly block: number; readonly divisor: number } {
    const place = this.#places[attribute]
    if (!place) throw new RangeError(`there is no attribute ${attribute}`)
    return place
  }
}
