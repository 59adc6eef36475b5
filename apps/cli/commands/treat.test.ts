/** The commands as a shell runs them. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { csvWriter } from '@gatehouse/tabular/csv-writer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { programOf } from '../../../test/e2e/program.ts'
import { generatePeople } from '../people/people.ts'

let folder: string

/** Whoever reads it sees what a shell would: status, what stands on standard output, what on standard error. */
function gatehouse(
  args: readonly string[],
  whileRunning?: (kill: () => void) => void,
): Promise<{ status: number | null; signal: string | null; out: string; error: string }> {
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
    child.on('close', (status, signal) => resolve({ status, signal, out, error }))
    whileRunning?.(() => child.kill('SIGINT'))
  })
}

function peopleCsv(count: number): string {
  const writer = csvWriter({ newline: '\n' })
  const people = [...generatePeople({ seed: 3, count })]
  const names = Object.keys(people[0] ?? {})
  return [writer.row(names), ...people.map((person) => writer.row(Object.values(person)))].join('')
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-treat-'))
  writeFileSync(join(folder, 'people.csv'), peopleCsv(600))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('from a table of strangers to one that may be shared', { timeout: 60_000 }, () => {
  it('profile drafts a plan, treat runs it, check agrees', async () => {
    const profile = await gatehouse(['profile', 'people.csv', '--json'])
    const told = JSON.parse(profile.out)
    expect(profile.status).toBe(0)
    expect(told).toMatchObject({ rows: 600, columns: { length: 14 } })
    expect(told.columns.find((column: { name: string }) => column.name === 'email').sensitivity).toBe('direct_identifier')
    expect(told.separating_sets.map((set: { columns: string[] }) => set.columns)).toContainEqual(['date_of_birth'])

    const draft = await gatehouse(['profile', 'people.csv', '--plan'])
    writeFileSync(join(folder, 'plan.json'), draft.out)
    const treated = await gatehouse(['treat', 'people.csv', '--plan', 'plan.json', '-o', 'out.csv', '--report', 'report.html'])
    expect(treated.error).toBe('')
    expect(treated.status).toBe(0)
    expect(treated.out).toContain('✓ 5-anonymity')
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('The model holds')
    expect(readFileSync(join(folder, 'out.csv'), 'utf8')).not.toContain('@example')

    expect((await gatehouse(['check', 'out.csv', '--plan', 'plan.json'])).status).toBe(0)
    const untreated = await gatehouse(['check', 'people.csv', '--plan', 'plan.json'])
    expect(untreated).toMatchObject({ status: 1, out: expect.stringContaining('✗ 5-anonymity: fails for') })
  })

  it('the example of the guide does what the guide says', async () => {
    const example = join(import.meta.dirname, '..', '..', '..', 'examples', 'treat')
    const made = spawnSync(process.execPath, [join(example, 'people.mjs')], { encoding: 'utf8' })
    writeFileSync(join(folder, 'patients.csv'), made.stdout)
    const treated = await gatehouse(['treat', 'patients.csv', '--plan', join(example, 'plan.json'), '-o', 'shared.csv', '--json'])
    expect(JSON.parse(treated.out)).toMatchObject({
      outcome: 'released',
      rows: { before: 5_000, after: 4_911, suppressed: 89 },
      treatment: { levels: { age: 1, sex: 0, district: 0 }, optimal: true },
    })
    expect((await gatehouse(['check', 'shared.csv', '--plan', join(example, 'plan.json')])).status).toBe(0)
  })

  it('a fault ends with its status, on standard error and for scripts with its code', async () => {
    writeFileSync(join(folder, 'bad.csv'), 'a,b\n1\n')
    const treated = await gatehouse(['treat', 'bad.csv', '--plan', 'none.json', '-o', 'bad-out.csv', '--json'])
    expect(treated.status).toBe(1)
    expect(JSON.parse(treated.out)).toMatchObject({ error: { code: 'no_such_file', path: 'none.json' } })
    expect(treated.error).toContain('none.json: the plan cannot be read')
    const checked = await gatehouse(['check', 'bad.csv', '--models', '[{"model":"k_anonymity","k":2}]', '--quasi', 'a', '--json'])
    expect(checked.status).toBe(2)
    expect(JSON.parse(checked.out)).toMatchObject({ error: { code: 'wrong_column_count', line: 2 } })
    expect((await gatehouse(['check', 'bad.csv', '--modles'])).status).toBe(2)
    expect((await gatehouse(['check', 'people.csv', '--models', '[{"model":"magic"}]', '--quasi', 'sex'])).status).toBe(2)
  })

  it('an interruption leaves nothing', async () => {
    writeFileSync(join(folder, 'many.csv'), peopleCsv(60_000))
    const ended = await gatehouse(['treat', 'many.csv', '--plan', 'plan.json', '-o', 'many-out.csv'], (kill) => setTimeout(kill, 1_000))
    expect(ended.signal ?? ended.status).not.toBe(0)
    expect(existsSync(join(folder, 'many-out.csv'))).toBe(false)
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})
