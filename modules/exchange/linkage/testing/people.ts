/**
 * Invented people at two sites: 600 at each, 300 of them at both, some with a slip, some without a postcode, and some who share a name
 * with others or live with them. The same ones every time.
 */
import type { SourceRecord } from '@gatehouse/tabular/value'

const given = ['ada', 'ben', 'chloe', 'dev', 'elena', 'farah', 'george', 'hana', 'ivan', 'joan', 'kofi', 'lena', 'musa', 'nina', 'omar', 'priya', 'quinn']
const beginnings = ['arch', 'bell', 'crux', 'doy', 'evan', 'fisch', 'gupt', 'hugh', 'iqb', 'jens', 'kha', 'lop', 'moor', 'nov', 'okaf', 'pat']
const ends = ['er', 'o', 'a', 'le', 's', 'sen', 'well', 'ton', 'by', 'ez']

/** Numerical Recipes' generator: enough to scatter, the same on every machine. */
function scatter(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const pick = <T>(list: readonly T[], at: number) => list[at] as T
const two = (number: number) => String(number).padStart(2, '0')

function person(i: number) {
  const draw = scatter(i * 7_919 + 17)
  draw(2)
  return {
    given_name: pick(given, draw(given.length)),
    family_name: pick(beginnings, draw(beginnings.length)) + pick(ends, draw(ends.length)),
    date_of_birth: `${1930 + draw(80)}-${two(1 + draw(12))}-${two(1 + draw(28))}`,
    postcode: `YO${1 + draw(30)} ${draw(10)}${pick([...'ABDE'], draw(4))}${pick([...'BDFHJL'], draw(6))}`,
  }
}

/** `number` is the site's own; the GP's 300 to 599 are at the hospital too. */
export const atGp = (): SourceRecord[] => Array.from({ length: 600 }, (_, i) => ({ number: `G${i}`, ...person(i) }))

/** One in five has a slip in the name, one in seven no postcode, one in eleven another year of birth. */
export const atHospital = (): SourceRecord[] =>
  Array.from({ length: 600 }, (_, i) => {
    const same = person(i + 300)
    const [year, ...day] = same.date_of_birth.split('-')
    return {
      number: `H${i}`,
      given_name: same.given_name,
      family_name: i % 5 === 0 ? same.family_name.slice(1) : same.family_name,
      date_of_birth: i % 11 === 0 ? [Number(year) + 3, ...day].join('-') : same.date_of_birth,
      postcode: i % 7 === 0 ? null : same.postcode,
    }
  })
