/** Generated people with a fixed seed: names with frequencies as real ones have, slips of the pen, missing values. No real person is among them. */
import { seededUint32 } from '../train/random-pairs.ts'

export const peopleHeader = 'person,forename,surname,dob,postcode,sex,nhs'

const onsets = ['b', 'c', 'd', 'f', 'g', 'h', 'j', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'w', 'br', 'ch', 'cl', 'gr', 'sh', 'st', 'th', 'tr']
const vowels = ['a', 'e', 'i', 'o', 'u', 'ai', 'ea', 'ee', 'ie', 'ou']
const codas = ['', '', 'l', 'm', 'n', 'r', 's', 't', 'nd', 'ck', 'ng', 'rt', 'lson', 'ley', 'ton']
const letters = 'abcdefghijklmnopqrstuvwxyz'
const areas = ['AB', 'BD', 'CF', 'DN', 'EX', 'GL', 'HG', 'LS', 'NE', 'OX', 'PR', 'SO', 'TS', 'WF', 'YO']

export interface PeopleOptions {
  readonly records: number
  /** Share of the records that are a further record of an earlier person. */
  readonly again?: number
  readonly seed?: number
  /** People begin with this number, so that two files can have strangers only. */
  readonly firstPerson?: number
}

interface Person {
  readonly number: number
  readonly forename: string
  readonly surname: string
  readonly dob: string
  readonly postcode: string
  readonly sex: string
  readonly nhs: string
}

/** CSV lines without the header. */
export function* people({ records, again = 0.3, seed = 20260131, firstPerson = 0 }: PeopleOptions): Generator<string> {
  const next = seededUint32(seed)
  const below = (count: number): number => Math.floor((next() / 0x100000000) * count)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const chance = (share: number): boolean => next() < share * 0x100000000
  const name = (syllables: number): string => Array.from({ length: syllables }, () => pick(onsets) + pick(vowels) + pick(codas)).join('')
  const forenames = Array.from({ length: 3_000 }, () => name(1 + below(2)))
  const surnames = Array.from({ length: 40_000 }, () => name(1 + below(3)))
  /** Squaring the draw makes the first names of a list common and the last ones rare. */
  const frequent = (list: readonly string[]): string => list[Math.floor((next() / 0x100000000) ** 3 * list.length)] as string
  const two = (value: number): string => String(value).padStart(2, '0')
  const newPerson = (number: number): Person => ({
    number,
    forename: frequent(forenames),
    surname: frequent(surnames),
    dob: `${1930 + below(90)}-${two(1 + below(12))}-${two(1 + below(28))}`,
    postcode: newPostcode(),
    sex: chance(0.5) ? 'F' : 'M',
    nhs: nhsNumber(below(900_000_000) + 100_000_000),
  })
  const newPostcode = (): string =>
    `${pick(areas)}${1 + below(40)} ${below(10)}${letters.charAt(below(20)).toUpperCase()}${letters.charAt(below(20)).toUpperCase()}`
  const slip = (text: string): string => {
    const at = below(Math.max(1, text.length - 1))
    if (chance(0.5)) return text.slice(0, at) + pick([...letters]) + text.slice(at + 1)
    return text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2)
  }
  const write = (person: Person, errors: number): string => {
    const forename = chance(errors) ? slip(person.forename) : person.forename
    const surname = chance(errors) ? slip(person.surname) : person.surname
    const [first, last] = chance(errors / 8) ? [surname, forename] : [forename, surname]
    const dob = chance(errors / 2) ? `${person.dob.slice(0, 8)}${two(1 + below(28))}` : person.dob
    const postcode = chance(errors * 2) ? newPostcode() : person.postcode
    return `${person.number},${chance(0.01) ? '' : first},${last},${chance(0.02) ? '' : dob},${chance(0.03) ? '' : postcode},${person.sex},${chance(0.35) ? '' : person.nhs}`
  }
  // Further records follow people of the last some thousand, so that generating does not need all of them.
  const recent: Person[] = []
  let number = firstPerson
  for (let record = 0; record < records; record++) {
    const known = recent.length > 0 && chance(again) ? pick(recent) : undefined
    const person = known ?? newPerson(number++)
    if (known === undefined) recent[person.number % 5_000] = person
    yield write(person, known === undefined ? 0.01 : 0.12)
  }
}

/** Nine digits and their check digit by modulus 11; the next nine where there is none. */
function nhsNumber(nine: number): string {
  const digits = String(nine)
  let sum = 0
  for (let i = 0; i < 9; i++) sum += Number(digits.charAt(i)) * (10 - i)
  const check = (11 - (sum % 11)) % 11
  return check === 10 ? nhsNumber(nine + 1) : digits + check
}
