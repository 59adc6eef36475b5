/**
 * Invented people in the files of two sites, with the slips that real files have, the same ones every time:
 * node examples/link/people.mjs gp > gp.csv; node examples/link/people.mjs hospital > hospital.csv
 * `person` names each record's person. It is there to judge links by, and no linkage may look at it.
 */
import { register } from 'tsx/esm/api'

register()
const { generatePeople } = await import('../../apps/cli/people/people.ts')
const { seededRandom } = await import('../../apps/cli/people/random.ts')

const site = process.argv[2]
const everybody = [...generatePeople({ seed: 11, count: Number(process.argv[3] ?? 3_000) })]
const random = seededRandom(site === 'gp' ? 1 : 2)
const hospital = site === 'hospital'
/** Two thirds of the people are at the GP, two thirds in the hospital, a third at both. */
const here = everybody.filter((_, index) => index % 3 !== (hospital ? 0 : 1))

const rows = [['record', 'person', 'given_name', 'family_name', 'date_of_birth', 'sex', 'postcode', 'nhs_number']]
for (const person of here) {
  const { given_name, family_name, date_of_birth, sex, postcode, national_health_number } = person
  // Some have moved, some have married, some are entered in a hurry.
  const family = hospital && random.chance(0.05) ? random.pick(everybody).family_name : family_name
  const home = hospital && random.chance(0.2) ? random.pick(everybody).postcode : postcode
  const [first, last] = hospital && random.chance(0.01) ? [family, given_name] : [given_name, family]
  const [year, month, day] = date_of_birth.split('-')
  const born = random.chance(0.04) && Number(day) <= 12 ? [month, day, year] : [day, month, year]
  rows.push([
    `${hospital ? 'H' : 'G'}${rows.length}`,
    person.customer_id,
    hospital ? slip(first, 0.06).toUpperCase() : first,
    hospital ? slip(last, 0.05).toUpperCase() : last,
    hospital ? born.join('/') : date_of_birth,
    sex,
    random.chance(0.08) ? '' : home,
    random.chance(hospital ? 0.5 : 0.1) ? '' : national_health_number,
  ])
}
process.stdout.write(rows.map((row) => `${row.join(',')}\n`).join(''))

/** Two neighbouring letters in the wrong order. */
function slip(text, share) {
  if (text.length < 4 || !random.chance(share)) return text
  const at = random.integer(1, text.length - 2)
  return text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2)
}
