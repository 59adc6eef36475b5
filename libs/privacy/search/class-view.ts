import type { Distribution, EquivalenceClass } from '../model/model.ts'
import type { ClassList } from './class-list.ts'

interface MutableDistribution extends Distribution {
  codes: Int32Array
  counts: Int32Array
  start: number
  end: number
  total: number
}

/** Shows one class after the other of a list to models and measures, always as the same object. */
export class ClassView implements EquivalenceClass {
  size = 0
  populationSize = 0
  readonly #names: readonly string[]
  readonly #shown: MutableDistribution[]
  #classes: ClassList | undefined
  #class = 0

  /** @param names the sensitive attributes, in the order of `ClassList.sensitive` */
  constructor(names: readonly string[]) {
    this.#names = names
    this.#shown = names.map(() => ({ codes: new Int32Array(), counts: new Int32Array(), start: 0, end: 0, total: 0 }))
  }

  open(classes: ClassList): void {
    this.#classes = classes
    for (const [index, { codes, counts }] of classes.sensitive.entries()) Object.assign(this.#shown[index] as MutableDistribution, { codes, counts })
  }

  show(index: number): this {
    const classes = this.#classes as ClassList
    this.#class = index
    this.size = classes.sizes[index] as number
    this.populationSize = classes.populationSizes?.[index] ?? 0
    return this
  }

  distribution(attribute: string): Distribution {
    const index = this.#names.indexOf(attribute)
    const shown = this.#shown[index]
    const starts = this.#classes?.sensitive[index]?.starts
    if (!shown || !starts) throw new RangeError(`no model of this run has asked for the distribution of ${attribute}`)
    shown.start = starts[this.#class] as number
    shown.end = starts[this.#class + 1] as number
    shown.total = this.size
    return shown
  }
}
