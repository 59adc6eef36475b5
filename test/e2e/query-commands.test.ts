/** Sources, plans, runs and results by commands alone, each typed as a person would, against a real node. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must } from '@gatehouse/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, root, startInCluster } from './node.ts'
import { typed } from './program.ts'
import { member, purpose } from './scenario.ts'

let node: NodeProcess
let folder: string
let project = ''

const plan = (k: number, more: object = {}) => ({
  version: 1,
  form: 'anonymised',
  sources: [{ as: 'stays', table: 'hospital.stays' }],
  elements: [
    { name: 'born', source: 'stays', column: 'born', role: 'quasi', type: 'integer' },
    { name: 'town', source: 'stays', column: 'town', role: 'quasi' },
  ],
  treatment: { models: [{ model: 'k_anonymity', k }] },
  output: { title: 'Stays', formats: ['json', 'csv'] },
  ...more,
})

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-queries-'))
  node = await startInCluster({ environment: { GATEHOUSE_SOURCE_PLUGINS: join(root, 'examples/source-plugins/duckdb/warehouses.mjs') } })
  const { operator } = node
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
  const terms = { title: 'Stays', purpose, agreement: { reference: 'DSA-7' }, starts_at: day(-1), ends_at: day(30) }
  project = must(await operator.POST('/v1/projects', { body: terms })).id
  const path = { project }
  must(await operator.POST('/v1/projects/{project}/begin', { params: { path } }))
  must(await operator.PUT('/v1/projects/{project}/query-budget', { params: { path }, body: { epsilon_total: 1, floor: 10, clean_results: 'released' } }))
  // Keys of one's own are made by administrators, for themselves.
  const client = await member(node, 'administrator', 'anna@example.org')
  const holder = must(await client.GET('/v1/auth/session')).user?.id ?? ''
  must(await operator.POST('/v1/projects/{project}/members', { params: { path }, body: { kind: 'user', holder, role: 'project_analyst' } as never }))
  const { key } = must(await client.POST('/v1/api-keys', { body: { label: 'anna', expires_in_days: 1 } }))
  const files = {
    'anna.key': `${key}\n`,
    'stays.csv': `born,town\n${Array.from({ length: 200 }, (_, at) => `${1950 + (at % 4)},${at % 2 === 0 ? 'York' : 'Hull'}`).join('\n')}\n`,
    'plan.json': JSON.stringify(plan(5)),
    'second.json': JSON.stringify(plan(10, { cohort: { column: 'town', is: 'eq', value: 'York' } })),
    'wrong.json': JSON.stringify(plan(5, { sources: [{ as: 'stays', table: 'hospital.nothing' }] })),
    'broken.json': '{ "version": 1,',
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
})
afterAll(async () => {
  await node?.remove()
  await rm(folder, { recursive: true, force: true })
})

const gatehouse = (...args: string[]) => typed(node.home, args, folder)
const asAnna = (...args: string[]) => gatehouse(...args, '--key-file', 'anna.key')
/** A command's words, and the same as JSON. */
async function faces(...args: string[]) {
  const [words, json] = await Promise.all([gatehouse(...args), gatehouse('--json', ...args)])
  expect([words.code, words.stderr, json.code, json.stderr], args.join(' ')).toEqual([0, '', 0, ''])
  // biome-ignore lint/suspicious/noExplicitAny: answers of every command
  return { words: words.stdout, json: JSON.parse(json.stdout) as any }
}
const facesOf = (...args: string[]) => faces(...args, '--key-file', 'anna.key')

// Each command is a process of its own, which a busy machine takes its time to start.
const patience = { timeout: 240_000 }

describe('gatehouse source', patience, () => {
  it('says in words what is wrong, and what there is', async () => {
    expect(await gatehouse('source', 'add', 'x', '--kind', 'oracle')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/There is no such kind of source\. This node knows file, postgresql/),
    })
    expect((await gatehouse('source', 'add', 'x', '--kind', 'postgresql', '--set', 'host=db.example.org')).stderr).toContain('/settings/database')
    expect(await gatehouse('source', 'show', 'nowhere')).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no source nowhere') })
  })

  it('adds, fills, shows and removes one', async () => {
    expect((await gatehouse('source', 'add', 'hospital', '--kind', 'file', '--title', 'Hospital')).stdout).toContain('gatehouse source upload hospital FILE')
    expect((await gatehouse('source', 'add', 'hospital', '--kind', 'file')).stderr).toContain('Choose another name than hospital')
    const missing = await gatehouse('source', 'upload', 'hospital', 'nothing.csv')
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringMatching(/^There is no such file: nothing\.csv\. Name one that exists/) })
    expect((await gatehouse('source', 'upload', 'hospital', 'stays.csv')).stdout).toContain('hospital.stays has 200 rows in version 1.')
    expect((await gatehouse('source', 'check', 'hospital')).stderr).toContain('There is nothing to connect to.')
    const { words, json } = await faces('source', 'list')
    expect(words).toMatch(/hospital +file +Hospital +1 +active +healthy/)
    expect(json).toMatchObject([{ slug: 'hospital', tables: 1 }])
    expect((await faces('source', 'show', 'hospital.stays')).words).toMatch(/born +integer/)
    expect((await faces('source', 'kinds')).words).toContain('postgresql')
    await gatehouse('source', 'add', 'spare', '--kind', 'file')
    expect((await gatehouse('source', 'remove', 'spare')).stdout).toContain('spare is removed')
    must(await node.operator.POST('/v1/projects/{project}/sources', { params: { path: { project } }, body: { kind: 'table', reference: 'hospital.stays' } }))
  })

  it('knows what a plug-in of the node says is wrong', async () => {
    expect((await gatehouse('source', 'add', 'sales', '--kind', 'duckdb', '--set', 'file=sales.duckdb')).code).toBe(0)
    expect((await gatehouse('source', 'check', 'sales')).stdout).toContain('sales is unreachable: the folder of warehouses has no sales.duckdb.')
    expect((await gatehouse('source', 'remove', 'sales')).code).toBe(0)
  })
})

