import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Connection } from '../connector.ts'
import type { JsonObject } from '../json/document.ts'
import { connectorContract } from '../testing/connector-contract.ts'
import { connectorContext } from '../testing/context.ts'
import { contractRows } from '../testing/contract-rows.ts'
import { type Handler, type JsonServer, jsonServer } from '../testing/json-server.ts'
import { requestFor, rowsRead, tableNamed } from '../testing/reading.ts'
import { fhir } from './connector.ts'
import { valueAt } from './element.ts'
import { resourceColumns } from './resources.ts'

const patients = [
  {
    resourceType: 'Patient',
    id: 'a',
    identifier: [
      { system: 'urn:mrn', value: 'M1' },
      { system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9434765919' },
    ],
    name: [{ family: 'Hale', given: ['Ann', 'Mary'] }],
    gender: 'female',
    birthDate: '1980-02-29',
    telecom: [
      { system: 'email', value: 'ann@example.org' },
      { system: 'phone', value: '0113 496 0000' },
    ],
    address: [{ city: 'Leeds', postalCode: 'LS1 4AP' }],
    managingOrganization: { reference: 'https://fhir.example.org/Organization/o1' },
    meta: { lastUpdated: '2026-01-01T00:00:00+01:00' },
  },
  { resourceType: 'Patient', id: 'b', birthDate: '1980', gender: 'male', active: true },
  { resourceType: 'Patient', id: 'c', birthDate: '1990-01', name: [] },
]
const observations = [
  {
    resourceType: 'Observation',
    id: '1',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }], text: 'Heart rate' },
    subject: { reference: 'Patient/a' },
    effectiveDateTime: '2026-01-02T23:30:00-05:00',
    valueQuantity: { value: 72.5, unit: 'beats', code: '/min' },
  },
  {
    resourceType: 'Observation',
    id: '2',
    status: 'final',
    code: { coding: [{ code: '72166-2' }] },
    subject: { reference: 'Patient/b' },
    effectivePeriod: { start: '2026-01-03' },
    valueCodeableConcept: { coding: [{ code: 'never' }] },
  },
]
const devices = [{ resourceType: 'Device', id: 'd', type: { coding: [{ code: 'x' }], text: 'Scale' }, lotNumber: '7' }]
const store: Record<string, { id: string }[]> = { Patient: patients, Observation: observations, Device: devices }
const parameters = { Patient: ['gender', 'birthdate', '_id'], Observation: ['patient', 'code', 'date'], Device: [] }

const served: Handler = (url, request) => {
  if (request.headers.accept !== 'application/fhir+json') return { status: 406 }
  const type = url.pathname.slice('/r4/'.length)
  if (type === 'metadata') {
    const resource = Object.entries(parameters).map(([name, search]) => ({ type: name, searchParam: search.map((each) => ({ name: each })) }))
    return { json: { resourceType: 'CapabilityStatement', fhirVersion: '4.0.1', software: { name: 'Test' }, rest: [{ mode: 'server', resource }] } }
  }
  const found = store[type] ?? []
  const at = Number(url.searchParams.get('_page') ?? 0)
  const entry = found.slice(at, at + 2).map((resource) => ({ resource, search: { mode: 'match' } }))
  const next = at + 2 < found.length ? [{ relation: 'next', url: `${url.origin}/r4/${type}?_page=${at + 2}` }] : []
  const warning = { resource: { resourceType: 'OperationOutcome', id: 'w' }, search: { mode: 'outcome' } }
  return { json: { resourceType: 'Bundle', type: 'searchset', entry: [...entry, warning], link: [{ relation: 'self', url: url.href }, ...next] } }
}

let server: JsonServer
const context = connectorContext(['127.0.0.1', 'localhost'])
beforeAll(async () => {
  server = await jsonServer(served)
})
beforeEach(() => server.answer(served))
afterAll(async () => {
  await context.node.egress.close()
  await server.close()
})
const open = (more: object = {}): Promise<Connection> => fhir.open(context, fhir.settings.parse({ url: `${server.origin}/r4`, ...more }), undefined)

