/** A trained model as bits per level, ready for adding up. */
import { levelsOf } from '../compare/levels.ts'
import { LinkageError } from '../model/error.ts'
import type { Model, TrainedModel, Training } from '../model/schema.ts'

/** Plain data, so that workers can have it. */
export interface Weights {
  /** Bits for two records picked at random. */
  readonly prior: number
  /** Per comparison and level `log2(m / u)`; 0 for "missing". */
  readonly bits: readonly Float64Array[]
  /** Per comparison and level, how much of the term-frequency adjustment counts; `undefined` where none does. */
  readonly shares: readonly (Float64Array | undefined)[]
  /** Per comparison the u of "same", which a value's own frequency replaces. */
  readonly sameU: readonly number[]
  readonly forbidden: readonly Forbidden[]
  readonly calibration: Training['calibration']
}

export interface Forbidden {
  readonly name: string
  /** Comparison by index and which of its levels count, as bits of a number. */
  readonly when: readonly { readonly comparison: number; readonly levels: number }[]
}

/** @throws LinkageError `not_trained` */
export function requireTrained(model: Model): asserts model is TrainedModel {
  if (model.training === undefined) throw new LinkageError('not_trained', 'the model has no weights yet; train it, or read a trained one')
}

export function weightsOf(model: TrainedModel): Weights {
  const { prior, m, u, calibration } = model.training
  const levels = model.compare.map(levelsOf)
  return {
    prior: Math.log2(prior / (1 - prior)),
    bits: levels.map((each, index) =>
      Float64Array.from(each, (_, level) => (level === 0 ? 0 : Math.log2((m[index]?.[level] ?? 1) / (u[index]?.[level] ?? 1)))),
    ),
    shares: levels.map((each, index) => (model.compare[index]?.termFrequency ? Float64Array.from(each, (level) => level.frequency) : undefined)),
    sameU: u.map((shares) => shares[1] ?? 1),
    forbidden: forbiddenOf(model),
    calibration,
  }
}

export function forbiddenOf(model: Model): Forbidden[] {
  const conflicts = model.compare.flatMap((comparison, index) =>
    comparison.conflict === 'forbid'
      ? [{ name: `different ${comparison.name}`, when: [{ comparison: index, levels: 1 << (levelsOf(comparison).length - 1) }] }]
      : [],
  )
  const rules = model.forbid.map((rule) => ({
    name: rule.name,
    when: rule.when.map(({ comparison, levels }) => {
      const index = model.compare.findIndex((each) => each.name === comparison)
      const labels = model.compare[index] === undefined ? [] : levelsOf(model.compare[index]).map((level) => level.label)
      return { comparison: index, levels: levels.reduce((bits, label) => bits | (1 << labels.indexOf(label)), 0) }
    }),
  }))
  return [...conflicts, ...rules]
}

/** The rule that forbids a link with these levels. */
export function forbids(forbidden: readonly Forbidden[], levels: ArrayLike<number>): Forbidden | undefined {
  return forbidden.find((rule) => rule.when.every(({ comparison, levels: bits }) => (bits >>> (levels[comparison] ?? 0)) & 1))
}