describe('gatehouse plan, run and result', patience, () => {
  const ids = { plan: '', left: '', right: '', result: '' }

  it('name each fault of a plan at its place, and keep nothing', async () => {
    expect((await asAnna('plan', 'check', project, 'broken.json')).stderr).toMatch(/^broken\.json is no JSON: /)
    const wrong = await asAnna('plan', 'check', project, 'wrong.json')
    expect(wrong).toMatchObject({ code: 1, stdout: expect.stringContaining('/sources/0/table') })
    expect((await gatehouse('plan', 'make', project, 'plan.json')).stderr).toContain('You may not do this')
    expect((await facesOf('plan', 'list', project)).json).toEqual([])
  })

  it('check, count, try and make one, and tell what another version changes', async () => {
    expect((await facesOf('plan', 'check', project, 'plan.json')).words).toContain('It holds together and fits its tables.')
    expect((await facesOf('plan', 'count', project, 'plan.json')).words).toMatch(/About \d+ people/)
    const tried = await facesOf('plan', 'dry-run', project, 'plan.json')
    expect(tried.words).toContain('A run would be held for its reviewers, unless')
    expect(tried.json).toMatchObject({ outcome: 'would_be_held', reason: null })
    const made = JSON.parse((await asAnna('--json', 'plan', 'make', project, 'plan.json')).stdout)
    ids.plan = made.id
    expect((await asAnna('plan', 'make', project, 'second.json', '--plan', ids.plan)).stdout).toContain(`Version 2 of ${ids.plan}.`)
    expect((await facesOf('plan', 'diff', project, ids.plan, '1', '2')).words).toMatch(/\/cohort/)
    expect((await facesOf('plan', 'show', project, ids.plan)).words).toContain('Stays: version 2, anonymised, from hospital.stays.')
  })

  it('run two versions and lay them side by side', async () => {
    const first = await asAnna('--json', 'run', 'start', project, ids.plan, '1')
    expect([first.code, first.stderr]).toEqual([0, ''])
    const run = JSON.parse(first.stdout)
    expect(run).toMatchObject({ state: 'released', reason: null })
    ;[ids.left, ids.result] = [run.id, run.result]
    const second = await asAnna('run', 'start', project, ids.plan)
    expect(second.stdout).toMatch(/^Stays, version 2: (released|held_for_review|refused)/)
    const { words, json } = await facesOf('run', 'list', project)
    expect(json).toHaveLength(2)
    expect(words).toContain(ids.left)
    ids.right = json.find(({ id }: { id: string }) => id !== ids.left).id
    expect((await facesOf('run', 'show', project, ids.left)).words).toContain(`Result ${ids.result} is released.`)
    expect((await facesOf('run', 'wait', project, ids.left)).json).toMatchObject({ id: ids.left })
    const compared = await facesOf('run', 'compare', project, ids.left, ids.right)
    expect(compared.words).toContain('The plans differ:')
    expect(compared.json.steps.map(({ title }: { title: string }) => title)).toEqual(['extract stays', 'prepare stays', 'select', 'treat', 'write'])
    expect(compared.json.changes.map(({ pointer }: { pointer: string }) => pointer)).toContain('/cohort')
    expect((await asAnna('run', 'cancel', project, ids.left)).stderr).toBe('Refused: The run has ended\nNothing needs to be done.\n')
    expect((await asAnna('run', 'show', project, 'x')).stderr).toMatch(/^Refused: /)
  })

  it('show what was released, and take it away', async () => {
    expect((await facesOf('result', 'list', project)).words).toContain(ids.result)
    expect((await facesOf('result', 'show', project, ids.result)).words).toMatch(/column town +pass/)
    expect((await facesOf('result', 'rows', project, ids.result)).words).toMatch(/York|Hull/)
    const taken = await asAnna('result', 'download', project, ids.result, '--format', 'json', '--out', 'taken.json')
    expect([taken.code, taken.stderr]).toEqual([0, ''])
    expect(await readFile(join(folder, 'taken.json'), 'utf8')).toContain('York')
    expect((await asAnna('result', 'download', project, ids.result, '--out', 'taken.json')).stderr).toContain('There is a file taken.json already')
    expect((await asAnna('result', 'download', project, ids.result, '--format', 'pdf', '--out', 'other')).stderr).toMatch(/^Refused: .*\/format/s)
  })
})
