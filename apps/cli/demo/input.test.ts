import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fieldsOf } from '@gatehouse/tabular/mapping'
import { afterAll, describe, expect, it } from 'vitest'
import { sampleOf } from '../files/read-rows.ts'
import { useFor } from './draft-policy.ts'
import { chooseCast, demoMapping, inventPeople } from './input.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-input-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const site = (row: number) => `R${String(row).padStart(6, '0')},gp,Mike,Carson,${1950 + (row % 60)}-07-17,YO22 9AJ,${7000 + (row >> 1)}`
const sites = `record_id,site,first_name,surname,dob,postcode,person_id\n${Array.from({ length: 40 }, (_, row) => site(row)).join('\n')}\n`
const choice = { recordType: 'demo_person' }

describe('the mapping of a file that nobody has described', () => {
  it('is refused where a named column is not there, or nothing names the person', () => {
    expect(() => demoMapping([{ a: 'x' }], { ...choice, subject: 'b' })).toThrow('no column "b"')
    expect(() => demoMapping([{ a: 'x' }, { a: 'x' }], choice)).toThrow('--subject')
  })

  it('takes the first unrepeated identifier for the person, and leaves other identifiers behind', async () => {
    const { mapping } = demoMapping(await sampleOf(file('sites.csv', sites)), choice)
    expect(mapping).toMatchObject({ subject: 'record_id', drop: ['person_id'] })
    expect(Object.keys(mapping.fields)).not.toContain('person_id')
  })

  it('does as it is told', async () => {
    const { mapping } = demoMapping(await sampleOf(file('sites.csv', sites)), { ...choice, subject: 'person_id', drop: ['site'] })
    expect(mapping).toMatchObject({ subject: 'person_id', drop: ['site'] })
  })
})

describe('the cast', () => {
  it('is refused when there are too few people', async () => {
    const path = file('two.csv', 'record_id,note\nA1,x\nA2,y\nA2,z\n')
    const { mapping } = demoMapping(await sampleOf(path), { ...choice, subject: 'record_id' })
    await expect(chooseCast(path, mapping)).rejects.toThrow('at least three people')
  })

  it('counts every row, and follows the most complete person who consents, in their latest record', async () => {
    const path = file('few.csv', 'record_id,city,born\nA1,,1980-01-01\nA2,Leeds,1980-02-31\nA3,York,1970-01-01\nA3,Hull,1970-01-01\nA4,Ely,1971-01-01\n')
    const mapping = { record_type: 'p', subject: 'record_id', fields: { city: {}, born: { type: 'date' as const } } }
    const cast = await chooseCast(path, mapping)
    expect(cast).toMatchObject({ rows: 5, faults: 1, ids: ['A1', 'A3', 'A4'], consenting: ['A1', 'A3'], silent: 'A4', withdrawing: 'A1', unknown: 'nobody' })
    expect(cast.followed).toEqual({ id: 'A3', record: { city: 'Hull', born: '1970-01-01' } })
  })

  it('leaves one in ten without consent, and never asks one of them to withdraw', async () => {
    const path = await inventPeople(folder, 100, 3)
    const { mapping } = demoMapping(await sampleOf(path), choice)
    const cast = await chooseCast(path, mapping)
    expect(mapping.subject).toBe('customer_id')
    expect([cast.ids.length, cast.consenting.length, cast.faults]).toEqual([100, 90, 0])
    expect(cast.consenting).not.toContain(cast.silent)
    expect(new Set([cast.followed.id, cast.withdrawing, cast.silent, cast.unknown]).size).toBe(4)
  })

  it('keeps telephone numbers as they are', async () => {
    const rows = await sampleOf(await inventPeople(folder, 50, 3))
    expect(rows.filter(({ phone }) => phone !== null).every(({ phone }) => String(phone).startsWith('+44'))).toBe(true)
  })
})

describe('what a file could be asked for', () => {
  const use = async (path: string) => useFor(fieldsOf(demoMapping(await sampleOf(path), choice).mapping)).template

  it('follows from its fields', async () => {
    expect(await use(await inventPeople(folder, 50, 3))).toBe('loan_application')
    expect(await use(file('sites.csv', sites))).toBe('marketing_with_consent')
    expect(await use(file('health.csv', sites.replace('site', 'diagnosis')))).toBe('care_coordination')
  })
})
