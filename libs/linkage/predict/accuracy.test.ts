import { describe, expect, it } from 'vitest'
import { deterministicLinks } from '../deterministic/passes.ts'
import { type Linker, linkerOf } from '../linker.ts'
import { on, prefix } from '../model/define.ts'
import { recordTable } from '../normalize/table.ts'
import { fakeModel, febrlModel, sitesModel } from '../testing/models.ts'
import { ifThere, oracleF1, qualityOf, reference, referenceIsThere, type TestSource, truthOf } from '../testing/records.ts'

function measure(linker: Linker, truth: Int32Array) {
  const { link } = linker.model
  const { offsets } = linker.table.sources
  const links = linker.predict({ atLeast: 0.001 })
  return {
    at: (atLeast: number) => qualityOf(links, truth, link, offsets, atLeast),
    oracle: oracleF1(links, truth, link, offsets),
    coverage: linker.blocking(truth).coverage ?? 0,
  }
}

const febrlPerson = (sources: TestSource[]) => truthOf(sources, (record) => String(record.rec_id).split('-')[1])

describe.skipIf(!referenceIsThere)(`accuracy on reference data with truth${ifThere}`, () => {
  it('links FEBRL4 one to one', () => {
    const sources = [reference('febrl4a.csv'), reference('febrl4b.csv')]
    const found = measure(linkerOf(febrlModel('link', true), sources).train(), febrlPerson(sources))
    expect(found.at(0.5).precision).toBeGreaterThanOrEqual(0.999)
    expect(found.at(0.5).recall).toBeGreaterThanOrEqual(0.997)
    expect(found.at(0.99).wrong).toBe(0)
    expect(found.at(0.99).recall).toBeGreaterThanOrEqual(0.99)
  })

  it('links FEBRL4 without its social-security number', () => {
    const sources = [reference('febrl4a.csv'), reference('febrl4b.csv')]
    const found = measure(linkerOf(febrlModel('link', false), sources).train(), febrlPerson(sources))
    expect(found.at(0.5).f1).toBeGreaterThanOrEqual(0.99)
  })

  it('de-duplicates FEBRL3', () => {
    const sources = [reference('febrl3.csv')]
    const found = measure(linkerOf(febrlModel('dedupe', true), sources).train(), febrlPerson(sources))
    expect(found.at(0.5).f1).toBeGreaterThanOrEqual(0.994)
  })

  it('de-duplicates fake_1000, where half of the fields are missing or wrong', () => {
    const sources = [reference('fake_1000.csv')]
    const found = measure(
      linkerOf(fakeModel(), sources).train(),
      truthOf(sources, (record) => record.cluster),
    )
    expect(found.coverage).toBeGreaterThanOrEqual(0.8)
    expect(found.at(0.5).precision).toBeGreaterThanOrEqual(0.99)
    expect(found.at(0.5).recall).toBeGreaterThanOrEqual(0.67)
    expect(found.oracle).toBeGreaterThanOrEqual(0.86)
  })

  it('tells twins and relatives apart by conflict rules', () => {
    const sources = [reference('uk_three_sites_dev.csv')]
    const found = measure(
      linkerOf(sitesModel(true), sources).train(),
      truthOf(sources, (record) => record.person_id),
    )
    expect(found.at(0.9).precision).toBeGreaterThanOrEqual(0.985)
    expect(found.at(0.9).recall).toBeGreaterThanOrEqual(0.972)
  })

  it('does passably without conflict rules', () => {
    const sources = [reference('uk_three_sites_dev.csv')]
    const found = measure(
      linkerOf(sitesModel(false), sources).train(),
      truthOf(sources, (record) => record.person_id),
    )
    expect(found.at(0.5).f1).toBeGreaterThanOrEqual(0.955)
  })

  it('links by deterministic passes as published for this file', () => {
    const sources = [reference('uk_three_sites_dev.csv')]
    const truth = truthOf(sources, (record) => record.person_id)
    const table = recordTable(sitesModel(false).columns, sources)
    const passes = (...rules: ReturnType<typeof on>[]) => {
      const quality = qualityOf(deterministicLinks(table, rules, { link: 'dedupe' }), truth, 'dedupe', table.sources.offsets)
      return [quality.recall, quality.precision].map((share) => Math.round(share * 10_000) / 10_000)
    }
    const near = (found: number[], recall: number, precision: number) => {
      expect(Math.abs((found[0] ?? 0) - recall)).toBeLessThanOrEqual(0.002)
      expect(Math.abs((found[1] ?? 0) - precision)).toBeLessThanOrEqual(0.002)
    }
    near(passes(on('nhs_number')), 0.575, 1)
    near(passes(on('nhs_number'), on('first_name', 'surname', 'dob', 'postcode')), 0.775, 1)
    near(passes(on('nhs_number'), on('first_name', 'surname', 'dob'), on(prefix('first_name', 1), 'surname', 'dob', 'postcode')), 0.878, 0.9945)
  })
})
