/**
 * Where the classes of a node come from. A node is reached from the bottom by raising one attribute after the other, always in the
 * same order, so that nodes which agree in their first attributes share the way so far; the class lists along the ways are kept.
 * Attributes with many leaves come first: they shrink the list most, and what follows is cheap.
 */
import type { ClassList } from './class-list.ts'
import { ClassRoller, copyClasses } from './classes.ts'
import type { Levels } from './lattice.ts'
import type { EncodedTable } from './table.ts'

/** A step that leaves more than this share of the classes is not worth a list of its own; it is taken together with the next. */
const worthKeeping = 0.8
/** Lists shorter than this are left as they are: another step would cost more in bookkeeping than it saves. */
const shortList = 512

/** The further along a way, the fewer nodes share it. The last attributes have few leaves, and a step for each would cost more than it saves. */
const stepsShare = 0.5

export class ClassSource {
  readonly #base: ClassList
  readonly #roller: ClassRoller
  /** Indexes of the attributes that are raised one by one, in this order; the others are raised together at the end. */
  readonly #steps: readonly number[]
  /** From least to most recently used; `undefined` marks a step not worth taking. */
  readonly #kept = new Map<string, ClassList | undefined>()
  readonly #capacity: number
  #entries = 0

  constructor(table: EncodedTable) {
    this.#base = table.base
    this.#roller = new ClassRoller(table)
    this.#steps = table.hierarchies
      .map(({ values }, index) => ({ index, leaves: values.length }))
      .sort((a, b) => b.leaves - a.leaves || a.index - b.index)
      .map(({ index }) => index)
      .slice(0, Math.floor(table.hierarchies.length * stepsShare))
    // A few times the distinct rows, so that large tables are not multiplied; small ones may keep all that is of use.
    this.#capacity = 4 * entriesOf(table.base) + 1_000_000
  }

  /** Valid until the next call. `undefined` when `goesOn` said no to the sizes. */
  classesAt(levels: Levels, goesOn?: (sizes: Int32Array) => boolean): ClassList | undefined {
    return this.#roller.roll(this.#below(levels), levels, goesOn)
  }

  /** By distinct row of the table, its class at a node; numbered as in `fromBottom`. */
  classOf(levels: Levels): Int32Array {
    return this.#roller.classOf(this.#base, levels)
  }

  fromBottom(levels: Levels): ClassList {
    return copyClasses(this.#roller.roll(this.#base, levels) as ClassList)
  }

  #below(levels: Levels): ClassList {
    const step = levels.map(() => 0)
    let list = this.#base
    for (const attribute of this.#steps) {
      const level = levels[attribute] as number
      if (level === 0) continue
      if (list.count <= shortList) break
      step[attribute] = level
      list = this.#step(step, list) ?? list
    }
    return list
  }

  #step(levels: Levels, below: ClassList): ClassList | undefined {
    const name = levels.join()
    if (this.#kept.has(name)) {
      const known = this.#kept.get(name)
      this.#kept.delete(name)
      this.#kept.set(name, known)
      return known
    }
    const made = this.#roller.roll(below, levels)
    const kept = made && made.count <= below.count * worthKeeping ? copyClasses(made) : undefined
    this.#kept.set(name, kept)
    this.#entries += kept ? entriesOf(kept) : 0
    this.#dropLeastUsed()
    return kept
  }

  #dropLeastUsed(): void {
    for (const [name, list] of this.#kept) {
      if (this.#entries <= this.#capacity) return
      this.#kept.delete(name)
      this.#entries -= list ? entriesOf(list) : 0
    }
  }
}

function entriesOf(list: ClassList): number {
  return list.sensitive.reduce((sum, { starts }) => sum + (starts[list.count] as number), list.count)
}
