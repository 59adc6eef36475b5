/**
 * Invented people for the demonstration: every run of one seed gives the same ones. What belongs together in life belongs
 * together here: names come from one culture, income follows occupation and age, the balance follows income, the postcode the town.
 */
import { cultures, occupations, streets, towns } from './lists.ts'
import { type Random, seededRandom } from './random.ts'

export interface Person {
  customer_id: string
  given_name: string
  family_name: string
  date_of_birth: string
  sex: 'F' | 'M'
  email: string | null
  phone: string | null
  address: string
  postcode: string
  national_health_number: string
  account_number: string
  annual_income: number
  account_balance: number
  occupation: string
}

export interface PeopleOptions {
  readonly seed: number
  readonly count: number
  /** People are 0 to 95 years old in this year. */
  readonly year?: number
}

/** As many as there are health numbers that nobody has. */
export const peopleCountMax = 900_000

/** @throws RangeError when the count is no whole number from 0 to `peopleCountMax` */
export function* generatePeople({ seed, count, year = 2026 }: PeopleOptions): Generator<Person, void, undefined> {
  if (!Number.isInteger(count) || count < 0 || count > peopleCountMax) throw new RangeError(`count is a whole number from 0 to ${peopleCountMax}`)
  const random = seededRandom(seed)
  const healthNumber = healthNumbers(random.integer(0, 999_999))
  for (let i = 1; i <= count; i++) yield person(i, year, random, healthNumber)
}

function person(ordinal: number, year: number, random: Random, healthNumber: () => string): Person {
  const culture = random.weighted(cultures)
  const sex = random.chance(0.51) ? 'F' : 'M'
  const given_name = random.pick(sex === 'F' ? culture.female : culture.male)
  // Some families are of two cultures.
  const family_name = random.pick((random.chance(0.06) ? random.weighted(cultures) : culture).family)
  const age = ageOf(random)
  const { occupation, annual_income } = workOf(age, random)
  const { address, postcode } = homeOf(random)
  const adult = age >= 16
  return {
    customer_id: `C${String(ordinal).padStart(7, '0')}`,
    given_name,
    family_name,
    date_of_birth: birthday(year - age, random),
    sex,
    email: adult && random.chance(age > 75 ? 0.5 : 0.95) ? emailOf(given_name, family_name, ordinal) : null,
    // 07700 900000 to 900999 are kept for drama by Ofcom: none of these numbers rings.
    phone: adult && random.chance(0.93) ? `+44 7700 900${random.digits(3)}` : null,
    address,
    postcode,
    national_health_number: healthNumber(),
    account_number: random.digits(8),
    annual_income,
    account_balance: balanceOf(annual_income, random),
    occupation,
  }
}

/** Flat up to sixty, then thinning out. */
function ageOf(random: Random): number {
  const age = random.integer(0, 95)
  return age > 60 && random.chance((age - 60) / 45) ? random.integer(0, 60) : age
}

function birthday(year: number, random: Random): string {
  const month = random.integer(1, 12)
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return `${year}-${String(month).padStart(2, '0')}-${String(random.integer(1, days)).padStart(2, '0')}`
}

function workOf(age: number, random: Random): { occupation: string; annual_income: number } {
  if (age < 16) return { occupation: 'Child', annual_income: 0 }
  if (age < 22 && random.chance(0.6)) return { occupation: 'Student', annual_income: spread(6_000, 0.5, random) }
  if (age >= 67) return { occupation: 'Retired', annual_income: spread(19_500, 0.35, random) }
  if (random.chance(0.05)) return { occupation: 'Unemployed', annual_income: spread(9_000, 0.2, random) }
  const chosen = random.weighted(occupations.filter((occupation) => age >= occupation.minAge))
  // Pay rises with experience for some twenty-five years.
  const experience = 0.8 + 0.4 * Math.min(1, (age - chosen.minAge) / 25)
  return { occupation: chosen.name, annual_income: spread(chosen.income * experience, 0.18, random) }
}

/** Log-normal around a median, to the next ten pounds. */
function spread(median: number, deviation: number, random: Random): number {
  return Math.round((median * Math.exp(random.normal() * deviation)) / 10) * 10
}

/** Some weeks' income, in pounds and pence; a few accounts are overdrawn. */
function balanceOf(income: number, random: Random): number {
  const saved = income * Math.exp(random.normal() - 2.2)
  const overdrawn = random.chance(0.08) ? random.integer(10, 900) : 0
  return Math.round((saved - overdrawn) * 100) / 100
}

function homeOf(random: Random): { address: string; postcode: string } {
  const town = random.weighted(towns)
  const flat = random.chance(0.18) ? `Flat ${random.integer(1, 24)}, ` : ''
  // The letters C I K M O V are not used in the last two places of a postcode.
  const unit = Array.from({ length: 2 }, () => 'ABDEFGHJLNPQRSTUWXYZ'.charAt(random.integer(0, 19))).join('')
  return {
    address: `${flat}${random.integer(1, 180)} ${random.pick(streets)}, ${town.name}`,
    postcode: `${town.area}${random.integer(1, town.districts)} ${random.integer(1, 9)}${unit}`,
  }
}

/** At example.org and its sisters (RFC 2606), where no mail arrives. The ordinal keeps namesakes apart. */
function emailOf(given: string, family: string, ordinal: number): string {
  const plain = `${given}.${family}`
    .replaceAll('ł', 'l')
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z.]/g, '')
  return `${plain}${ordinal}@example.${ordinal % 3 === 0 ? 'com' : 'org'}`
}

/**
 * Ten digits beginning with 999, the range the NHS keeps for tests, so that nobody has such a number; the last is the check by
 * modulus 11. The step has no divisor in common with the million, so no number comes twice.
 */
function healthNumbers(first: number): () => string {
  let at = first
  return () => {
    for (;;) {
      at = (at + 387_421) % 1_000_000
      const body = `999${String(at).padStart(6, '0')}`
      const check = (11 - ([...body].reduce((sum, digit, i) => sum + Number(digit) * (10 - i), 0) % 11)) % 11
      // A check of ten has no digit, and such numbers are not given out.
      if (check !== 10) return `${body}${check}`
    }
  }
}
