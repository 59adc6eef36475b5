/** The commands as a shell runs them. */
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { programOf } from '../../../test/e2e/program.ts'
import { addEvaluate } from './evaluate.ts'
import { addDedupe, addLink } from './link.ts'
import { addTokens } from './tokens.ts'

const root = join(import.meta.dirname, '..', '..', '..')
let folder: string

function gatehouse(...args: readonly string[]): Promise<{ status: number | null; out: string; error: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...programOf('cli'), ...args], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1' },
    })
    let [out, error] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      error += text
    })
    child.on('close', (status) => resolve({ status, out, error }))
  })
}

/** The same commands without a process of their own, which takes a second each. */
async function refused(args: readonly string[]): Promise<{ status: unknown; out: string; error: string }> {
  const program = new Command('gatehouse').option('--json')
  for (const add of [addLink, addDedupe, addEvaluate, addTokens]) add(program)
  const [log, fault, place] = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error'), process.exitCode]
  log.mockImplementation(() => {})
  fault.mockImplementation(() => {})
  try {
    await program.parseAsync(
      args.map((arg) => (existsSync(at(arg)) || /^(o|none)\./.test(arg) ? at(arg) : arg)),
      { from: 'user' },
    )
    return { status: process.exitCode, out: log.mock.calls.join('\n'), error: fault.mock.calls.join('\n') }
  } finally {
    process.exitCode = place
    vi.restoreAllMocks()
  }
}

const at = (name: string): string => join(folder, name)
const read = (name: string): string => readFileSync(at(name), 'utf8')
const secret = 'a1b2c3d4'.repeat(8)
/** Values that no message may repeat. */
const planted = ['Xylophina', 'Quartermaine', '1931-02-28', '9434765919']
const person = `${planted.join(',')}\n`
const header = 'given_name,family_name,date_of_birth,nhs_number\n'

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-link-'))
  for (const site of ['gp', 'hospital'])
    writeFileSync(at(`${site}.csv`), spawnSync(process.execPath, [join(root, 'examples', 'link', 'people.mjs'), site], { encoding: 'utf8' }).stdout)
  writeFileSync(at('key'), `${secret}\n`, { mode: 0o600 })
  writeFileSync(at('empty.csv'), '')
  writeFileSync(at('header.csv'), header)
  writeFileSync(at('one.csv'), header + person)
  writeFileSync(at('two.csv'), header + person + person)
  writeFileSync(at('broken.csv'), `${header}${person}${planted[0]},"${planted[1]}\n`)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('what goes wrong', { timeout: 120_000 }, () => {
  it('is told with its name and place, leaves no file, and repeats no value of a record and no secret', async () => {
    const model = {
      link: 'dedupe',
      columns: { given_name: { form: 'name' }, sex: { form: 'text' } },
      compare: [
        { name: 'given', kind: 'name', columns: ['given_name'] },
        { name: 'sex', kind: 'exact', columns: ['sex'] },
      ],
      block: [{ name: 'given', terms: [{ column: 'given_name' }] }],
    }
    writeFileSync(at('missing.json'), JSON.stringify(model))
    const given = { ...model, columns: { given_name: { form: 'name' } }, compare: model.compare.slice(0, 1) }
    writeFileSync(at('cap.json'), JSON.stringify({ ...given, pairCap: 100 }))
    writeFileSync(at('level.json'), JSON.stringify({ ...given, forbid: [{ name: 'x', when: [{ comparison: 'given', levels: ['wonderful'] }] }] }))
    writeFileSync(at('bad.json'), '{ "link": ')
    writeFileSync(at('loose'), secret, { mode: 0o644 })
    chmodSync(at('loose'), 0o644)
    writeFileSync(at('short'), 'a1b2', { mode: 0o600 })
    writeFileSync(at('links.csv'), 'left_source,left_row,right_source,right_row,weight,probability\ntwo.csv,1,two.csv,7,3,0.9\n')
    const tokens = ['tokens', 'two.csv', '--audience', 'study', '-o', 'o.csv', '--key-file']
    const cases: readonly (readonly [code: string, place: string, ...args: string[]])[] = [
      ['too_few_files', 'two.csv', 'link', 'two.csv'],
      ['no_such_file', 'none.csv', 'dedupe', 'none.csv', '-o', 'o.csv'],
      ['empty_file', 'empty.csv', 'dedupe', 'empty.csv', '-o', 'o.csv'],
      ['no_rows', 'header.csv', 'link', 'two.csv', 'header.csv', '-o', 'o.csv'],
      ['too_few_records', 'one.csv', 'dedupe', 'one.csv', '-o', 'o.csv'],
      ['unclosed_quote', 'broken.csv', 'dedupe', 'broken.csv', '-o', 'o.csv'],
      ['missing_column', 'two.csv', 'dedupe', 'two.csv', '--model', 'missing.json', '-o', 'o.csv'],
      ['missing_column', 'two.csv', 'dedupe', 'two.csv', '--model', 'cap.json', '--truth', 'person', '-o', 'o.csv'],
      ['too_many_pairs', 'cap.json', 'dedupe', 'gp.csv', '--model', 'cap.json', '-o', 'o.csv'],
      ['unknown_level', 'level.json', 'dedupe', 'two.csv', '--model', 'level.json', '-o', 'o.csv'],
      ['not_json', 'bad.json', 'dedupe', 'two.csv', '--model', 'bad.json', '-o', 'o.csv'],
      ['unknown_format', 'o.txt', 'dedupe', 'two.csv', '-o', 'o.txt'],
      ['would_overwrite', 'two.csv', 'dedupe', 'two.csv', '-o', 'two.csv'],
      ['key_readable_by_others', 'loose', ...tokens, 'loose'],
      ['bad_key', 'short', ...tokens, 'short'],
      ['missing_column', 'two.csv', ...tokens, 'key', '--scheme', 'initial-dob-postcode-1'],
      ['bad_name', 'key', ...tokens, 'key', '--audience', 'Not A Name'],
      ['no_truth', 'links.csv', 'evaluate', 'links.csv'],
      ['bad_value', 'links.csv', 'evaluate', 'links.csv', 'two.csv', '--truth', 'nhs_number'],
    ]
    for (const [code, place, ...args] of cases) {
      const { status, out, error } = await refused([...args, '--json'])
      expect([code, status, JSON.parse(out).error.code], error).toEqual([code, 1, code])
      expect(error).toContain(place)
      for (const value of [...planted, secret]) expect(out + error).not.toContain(value)
    }
    expect(readdirSync(folder).filter((name) => name.startsWith('o.') || name.endsWith('.part'))).toEqual([])
    const cap = await gatehouse('dedupe', 'gp.csv', '--model', 'cap.json', '-o', 'o.csv')
    expect(cap.error).toMatch(/would make up to [\d,]+ pairs and the cap is 100/)
  })
})