describe('a server that is not believed', () => {
  const capability = { resourceType: 'CapabilityStatement', fhirVersion: '4.0.1', rest: [{ resource: [{ type: 'Patient' }] }] }
  const bundle = (next: string) => ({ resourceType: 'Bundle', entry: [{ resource: patients[0] }], link: [{ relation: 'next', url: next }] })
  it.each([
    ['no FHIR', { resourceType: 'Patient' }, 'no FHIR server'],
    ['another release', { ...capability, fhirVersion: '3.0.2' }, 'speaks no FHIR R4'],
  ])('%s', async (_, json, words) => {
    server.answer(() => ({ json }))
    await expect((await open()).check()).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining(words) })
  })

  it.each([
    ['a next page on another host', bundle('https://evil.example/r4/Patient?_page=2'), 'at another place'],
    ['a next page at another port', bundle('http://127.0.0.1:1/r4/Patient?_page=2'), 'at another place'],
    ['a next page that is no address', bundle('https://'), 'at another place'],
    ['a next page that is this one', bundle('?_page=1'), 'go round in a circle'],
    ['no bundle', { resourceType: 'OperationOutcome', issue: [{ diagnostics: 'Mary' }] }, 'with no bundle'],
  ])('%s', async (_, json, words) => {
    server.answer((url) => ({ json: url.pathname.endsWith('metadata') ? capability : json }))
    const connection = await open()
    const patient = await tableNamed(connection, 'Patient')
    await expect(rowsRead(connection, requestFor(patient))).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining(words) })
  })

  it('a type that it no longer has', async () => {
    const connection = await open()
    const table = { ...(await tableNamed(connection, 'Patient')), name: 'Consent' }
    await expect(rowsRead(connection, requestFor(table))).rejects.toMatchObject({ code: 'drifted' })
  })
})

describe('the tables of a server', () => {
  it('are the types that it has, of those that were named', async () => {
    const found = await (await open({ resources: ['Patient', 'Observation', 'Condition'] })).discover()
    expect(found.map(({ name, key, references }) => [name, key, references.map(({ table }) => table)])).toEqual([
      ['Patient', ['id'], []],
      ['Observation', ['id'], ['Patient', 'Encounter']],
    ])
  })

  it('Patient: names, dates as far as they are known, one identifier by its system', async () => {
    const connection = await open({ identifiers: { nhs_number: 'https://fhir.nhs.uk/Id/nhs-number' } })
    const patient = await tableNamed(connection, 'Patient')
    const rows = await rowsRead(connection, requestFor(patient))
    expect(rows).toMatchObject([
      {
        id: 'a',
        identifier_value: 'M1',
        identifier_nhs_number: '9434765919',
        name_family: 'Hale',
        name_given: 'Ann',
        gender: 'female',
        birth_date: '1980-02-29',
        birth_date_year: 1980,
        telecom_phone: '0113 496 0000',
        telecom_email: 'ann@example.org',
        address_postal_code: 'LS1 4AP',
        managing_organization_id: 'o1',
        meta_last_updated: '2025-12-31T23:00:00.000Z',
      },
      { id: 'b', birth_date: null, birth_date_year: 1980, active: true, name_family: null },
      { id: 'c', birth_date: null, birth_date_year: 1990 },
    ])
  })

  it('Observation: codes, the subject, the day where it was written, the value by its kind', async () => {
    const connection = await open()
    const rows = await rowsRead(connection, requestFor(await tableNamed(connection, 'Observation')))
    expect(rows).toMatchObject([
      {
        id: '1',
        code_code: '8867-4',
        code_display: 'Heart rate',
        subject_id: 'a',
        effective_date: '2026-01-02',
        effective_time: '2026-01-03T04:30:00.000Z',
        value_number: 72.5,
        value_unit: '/min',
      },
      { id: '2', subject_id: 'b', effective_date: '2026-01-03', effective_time: null, value_number: null, value_code: 'never' },
    ])
  })

  it('another type by a sample', async () => {
    const connection = await open({ resources: ['Device'] })
    const device = await tableNamed(connection, 'Device')
    expect(device.columns.map(({ column }) => column)).toEqual(['resourceType', 'id', 'type.coding', 'type.text', 'lotNumber'])
    expect(await rowsRead(connection, requestFor(device, { columns: ['type_text'] }))).toEqual([{ type_text: 'Scale' }])
  })
})

/** Reference data, if present: bundles of generated people, with counts that somebody else made of them. */
const synthea = join(import.meta.dirname, '../../../../../../shared/data/health/synthea-fhir-r4')
it.skipIf(!existsSync(synthea))('finds in generated records what others have counted in them', () => {
  const counted = JSON.parse(readFileSync(`${synthea}-expected.json`, 'utf8')) as Record<
    string,
    { resources: Record<string, number>; observationsWithNumericValue: number }
  >
  for (const [file, { resources, observationsWithNumericValue }] of Object.entries(counted)) {
    const { entry } = JSON.parse(readFileSync(join(synthea, file), 'utf8')) as { entry: { resource: { resourceType: string } }[] }
    const found = (type: string, name: string) => {
      const element = resourceColumns[type]?.find(({ column }) => column === name)
      const all = entry.map(({ resource }) => resource as JsonObject).filter(({ resourceType }) => resourceType === type)
      return all.filter((resource) => element !== undefined && valueAt(resource, element) !== null).length
    }
    expect(found('Observation', 'value.number')).toBe(observationsWithNumericValue)
    expect(found('Observation', 'systolic')).toBe(found('Observation', 'diastolic'))
    for (const [type, name] of [
      ['Patient', 'birthDate'],
      ['Observation', 'subject.id'],
      ['Condition', 'code.code'],
      ['Encounter', 'start.time'],
      ['MedicationRequest', 'subject.id'],
      ['Procedure', 'performed.date'],
    ] as const)
      expect([file, type, name, found(type, name)]).toEqual([file, type, name, resources[type] ?? 0])
  }
})

