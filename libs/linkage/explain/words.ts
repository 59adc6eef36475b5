/** Weights in sentences. None holds a value of a record. */
import type { PairWeight, WeightPart } from '../model/link.ts'

/** What a frequency must add or take to be worth a word. */
const tellingBits = 0.5

const phrases: Readonly<Record<string, string>> = {
  same: 'is the same',
  different: 'is different',
  'one slip': 'differs by one slip',
  'two slips': 'differs by two slips',
  'nearly the same': 'is nearly the same',
  'short form': 'is a short form of the other',
  alike: 'is alike',
  initial: 'has the same initial',
  'in the other place': 'stands in the other column’s place',
  'two parts same': 'has two parts of three the same',
  'within a year': 'is less than a year apart',
  'within ten years': 'is less than ten years apart',
  'same name part': 'has the same name before the @',
  'same last six digits': 'has the same last six digits',
  'same district': 'is in the same district',
  'same area': 'is in the same area',
  'some in common': 'has some in common',
}

/** `+7.3 bits because surname is the same and rare`. */
export function partSentence({ comparison, label, level, bits, termFrequencyBits }: WeightPart): string {
  const name = comparison.replaceAll('_', ' ')
  if (level === 0) return `0 bits because ${name} is missing on one side or both, which says nothing`
  const phrase = phrases[label] ?? (/^(within|at least) /.test(label) ? `is ${label}` : `is at the level “${label}”`)
  const frequency = termFrequencyBits >= tellingBits ? ' and rare' : termFrequencyBits <= -tellingBits ? ' but common' : ''
  return `${inBits(bits + termFrequencyBits)} because ${name} ${phrase}${frequency}`
}

export function totalSentence({ prior, total, probability, forbidden }: PairWeight): string {
  const sum = `${inBits(prior)} before anything was compared, ${inBits(total)} in all`
  if (forbidden !== undefined) return `Not one person: the rule “${forbidden}” forbids it, whatever the weight (${sum}).`
  return `One person with a probability of ${probabilityInWords(probability)}: ${sum}.`
}

/** With a sign, and a true minus. */
export function inBits(bits: number): string {
  if (bits === Number.POSITIVE_INFINITY) return 'certain by a rule'
  const rounded = Math.abs(bits).toFixed(1)
  const sign = rounded === '0.0' ? '' : bits > 0 ? '+' : '−'
  return `${sign}${rounded} bits`
}

/** Never 0 or 100 % for what is neither. */
export function probabilityInWords(probability: number): string {
  if (probability === 0 || probability === 1) return `${probability * 100} %`
  if (probability > 0.9999) return 'more than 99.99 %'
  if (probability < 0.0001) return 'less than 0.01 %'
  return `${Number((probability * 100).toFixed(probability > 0.99 || probability < 0.01 ? 2 : 1))} %`
}