describe('the example of the guide', { timeout: 120_000 }, () => {
  it('drafts a model, links two files, tells why, and is right', async () => {
    const draft = await gatehouse('link', 'gp.csv', 'hospital.csv', '--draft')
    writeFileSync(at('model.json'), draft.out)
    const linked = await gatehouse(
      ...['link', 'gp.csv', 'hospital.csv', '--model', 'model.json', '--one-per-source', '-o', 'found.csv', '--clusters', 'people.csv'],
      ...['--report', 'report.html', '--save-model', 'trained.json', '--truth', 'person', '--by', 'sex', '--id', 'record', '--json'],
    )
    expect(linked.error).toBe('')
    const told = JSON.parse(linked.out)
    expect(told).toMatchObject({ outcome: 'linked', records: 4_000, truth: { groups: [{ group: 'F' }, { group: 'M' }] } })
    expect(told.truth.precision).toBeGreaterThan(0.98)
    expect(told.truth.recall).toBeGreaterThan(0.98)
    const [heading, ...links] = read('found.csv').trimEnd().split('\n')
    expect(heading).toBe('left_source,left_row,left_id,right_source,right_row,right_id,weight,probability,rule,cluster')
    expect(links).toHaveLength(told.links)
    expect(read('people.csv').trimEnd().split('\n')).toHaveLength(4_001)
    const report = read('report.html')
    expect(report).toContain('Against the truth')
    const names = read('gp.csv')
      .split('\n')
      .slice(1, 40)
      .map((line) => line.split(',')[4])
    for (const born of names) expect(report).not.toContain(String(born))

    const again = await gatehouse('link', 'gp.csv', 'hospital.csv', '--model', 'trained.json', '--one-per-source', '-o', 'again.csv', '--id', 'record')
    expect(again.status).toBe(0)
    expect(read('again.csv')).toBe(read('found.csv'))

    const judged = await gatehouse('evaluate', 'found.csv', 'gp.csv', 'hospital.csv', '--truth', 'person', '--json')
    expect(JSON.parse(judged.out).precision).toBe(told.truth.precision)
    expect(JSON.parse(judged.out).recall).toBe(told.truth.recall)
    writeFileSync(at('reviewed.csv'), [`${heading},match`, `${links[0]},1`, `${links[1]},no`, `${links[2]},`].join('\n'))
    const reviewed = await gatehouse('evaluate', 'found.csv', '--pairs', 'reviewed.csv', '--json')
    expect(JSON.parse(reviewed.out)).toMatchObject({ truePositives: 1, falsePositives: 1, unknown: links.length - 2 })
  })

  it('shows values in the report only when asked', async () => {
    await gatehouse('dedupe', 'hospital.csv', '--at-least', '0.5', '--report', 'shown.html', '--show-values')
    expect(existsSync(at('shown.html'))).toBe(true)
    expect(read('shown.html')).toContain('This page shows values')
  })

  it('makes tokens that join what is the same, however written, and tells why there is none', async () => {
    for (const site of ['gp', 'hospital']) {
      const { status, out } = await gatehouse(
        'tokens',
        `${site}.csv`,
        '--audience',
        'heart-study',
        '--key-file',
        'key',
        '--id',
        'person',
        '-o',
        `${site}-tokens.csv`,
        '--json',
      )
      expect(status).toBe(0)
      expect(JSON.parse(out)).toMatchObject({ records: 2_000, schemes: [{ scheme: 'nhs-1' }, { scheme: 'names-dob-1' }, { scheme: 'initial-dob-postcode-1' }] })
      expect(out).not.toContain(secret)
    }
    const tokens = (site: string) =>
      new Map(
        read(`${site}-tokens.csv`)
          .split('\n')
          .map((line) => line.split(','))
          .flatMap(([, id, scheme, token]) => (scheme === 'nhs-1' && token ? [[token, id] as const] : [])),
      )
    const [gp, hospital] = [tokens('gp'), tokens('hospital')]
    const shared = [...gp].filter(([token]) => hospital.has(token))
    expect(shared.length).toBeGreaterThan(400)
    for (const [token, id] of shared) expect(hospital.get(token)).toBe(id)
    expect(read('gp-tokens.csv')).toContain('nhs_number is missing')
  })
})
