/**
 * The levels of agreement that each kind of comparison knows, from the strongest to the weakest. Level 0 is always "missing" and
 * weighs nothing; level 1 is always "same": equal canonical values; the last is "different".
 */
import type { Comparison, ComparisonKind } from '../model/schema.ts'

export interface Level {
  readonly label: string
  /** How often people's own records stand here, before any data was seen: where EM begins and what it leans on when a level is rare. */
  readonly m: number
  /** How much of the term-frequency adjustment the level takes. */
  readonly frequency: number
}

const missing: Level = { label: 'missing', m: 0, frequency: 0 }
const level = (label: string, m: number, frequency = 0): Level => ({ label, m, frequency })

const fixed: Readonly<Partial<Record<ComparisonKind, readonly Level[]>>> = {
  dateOfBirth: [
    level('same', 0.9, 1),
    level('one slip', 0.05),
    level('two parts same', 0.02),
    level('within a year', 0.008),
    level('within ten years', 0.012),
    level('different', 0.01),
  ],
  email: [level('same', 0.8, 1), level('same name part', 0.04, 0.5), level('nearly the same', 0.07), level('alike', 0.04), level('different', 0.05)],
  exact: [level('same', 0.92, 1), level('different', 0.08)],
  identifier: [level('same', 0.93, 1), level('one slip', 0.04), level('two slips', 0.01), level('different', 0.02)],
  nhsNumber: [level('same', 0.98, 1), level('different', 0.02)],
  token: [level('same', 0.9, 1), level('different', 0.1)],
  phone: [level('same', 0.8, 1), level('one slip', 0.05), level('same last six digits', 0.05, 0.5), level('different', 0.1)],
  postcode: [level('same', 0.85, 1), level('one slip', 0.04), level('same district', 0.03), level('same area', 0.03), level('different', 0.05)],
}

const nameLevels = (swap: boolean): Level[] => [
  level('same', 0.83, 1),
  level('nearly the same', 0.07, 0.5),
  level('short form', 0.02, 0.5),
  level('alike', 0.02),
  ...(swap ? [level('in the other place', 0.02)] : []),
  level('initial', 0.01),
  level('different', 0.03),
]

export const bandsDefault: Readonly<Partial<Record<ComparisonKind, readonly number[]>>> = {
  address: [0.95, 0.88, 0.75],
  text: [0.95, 0.88, 0.75],
  clk: [0.9, 0.8, 0.7, 0.6],
  geo: [0.1, 1, 10],
  number: [1, 10],
  set: [0.5],
}

export function bandsOf(comparison: Comparison): readonly number[] {
  return comparison.bands ?? bandsDefault[comparison.kind] ?? []
}

/** The levels of a comparison, "missing" first. */
export function levelsOf(comparison: Comparison): readonly Level[] {
  if (comparison.kind === 'name') return [missing, ...nameLevels(comparison.swap === 'counts')]
  return [missing, ...(fixed[comparison.kind] ?? bandLevels(comparison))]
}

const inWords: Readonly<Partial<Record<ComparisonKind, (band: number) => string>>> = {
  address: (band) => `at least ${band} alike`,
  text: (band) => `at least ${band} alike`,
  geo: (band) => `within ${band} km`,
  number: (band) => `within ${band}`,
  set: (band) => `at least ${band} in common`,
}

function bandLevels(comparison: Comparison): Level[] {
  const bands = bandsOf(comparison)
  // A whole record's encoding changes with a slip in any field, so few matches are the same.
  if (comparison.kind === 'clk')
    return [level('same', 0.3, 1), ...bands.map((band) => level(`at least ${band} alike`, 0.6 / bands.length)), level('different', 0.1)]
  const between = bands.map((band, index) => level(inWords[comparison.kind]?.(band) ?? `band ${index + 1}`, 0.12 / bands.length))
  const some = comparison.kind === 'set' ? [level('some in common', 0.03)] : []
  return [level('same', 0.78, 1), ...between, ...some, level('different', 0.07)]
}
