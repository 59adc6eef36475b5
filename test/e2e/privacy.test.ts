/**
 * Plants values that occur nowhere else, sends them through every way a personal value can take, and then looks for them in
 * everything the node says, keeps and writes. Only the released record itself may hold them.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inspect, migratedDatabase, type SharedDatabase } from './database.ts'
import { header, sendFile } from './files.ts'
import { entries } from './log.ts'
import { type NodeProcess, startNode, until } from './node.ts'
import { addPartner, authorize, mapping, officer, type Partner, policyDocument, publishPolicy, purpose, recordType, redeem } from './scenario.ts'

/** Begins every planted value, so that one search finds them all. */
const mark = 'ZZPLANTED'
const person = {
  id: `${mark}-id-1`,
  given: `${mark}given`,
  family: `${mark}family`,
  email: `${mark.toLowerCase()}@example.org`,
  born: '1931-07-19',
  income: 987_654_321,
}
const traces = [mark, mark.toLowerCase(), '1931-07-19', '987654321']

let database: SharedDatabase
let node: NodeProcess
let partner: Partner

beforeAll(async () => {
  database = await migratedDatabase()
  node = await startNode({ environment: { DATABASE_URL: database.url, GATEHOUSE_LOG_LEVEL: 'trace' } })
  await live()
})
afterAll(async () => {
  await node?.remove()
  await database?.drop()
})

async function live(): Promise<void> {
  const row = (id: string, date = person.born) => `${id},${person.given},${person.family},${person.email},${date},${person.income}`
  const rejected = `${mark}-id-2,${person.given},${person.family},${person.email},${mark}-no-date,${mark}-no-number`
  await sendFile(node, recordType, [header, row(person.id), rejected, row(''), `${mark}"broken,quote`].join('\n'))
  const second = await officer(node)
  partner = await addPartner(node, 'northwind-bank')
  await publishPolicy(node, second, policyDocument('northwind-service', 'northwind-bank'))

  const staff = { authorization: `Bearer ${node.credential.key}` }
  const consent = {
    user_id: person.id,
    purposes: [purpose],
    recipients: ['northwind-bank'],
    data_classes: [recordType],
    method: 'paper',
    evidence_reference: 'form 7',
  }
  const given = (await post('/v1/consents', consent, { ...staff, 'idempotency-key': 'consent-1' })).body as { consent: { id: string } }
  // Sent again: what is kept for the repeat must not hold the receipt in clear.
  await post('/v1/consents', consent, { ...staff, 'idempotency-key': 'consent-1' })
  await post('/v1/consents/search', { user_id: person.id }, staff)
  await post('/v1/vault/propose', { sample: `${header}\n${row(person.id)}\n` }, { ...staff, 'idempotency-key': 'propose-1' })
  await post('/v1/vault/describe', { user_id: person.id }, staff)
  await post('/v1/vault/verify', { user_id: person.id }, staff)
  const shown = await post(
    '/v1/policies/preview',
    { document: policyDocument('preview', 'northwind-bank'), purpose, sample: [{ given_name: person.given, email: person.email }] },
    { ...staff, 'idempotency-key': 'preview-1' },
  )
  expect(JSON.stringify(shown.body)).toContain(person.given)
  // Staff read the record itself under a policy of their own.
  await publishPolicy(node, second, {
    ...policyDocument('staff-service', 'staff'),
    permission: policyDocument('', '').permission.map((rule) => ({
      ...rule,
      action: 'read',
      legal_basis: { basis: 'eu-gdpr:A6-1-b', law: 'the customer contract' },
    })),
  })
  const read = await post('/v1/records/read', { user_id: person.id, record_type: recordType, purpose }, { ...staff, 'idempotency-key': 'read-1' })
  expect(JSON.stringify(read.body)).toContain(person.given)
  await post('/v1/vault/imports', { mapping: { ...mapping, record_type: mark } }, staff)
  await post('/v1/auth/sign-in', { email: person.email, password: `${mark}-password` })

  for (const userId of [`${mark}-unknown`, '', `${mark}\n${mark}`, `${mark}\u0000`, mark.repeat(60)]) await authorize(node, partner, userId)
  await authorize(node, partner, person.id, { purpose: mark.toLowerCase() })
  await authorize(node, partner, person.id, { fields: [mark] })
  await authorize(node, partner, person.id, { [mark]: mark })
  await raw('/v1/authorize', `{"user_id": "${person.id}", broken`)
  await raw(`/v1/authorize?user_id=${person.id}`, '{}')
  await raw(`/v1/${mark}/${person.id}`, '{}')
  await redeem(node, `gh1_${mark}`)

  const granted = (await authorize(node, partner, person.id)).body
  const released = await redeem(node, granted.token)
  expect(JSON.stringify(released.body)).toContain(person.given)
  await until(async () => (await entries(node.operator, { type: 'release.deliver' })).length > 0)
  await post(`/v1/consents/${given.consent.id}/receipt`, { user_id: person.id }, staff)
  await post(`/v1/consents/${given.consent.id}/withdraw`, { user_id: person.id, reason: 'asked by telephone' }, staff)
  await until(async () => (await entries(node.operator, {})).every((entry) => entry.integrated), 15_000)
}

async function post(path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${node.origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: await answer.json() }
}

function raw(path: string, body: string): Promise<Response> {
  return fetch(`${node.origin}${path}`, { method: 'POST', headers: { authorization: `Bearer ${partner.key}`, 'content-type': 'application/json' }, body })
}

const found = (text: string) => traces.filter((trace) => text.includes(trace))

describe('a planted value appears nowhere', () => {
  it('in what the process prints, at the finest log level', () => {
    expect(node.output().length).toBeGreaterThan(500)
    expect(found(node.output())).toEqual([])
  })

  it('in the files of its home', async () => {
    const files = (await readdir(node.home, { recursive: true, withFileTypes: true })).filter((file) => file.isFile())
    expect(files.length).toBeGreaterThan(1)
    for (const file of files) expect([file.name, found(await readFile(join(file.parentPath, file.name), 'latin1'))]).toEqual([file.name, []])
  })

  it('in the metrics', async () => {
    const text = await (await fetch(`${node.origin}/metrics`)).text()
    expect(text).toContain('# HELP')
    expect(found(text)).toEqual([])
  })

  it('in the ledger, as its whole text', async () => {
    const list = await entries(node.operator, {})
    expect(list.length).toBeGreaterThan(15)
    expect(found(JSON.stringify(list))).toEqual([])
  })

  it('in any column of any table', async () => {
    const tables = await inspect<{ place: string }>(
      database.superuser,
      `SELECT format('%I.%I', table_schema, table_name) AS place FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    )
    expect(tables.length).toBeGreaterThan(20)
    const hits = new Set<string>()
    for (const { place } of tables) {
      for (const row of await inspect<Record<string, unknown>>(database.superuser, `SELECT * FROM ${place}`)) {
        for (const [column, value] of Object.entries(row)) {
          const text = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : (JSON.stringify(value) ?? '')
          for (const trace of found(text)) hits.add(`${place}.${column}: ${trace}`)
        }
      }
    }
    expect([...hits]).toEqual([])
  })
})
