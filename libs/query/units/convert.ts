/**
 * Units of measure into each other, by their UCUM codes (The Unified Code for Units of Measure, version 2.2). A closed list: a unit
 * that is not here is an error of the plan and never a guess. Amounts of substance and masses are not mixed, for that takes the substance.
 */
import { type Said, sentences } from '@gatehouse/core/sentence'

/** In English; other languages have the same sentences by the same codes. */
export const unitWords = {
  unit_unknown: '"{{from}}" is no UCUM code of the list; use one of {{units}}',
  unit_becomes: '"{{from}}" becomes one of {{units}}',
} as const

const say = sentences(unitWords)

/** value in the first unit of the group = value × factor + offset */
interface Unit {
  readonly factor: number
  readonly offset?: number
}
const groups: readonly Readonly<Record<string, Unit>>[] = [
  // Mass; [lb_av] is 0.45359237 kg exactly.
  { g: { factor: 1 }, kg: { factor: 1e3 }, mg: { factor: 1e-3 }, ug: { factor: 1e-6 }, '[lb_av]': { factor: 453.59237 }, '[oz_av]': { factor: 28.349523125 } },
  // Length; [in_i] is 2.54 cm exactly.
  { m: { factor: 1 }, km: { factor: 1e3 }, cm: { factor: 1e-2 }, mm: { factor: 1e-3 }, '[in_i]': { factor: 0.0254 }, '[ft_i]': { factor: 0.3048 } },
  { Cel: { factor: 1 }, K: { factor: 1, offset: -273.15 }, '[degF]': { factor: 5 / 9, offset: -160 / 9 } },
  // Pressure; m[Hg] is 133.322 kPa.
  { kPa: { factor: 1 }, Pa: { factor: 1e-3 }, 'mm[Hg]': { factor: 0.133322 }, bar: { factor: 100 } },
  { L: { factor: 1 }, dL: { factor: 0.1 }, mL: { factor: 1e-3 } },
  { s: { factor: 1 }, min: { factor: 60 }, h: { factor: 3_600 }, d: { factor: 86_400 }, wk: { factor: 604_800 } },
  {
    'g/L': { factor: 1 },
    'g/dL': { factor: 10 },
    'mg/dL': { factor: 0.01 },
    'mg/L': { factor: 1e-3 },
    'ug/L': { factor: 1e-6 },
    'ug/mL': { factor: 1e-3 },
    'ng/mL': { factor: 1e-6 },
  },
  { 'mol/L': { factor: 1 }, 'mmol/L': { factor: 1e-3 }, 'umol/L': { factor: 1e-6 }, 'nmol/L': { factor: 1e-9 } },
  // Energy; cal_th is 4.184 J exactly.
  { J: { factor: 1 }, kJ: { factor: 1e3 }, cal_th: { factor: 4.184 }, kcal_th: { factor: 4184 } },
  { '1': { factor: 1 }, '%': { factor: 1e-2 } },
]

export const units: readonly string[] = groups.flatMap((group) => Object.keys(group))

const groupOf = (unit: string): (typeof groups)[number] | undefined => groups.find((group) => Object.hasOwn(group, unit))

export interface ConversionProblem {
  readonly member: 'from' | 'to'
  readonly detail: string
  readonly said: Said
}

export function conversionProblem(from: string, to: string): ConversionProblem | undefined {
  const group = groupOf(from)
  if (group === undefined) return { member: 'from', ...say('unit_unknown', { from, units: units.join(', ') }) }
  if (Object.hasOwn(group, to)) return undefined
  return { member: 'to', ...say('unit_becomes', { from, units: Object.keys(group).join(', ') }) }
}

/** @throws RangeError for units that `conversionProblem` has something to say of */
export function converter(from: string, to: string): (value: number) => number {
  const problem = conversionProblem(from, to)
  if (problem !== undefined) throw new RangeError(problem.detail)
  const group = groupOf(from) as Readonly<Record<string, Unit>>
  const [source, target] = [group[from] as Unit, group[to] as Unit]
  // Fifteen digits, which a double carries: 37 °C are 98.6 °F and not 98.60000000000001.
  return (value) => Number(((value * source.factor + (source.offset ?? 0) - (target.offset ?? 0)) / target.factor).toPrecision(15))
}
