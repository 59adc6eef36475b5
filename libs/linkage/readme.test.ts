import { datasetFrom } from '@gatehouse/tabular/dataset'
import { describe, expect, it } from 'vitest'
import { cluster } from './cluster/cluster.ts'
import { add, beginHistory } from './cluster/history.ts'
import { measureLinks } from './evaluate/measures.ts'
import { peopleOf, truthOfPeople } from './evaluate/truth.ts'
import { waterfall } from './explain/waterfall.ts'
import { linkerOf } from './linker.ts'
import { dateOfBirth, defineModel, fullName, nhsNumber, on, postcode } from './model/define.ts'

const given = ['ada', 'ben', 'chloe', 'dev', 'elena', 'farah', 'george', 'hana', 'ivan', 'joan', 'kofi', 'lena', 'musa', 'nina', 'omar', 'priya', 'quinn']
const family = [
  'archer',
  'bello',
  'cruz',
  'doyle',
  'evans',
  'fischer',
  'gupta',
  'hughes',
  'iqbal',
  'jensen',
  'khan',
  'lopez',
  'moore',
  'novak',
  'okafor',
  'patel',
  'quist',
  'rossi',
  'singh',
]

describe('the worked example of the README', () => {
  it('does what it says', () => {
    const person = (i: number) => ({
      given_name: given[(i * 7) % given.length] ?? null,
      family_name: family[(i * 11 + (i >> 4)) % family.length] ?? null,
      date_of_birth: `${1930 + ((i * 37) % 80)}-${String(1 + ((i * 5) % 12)).padStart(2, '0')}-${String(1 + ((i * 13) % 28)).padStart(2, '0')}`,
      postcode: `YO${1 + ((i * 17) % 30)} ${i % 10}A${'BDEFGH'[i % 6]}`,
      nhs_number: null,
    })
    const fields = Object.keys(person(0)).map((name) => ({ name, type: 'string' as const, sensitivity: 'plain' as const, nullable: true }))
    const gp = Array.from({ length: 600 }, (_, i) => person(i))
    const hospital = Array.from({ length: 600 }, (_, i) => {
      const same = person(i + 300)
      return { ...same, ...(i % 9 === 0 ? { given_name: (same.given_name ?? '').slice(1) } : {}), ...(i % 7 === 0 ? { postcode: null } : {}) }
    })
    const sources = [
      { name: 'gp', data: datasetFrom(fields, gp) },
      { name: 'hospital', data: datasetFrom(fields, hospital) },
    ]

    const model = defineModel({
      link: 'link',
      compare: [...fullName('given_name', 'family_name'), dateOfBirth('date_of_birth'), postcode('postcode'), nhsNumber('nhs_number', { conflict: 'forbid' })],
      block: [on('nhs_number'), on('given_name', 'family_name'), on('family_name', 'date_of_birth'), on('postcode')],
    })
    const linker = linkerOf(model, sources).train({ seed: 7 })
    const links = linker.predict({ atLeast: 0.9 })
    const { sources: numbering, rowCount: recordCount } = linker.table
    const clusters = cluster(links, { method: 'one-to-one', onePer: numbering, recordCount, cannotLink: linker.cannotLink })

    const people = peopleOf([...gp.keys(), ...hospital.map((_, i) => i + 300)].map(String))
    const found = measureLinks(links, truthOfPeople(people, 'link', numbering.offsets))
    expect(found.precision).toBeGreaterThan(0.98)
    expect(found.recall).toBeGreaterThan(0.98)
    expect(clusters.count).toBeLessThan(910)

    const fall = waterfall(linker.explain(links.left[0] ?? 0, links.right[0] ?? 0))
    expect(fall.steps[0]?.left).toEqual([{ hidden: true }, { hidden: true }])
    expect(fall.prior + fall.steps.reduce((sum, step) => sum + step.bits, 0)).toBeCloseTo(fall.total, 9)
    expect(fall.sentence).toMatch(/^One person with a probability of/)

    const more = linker.add({ name: 'clinic', data: datasetFrom(fields, [person(12)]) }, { atLeast: 0.9 })
    const history = add(beginHistory(clusters), more.links, { recordCount: more.linker.table.rowCount })
    expect(history.clusters.ids.at(-1)).toBe(12)
    expect(history.merges).toEqual([])
  })
})
