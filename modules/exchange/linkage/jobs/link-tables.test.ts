import { nodePrimitives } from '@gatehouse/crypto/node'
import { datasetFrom } from '@gatehouse/tabular/dataset'
import type { Field, Semantic } from '@gatehouse/tabular/field'
import { describe, expect, it } from 'vitest'
import { atGp, atHospital } from '../testing/people.ts'
import { type LinkTask, linkTables } from './link-tables.ts'
import { jobReportSchema } from './report.ts'

const fields: Field[] = ['number', 'given_name', 'family_name', 'date_of_birth', 'postcode'].map((name) => ({
  name,
  type: 'string',
  sensitivity: 'plain',
  nullable: true,
  ...(name === 'number' ? {} : { semantic: name as Semantic }),
}))
const left = { reference: 'gp.patients', data: datasetFrom(fields, atGp()), key: ['number'] }
const right = { reference: 'hospital.patients', data: datasetFrom(fields, atHospital()), key: ['number'] }
const task: LinkTask = {
  left,
  right,
  model: undefined,
  dateOrder: undefined,
  threshold: 0.9999,
  reviewFrom: 0.5,
  oneToOne: true,
  seed: 7,
  doubtfulMax: 50,
  rowKey: new Uint8Array(32).fill(1),
  decisions: new Map(),
}
const link = (more: Partial<LinkTask> = {}) => linkTables(nodePrimitives, { ...task, ...more })
const first = link()
const pairs = ({ left, right }: { readonly left: readonly string[]; readonly right: readonly string[] }) => left.map((one, index) => `${one} ${right[index]}`)
const key = (one: string, other: string) => [one, other].sort().join(' ')

describe('links between two tables', () => {
  it('are refused where nothing in common tells people apart', () => {
    const bare = { ...right, data: datasetFrom(fields.slice(0, 1), [{ number: 'H1' }]) }
    expect(() => link({ right: bare })).toThrow(/no columns of these sources/)
  })

  it('are pairs of keyed digests; neither they nor the report nor the model hold a value of a record', () => {
    expect(first.links.left.length).toBeGreaterThan(250)
    expect(first.links.left.length).toBeLessThan(320)
    for (const name of [...first.links.left, ...first.links.right]) expect(name).toMatch(/^[A-Za-z0-9_-]{43}$/)
    const told = JSON.stringify([first.links, first.report, first.model])
    for (const value of [/archer/, /okafor/, /YO\d+ \d/, /1930-\d\d-/, /"G300"/, /"H0"/]) expect(told).not.toMatch(value)
    expect(jobReportSchema.parse(first.report)).toEqual(first.report)
  })

  it('are named alike in every run under the project’s key, and otherwise under another’s', () => {
    expect(link().links).toEqual(first.links)
    expect(link({ rowKey: new Uint8Array(32).fill(2) }).links.left).not.toContain(first.links.left[0])
  })

  it('have each record once where each table has each person once', () => {
    for (const side of [first.links.left, first.links.right]) expect(new Set(side).size).toBe(side.length)
  })
})

describe('what is in doubt', () => {
  it('lies between the two probabilities, is shown to people with the values that were compared, and is no link', () => {
    expect(first.doubtful.length).toBe(Math.min(50, first.report.doubtful))
    expect(first.doubtful.length).toBeGreaterThan(0)
    const links = new Set(pairs(first.links))
    for (const { left, right, probability, fall } of first.doubtful) {
      expect(probability).toBeGreaterThanOrEqual(0.5)
      expect(probability).toBeLessThan(0.9999)
      expect(links.has(`${left} ${right}`)).toBe(false)
      expect(fall.steps.some(({ left: [value] }) => value?.hidden === false)).toBe(true)
    }
  })

  it('is done the next time as people have decided it, and is not asked again', () => {
    const [yes, no] = [first.doubtful[0], first.doubtful[1]] as [(typeof first.doubtful)[number], (typeof first.doubtful)[number]]
    const parted = { left: first.links.left[0] as string, right: first.links.right[0] as string }
    const decisions = new Map([
      [key(yes.left, yes.right), true],
      [key(no.left, no.right), false],
      [key(parted.left, parted.right), false],
    ])
    const again = link({ decisions })
    const linked = new Set(pairs(again.links))
    expect(linked.has(`${yes.left} ${yes.right}`)).toBe(true)
    for (const { left, right } of [no, parted]) expect(linked.has(`${left} ${right}`)).toBe(false)
    const asked = new Set(pairs({ left: again.doubtful.map((one) => one.left), right: again.doubtful.map((one) => one.right) }))
    for (const { left, right } of [yes, no, parted]) expect(asked.has(`${left} ${right}`)).toBe(false)
    expect(again.report.decided).toEqual({ linked: 1, parted: 2 })
  })
})
