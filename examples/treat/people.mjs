/** Invented people as CSV, the same ones every time: node examples/treat/people.mjs [COUNT] > people.csv */
const count = Number(process.argv[2] ?? 5_000)
let state = 20_261_122
const below = (n) => {
  // A linear congruential generator (Knuth): repeatable, and good for nothing that is secret.
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * n)
}
const pick = (list) => list[below(list.length)]

const given = ['Ada', 'Ben', 'Chloe', 'Dev', 'Elena', 'Farah', 'George', 'Hana', 'Ivan', 'Joan']
const family = ['Archer', 'Bello', 'Cruz', 'Doyle', 'Evans', 'Fischer', 'Gupta', 'Hughes', 'Iqbal', 'Jensen']
const districts = ['YO10', 'YO24', 'YO31', 'LS1', 'LS6', 'LS17', 'HU3', 'HU5', 'HG1', 'HG2']
const jobs = ['nurse', 'teacher', 'driver', 'clerk', 'engineer', 'carer', 'baker']

const rows = ['patient_id,name,age,sex,district,occupation,systolic']
for (let i = 1; i <= count; i++) {
  const age = 18 + below(40) + below(35)
  rows.push(
    [
      `P${String(i).padStart(6, '0')}`,
      `${pick(given)} ${pick(family)}`,
      age,
      pick(['F', 'M']),
      pick(districts),
      pick(jobs),
      95 + Math.round(age / 2) + below(30),
    ].join(','),
  )
}
process.stdout.write(`${rows.join('\n')}\n`)