describe('what the server is asked to leave out', () => {
  const asked = async (type: string, where: object): Promise<string> => {
    const connection = await open()
    await rowsRead(connection, requestFor(await tableNamed(connection, type), { columns: ['id'], where: where as never }))
    return decodeURIComponent(server.asked.findLast((line) => line.includes(`/${type}?_count`)) ?? '')
  }
  it.each([
    ['Patient', { column: 'gender', is: 'eq', value: 'female' }, '&gender=female&_elements=id,gender'],
    ['Patient', { column: 'gender', in: ['female', 'male'] }, '&gender=female,male&'],
    ['Patient', { column: 'birth_date', is: 'ge', value: '1980-03-01' }, '&birthdate=ge1980-02-29&'],
    ['Patient', { column: 'birth_date', is: 'eq', value: '1980-02-29' }, '&birthdate=ge1980-02-28&birthdate=le1980-03-01&'],
    [
      'Observation',
      {
        all: [
          { column: 'subject_id', is: 'eq', value: 'a' },
          { column: 'effective_date', is: 'lt', value: '2026-01-01' },
        ],
      },
      '&patient=a&date=le2026-01-02&',
    ],
  ])('%s %j', async (type, where, words) => {
    expect(await asked(type, where)).toContain(words)
  })

  it.each([
    ['what the server does not search by', 'Patient', { column: 'name_family', is: 'eq', value: 'Hale' }],
    ['what the server does not say it searches by', 'Observation', { column: 'status', is: 'eq', value: 'final' }],
    ['a value with a meaning of its own', 'Patient', { column: 'gender', is: 'eq', value: 'female,male' }],
    ['a value that would be another parameter', 'Patient', { column: 'gender', is: 'eq', value: 'x&_include=*' }],
    ['what is not', 'Patient', { column: 'gender', is: 'ne', value: 'female' }],
    ['a day that is none', 'Patient', { column: 'birth_date', is: 'gt', value: '1980-02-30' }],
    [
      'one of two',
      'Patient',
      {
        any: [
          { column: 'gender', is: 'eq', value: 'female' },
          { column: 'birth_date', is: 'gt', value: '1980-02-28' },
        ],
      },
    ],
  ])('but not %s', async (_, type, where) => {
    expect(await asked(type, where)).toMatch(/\?_count=500&_elements=[\w,]+$/)
  })
})

describe('the contract', () => {
  const password = 'contract-SECRET-21'
  let contract: JsonServer
  beforeAll(async () => {
    contract = await jsonServer((url, request) => {
      const authorization = Buffer.from((request.headers.authorization ?? '').slice(6), 'base64').toString()
      if (authorization !== `reader:${password}`) return { status: 401, json: { detail: authorization } }
      if (url.pathname === '/metadata')
        return { json: { resourceType: 'CapabilityStatement', fhirVersion: '4.0.1', rest: [{ resource: [{ type: 'Basic' }] }] } }
      const from = Number(url.searchParams.get('_page') ?? 0)
      const entry = contractRows.slice(from, from + 300).map((row) => ({ resource: { ...row, resourceType: 'Basic', id: String(row.id) } }))
      const link = from + 300 < contractRows.length ? [{ relation: 'next', url: `Basic?_page=${from + 300}` }] : []
      return { json: { resourceType: 'Bundle', entry, link } }
    })
  })
  afterAll(() => contract.close())
  const opened = (url: string, word: string) =>
    fhir.open(context, fhir.settings.parse({ url, resources: ['Basic'], types: { id: 'integer' } }), { user: 'reader', password: word })

  connectorContract('FHIR', () => ({
    table: 'Basic',
    open: () => opened(contract.origin, password),
    openWrongly: () => opened(contract.origin, 'wrong-SECRET-22'),
    openAt: (port) => opened(`http://127.0.0.1:${port}`, password),
    secrets: [password, 'wrong-SECRET-22'],
    resumes: false,
  }))
})
