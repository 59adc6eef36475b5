import { join } from 'node:path'
import { must } from '@gatehouse/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migratedDatabase, type SharedDatabase } from './database.ts'
import { entries, faults } from './log.ts'
import { homeBeside, type NodeProcess, startNode, until } from './node.ts'
import { arrange, authorize, member, purpose, type Scenario } from './scenario.ts'
import { volley } from './volley.ts'

let database: SharedDatabase
let one: NodeProcess
let other: NodeProcess
let scene: Scenario

beforeAll(async () => {
  database = await migratedDatabase()
  other = await startNode({ environment: { DATABASE_URL: database.url, GATEHOUSE_ROLES: 'api,exchange' } })
  // The operator's key is the one of the process that started last.
  one = await startNode({ home: await homeBeside(other), environment: { DATABASE_URL: database.url, GATEHOUSE_BLOBS: join(other.home, 'blobs') } })
  scene = await arrange(one)
})
afterAll(async () => {
  await Promise.all([one?.remove(), other?.remove()])
  await database?.drop()
})

describe('one token, redeemed a thousand times at the same moment in two processes', () => {
  it('gives the data once, and the ledger knows of every attempt', async () => {
    const granted = (await authorize(one, scene.partner, 'C1')).body
    const statuses = await volley(granted.token, [
      { node: one, over: 'http', count: 400 },
      { node: other, over: 'http', count: 400 },
      { node: one, over: 'socket', count: 100 },
      { node: other, over: 'socket', count: 100 },
    ])
    expect(statuses).toHaveLength(1_000)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 403)).toHaveLength(999)

    const about = { object_kind: 'release', object_id: granted.release_id }
    await until(async () => (await entries(one.operator, { ...about, type: 'release.deliver' })).length > 0)
    const found = await entries(one.operator, about)
    const count = (type: string, decision?: string) => found.filter(({ body }) => body.type === type && body.decision === decision).length
    expect(found).toHaveLength(1_002)
    expect([count('release.authorize', 'permit'), count('release.redeem', 'permit'), count('release.redeem', 'deny'), count('release.deliver')]).toEqual([
      1, 1, 999, 1,
    ])
    // Whoever came too late was told so by the winner and not by the clock; by then the delivery may have been closed or not.
    const reasons = new Set(found.filter(({ body }) => body.decision === 'deny').flatMap(({ body }) => body.details?.reasons))
    expect([...reasons].filter((reason) => reason !== 'spent' && reason !== 'delivered')).toEqual([])
    expect(reasons.size).toBeGreaterThan(0)
  })

  it('leaves a sound log and sound chains', async () => {
    expect(await faults(one.operator)).toEqual([])
  })
})

describe('one token for a file of a result, redeemed in two processes at the same moment', () => {
  it('gives the file once', async () => {
    const { operator, origin, credential } = one
    const { id: source } = must(await operator.POST('/v1/data-sources', { body: { slug: 'hospital', kind: 'file', title: 'Hospital' } }))
    const sent = await fetch(`${origin}/v1/data-sources/${source}/uploads?name=stays`, {
      method: 'POST',
      headers: { authorization: `Bearer ${credential.key}`, 'content-type': 'text/csv' },
      body: `born,town\n${Array.from({ length: 200 }, (_, at) => `${1950 + (at % 4)},${at % 2 === 0 ? 'York' : 'Hull'}`).join('\n')}\n`,
    })
    expect(sent.status).toBe(201)
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
    const terms = { title: 'Stays', purpose, agreement: { reference: 'DSA-7' }, starts_at: day(-1), ends_at: day(30) }
    const { id: project } = must(await operator.POST('/v1/projects', { body: terms }))
    const path = { project }
    must(await operator.POST('/v1/projects/{project}/begin', { params: { path } }))
    must(await operator.POST('/v1/projects/{project}/sources', { params: { path }, body: { kind: 'table', reference: 'hospital.stays' } }))
    must(await operator.PUT('/v1/projects/{project}/query-budget', { params: { path }, body: { epsilon_total: 1, floor: 10, clean_results: 'released' } }))
    const analyst = await member(one, 'administrator', 'analyst@example.org')
    const { id: holder } = must(await analyst.GET('/v1/auth/session', {})).user as { id: string }
    must(await operator.POST('/v1/projects/{project}/members', { params: { path }, body: { kind: 'user', holder, role: 'project_analyst' } as never }))
    const { key } = must(await analyst.POST('/v1/api-keys', { body: { label: 'files' } as never })) as { key: string }
    const document = {
      version: 1,
      form: 'anonymised',
      sources: [{ as: 'stays', table: 'hospital.stays' }],
      elements: [
        { name: 'born', source: 'stays', column: 'born', role: 'quasi', type: 'integer' },
        { name: 'town', source: 'stays', column: 'town', role: 'quasi' },
      ],
      treatment: { models: [{ model: 'k_anonymity', k: 5 }] },
      output: { title: 'Stays', formats: ['json'] },
    }
    const plan = must(await analyst.POST('/v1/projects/{project}/query-plans', { params: { path }, body: { document: document as never } }))
    const version = { ...path, plan: plan.id, version: 1 }
    const run = must(await analyst.POST('/v1/projects/{project}/query-plans/{plan}/versions/{version}/runs', { params: { path: version } }))
    let result = ''
    await until(async () => {
      const { state, reason, result: made } = must(await analyst.GET('/v1/projects/{project}/runs/{run}', { params: { path: { ...path, run: run.id } } }))
      if (!['queued', 'checking', 'running', 'treating', 'disclosure_control'].includes(state)) expect([state, reason]).toEqual(['released', null])
      result = made ?? ''
      return state === 'released'
    }, 30_000)
    const download = { params: { path: { ...path, result } }, body: { format: 'json' as const } }
    const { token } = must(await analyst.POST('/v1/projects/{project}/results/{result}/downloads', download))
    const redeemed = ({ origin: at }: NodeProcess) =>
      fetch(`${at}/v1/projects/${project}/results/${result}/downloads/${token}`, { headers: { authorization: `Bearer ${key}` } })
    const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => redeemed(at % 2 === 0 ? one : other)))
    const won = answers.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    expect(await won[0]?.text()).toContain('York')
    expect(new Set(answers.filter(({ status }) => status !== 200).map(({ status }) => status))).toEqual(new Set([403]))
  })
})
