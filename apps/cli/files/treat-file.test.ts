import { existsSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkFile } from './check-file.ts'
import { type TreatFile, treatFile } from './treat-file.ts'
import { writeFiles } from './write-files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-treat-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string): string => join(folder, name)
const write = (name: string, content: string | Uint8Array): string => {
  writeFileSync(at(name), content)
  return at(name)
}

const basePlan = {
  version: 1,
  columns: {
    name: { role: 'identifying' },
    age: { role: 'quasi', hierarchy: { kind: 'interval', widths: [10, 50] } },
    town: { role: 'quasi' },
    note: { role: 'insensitive' },
  },
  models: [{ model: 'k_anonymity', k: 2 }],
}
const rows = [
  ['Ada', '34', 'York', 'a'],
  ['Bo', '36', 'York', 'b'],
  ['Cy', '61', 'Hull', 'c'],
  ['Di', '66', 'Hull', 'd'],
]
const csv = (newline = '\n', table = rows): string => ['name,age,town,note', ...table.map((row) => row.join(','))].join(newline) + newline

const treat = (input: string, plan: object = basePlan, more: Partial<TreatFile> = {}) =>
  treatFile({
    input,
    plan: write('plan.json', JSON.stringify(plan)),
    output: at('out.csv'),
    insecureSeed: false,
    formulaGuard: true,
    show: false,
    now: () => new Date(0),
    ...more,
  })

/** What went wrong, in short; and that nothing was written. */
async function fault(input: string, plan?: object, more?: Partial<TreatFile>): Promise<string> {
  const error = await treat(input, plan, more).catch((cause: unknown) => cause as Error & { code?: string })
  if (!(error instanceof Error)) throw new Error('nothing went wrong')
  expect(readdirSync(folder).filter((name) => name.startsWith('out') || name.endsWith('.part'))).toEqual([])
  return `${error.code ?? error.name}: ${error.message.replaceAll(folder, '')}`
}

describe('a file that cannot be treated', () => {
  it('is named, with the line and how to mend it', async () => {
    expect(await fault(at('none.csv'))).toBe('no_such_file: /none.csv: there is no such file')
    expect(await fault(folder)).toMatch(/^unreadable_file: /)
    expect(await fault(write('a.csv', ''))).toMatch(/^empty_file: \/a\.csv: the file is empty/)
    expect(await fault(write('a.csv', 'name,age,town,note\n'))).toMatch(/^no_rows: \/a\.csv: the file has a header and no row/)
    expect(await fault(write('a.csv', `${csv()}Eve,40,York\n`))).toMatch(/^wrong_column_count: \/a\.csv, line 6: this row has 3 values where 4 are expected/)
    expect(await fault(write('a.csv', 'name,age,age,note\n1,2,3,4\n'))).toMatch(/^bad_header: \/a\.csv, line 1: column 3 of the header/)
    expect(await fault(write('a.csv', `${csv()}"Eve,40,York,x\n`))).toMatch(/^unclosed_quote: \/a\.csv, line 6/)
    expect(await fault(write('a.csv', csv().replace('61', 'sixty')))).toMatch(/^bad_value: \/a\.csv, line 4: column "age": expected a number/)
    expect(await fault(write('a.csv', Buffer.from(csv().replace('York', '\xff'), 'latin1')))).toMatch(/^not_utf8: \/a\.csv, line 2/)
    expect(await fault(write('a.json', '[{"name":"Ada"}'))).toMatch(/^unclosed_array: /)
    expect(await fault(write('a.ndjson', '{"name":"Ada","age":1,"town":"York","note":{}}\n'))).toMatch(/^nested_value: .*line 1: column "note"/)
    expect(await fault(write('a.parquet', 'PAR1 no PAR1'))).toMatch(/^parquet_unreadable: /)
  })

  it('never has its values repeated', async () => {
    for (const content of [csv().replace('61', 'Secret'), `${csv()}Secret,1\n`, `${csv()}"Secret,1,1,1\n`])
      expect(await fault(write('a.csv', content))).not.toContain('Secret')
  })

  it('is told apart from a plan that does not fit it', async () => {
    const input = write('a.csv', csv())
    expect(await fault(input, { ...basePlan, models: [{ model: 'k_anonymity', k: 5 }] })).toMatch(
      /^ModelError: 5-anonymity needs at least 5 rows and the table has 4/,
    )
    expect(await fault(input, { ...basePlan, columns: { ...basePlan.columns, job: { role: 'sensitive' } } })).toMatch(/^missing_column: .*"job"/)
    expect(await fault(write('b.csv', csv().replaceAll(/,(York|Hull),/g, ',,')))).toMatch(/^all_missing: .*town/)
  })
})

describe('a plan file that cannot be used', () => {
  it('is told with every fault and its place', async () => {
    const input = write('a.csv', csv())
    expect(await fault(input, { ...basePlan, supression_limit: 1, suppression_limit: 2 })).toMatch(
      /^bad_plan: \/plan\.json: the plan cannot be used\n {2}\/suppression_limit: .*\n {2}\/supression_limit: unknown member/s,
    )
    expect(await fault(input, basePlan, { plan: write('p.json', '{\n"version": 1,\n}') })).toMatch(/^not_json: \/p\.json.*: this is not JSON/)
    expect(await fault(input, basePlan, { plan: at('none.json') })).toMatch(/^no_such_file: \/none\.json: the plan cannot be read/)
    expect(await fault(input, { ...basePlan, seed: 'x' })).toMatch(/\/seed: whoever knows the seed/)
    const filed = { ...basePlan, columns: { ...basePlan.columns, town: { role: 'quasi', hierarchy: { kind: 'file', path: 'towns.csv' } } } }
    expect(await fault(input, filed)).toMatch(/^no_such_file: \/towns\.csv: the hierarchy file cannot be read/)
    write('towns.csv', '\uFEFFYork;North;*\r\nHull;East')
    expect(await fault(input, filed)).toMatch(/^uneven_depth: hierarchy of town: line 2/)
    write('towns.csv', '\uFEFFYork;North;*\r\nLeeds;North;*')
    expect(await fault(input, filed)).toMatch(/^uncovered_value: hierarchy of town: it does not cover "Hull"/)
  })
})

describe('the targets', () => {
  it('are never what is read, under any name', async () => {
    const input = write('a.csv', csv())
    symlinkSync(input, at('linked.csv'))
    linkSync(input, at('hard.csv'))
    for (const output of [input, at('linked.csv'), at('hard.csv'), at('./x/../a.csv')]) {
      await expect(treat(input, basePlan, { output })).rejects.toMatchObject({ code: 'would_overwrite' })
    }
    await expect(treat(input, basePlan, { report: at('plan.json') })).rejects.toMatchObject({ code: 'would_overwrite' })
    await expect(treat(input, basePlan, { report: at('out.csv') })).rejects.toMatchObject({ code: 'would_overwrite' })
    expect(readFileSync(input, 'utf8')).toBe(csv())
  })

  it('need an ending that tells a format, and a folder that is there', async () => {
    const input = write('a.csv', csv())
    expect(await fault(input, basePlan, { output: at('out.xls') })).toMatch(/^unknown_format: /)
    expect(await fault(input, basePlan, { output: at('none/out.csv') })).toMatch(/^unwritable_file: /)
  })

  it('stay as they were when the writing is interrupted, and nothing temporary is left', async () => {
    write('out.csv', 'before')
    function* interrupted(): Generator<string> {
      yield 'half'
      process.emit('SIGINT')
      yield 'more'
    }
    await expect(
      writeFiles([
        { path: at('report.html'), content: ['whole'] },
        { path: at('out.csv'), content: interrupted() },
      ]),
    ).rejects.toMatchObject({ code: 'interrupted' })
    expect(readdirSync(folder)).toEqual(['out.csv'])
    expect(readFileSync(at('out.csv'), 'utf8')).toBe('before')
  })
})

describe('a file that can be treated', () => {
  it.each([
    ['with LF', csv()],
    ['with CRLF', csv('\r\n')],
    ['with a byte order mark', `\uFEFF${csv()}`],
    ['without the last newline', csv().trimEnd()],
    ['with semicolons', csv().replaceAll(',', ';')],
  ])('gives the same %s', async (_, content) => {
    await treat(write('a.csv', content))
    expect(readFileSync(at('out.csv'), 'utf8')).toBe('age,town,note\n"[30, 40)",York,a\n"[30, 40)",York,b\n"[60, 70)",Hull,c\n"[60, 70)",Hull,d\n')
  })

  it('keeps newlines within quotes, and guards cells that spreadsheets would run', async () => {
    const noted = rows.map((row, index) => [...row.slice(0, 3), index === 0 ? '"two\nlines"' : '=1+1'])
    await treat(write('a.csv', csv('\n', noted)))
    expect(readFileSync(at('out.csv'), 'utf8')).toContain(',York,"two\nlines"\n"[30, 40)",York,\'=1+1\n')
    await treat(at('a.csv'), basePlan, { formulaGuard: false, output: at('out.json') })
    expect(JSON.parse(readFileSync(at('out.json'), 'utf8'))[1]).toEqual({ age: '[30, 40)', town: 'York', note: '=1+1' })
  })

  it('reads and writes every format, with numbers as numbers', async () => {
    const records = rows.map(([name, age, town], index) => ({ name, age: Number(age), town, note: index / 2 }))
    write('a.json', JSON.stringify(records))
    write('a.ndjson', records.map((record) => JSON.stringify(record)).join('\n'))
    const column = (name: 'name' | 'age' | 'town' | 'note', type: 'STRING' | 'DOUBLE') => ({ name, type, data: records.map((record) => record[name]) })
    write(
      'a.parquet',
      new Uint8Array(
        parquetWriteBuffer({ columnData: [column('name', 'STRING'), column('age', 'DOUBLE'), column('town', 'STRING'), column('note', 'DOUBLE')] }),
      ),
    )
    const expected = records.map(({ age, town, note }) => ({ age: age < 50 ? '[30, 40)' : '[60, 70)', town, note }))
    for (const input of ['a.json', 'a.ndjson', 'a.parquet']) {
      await treat(at(input), basePlan, { output: at('out.parquet') })
      await treat(
        at('out.parquet'),
        { version: 1, columns: { age: { role: 'quasi' }, town: { role: 'quasi' }, note: { role: 'insensitive' } }, models: basePlan.models },
        { output: at('back.json') },
      )
      expect(JSON.parse(readFileSync(at('back.json'), 'utf8')), input).toEqual(expected)
    }
  })

  it('passes its own check, which the untreated one fails', async () => {
    const input = write('a.csv', csv())
    await treat(input)
    const asked = { plan: at('plan.json') }
    expect((await checkFile(at('out.csv'), asked, false)).holds).toBe(true)
    const failed = await checkFile(input, asked, false)
    expect(failed).toMatchObject({ holds: false, models: [{ rowsFailing: 4, classesFailing: 4, worst: { size: 1 } }] })
    expect((await checkFile(input, { models: '[{"model":"k_anonymity","k":2}]', quasi: ['town'] }, false)).holds).toBe(true)
    await expect(checkFile(input, { models: '[{"model":"k_anonymity","k":2}]' }, false)).rejects.toMatchObject({ code: 'no_quasi_identifier' })
    await expect(checkFile(input, { quasi: ['town'] }, false)).rejects.toMatchObject({ code: 'no_models' })
    await expect(checkFile(input, { models: '[{"model":"k_map","k":2}]', quasi: ['town'] }, false)).rejects.toMatchObject({ code: 'population_missing' })
    await expect(checkFile(input, { models: '[{"model":"k_anonymity","k":2}]', quasi: ['city'] }, false)).rejects.toMatchObject({ code: 'missing_column' })
  })

  it('writes report and mapping beside, and nothing but the report when the goal is not met', async () => {
    const input = write('a.csv', csv())
    await treat(input, basePlan, { report: at('report.html'), mapping: at('mapping.json') })
    expect(readFileSync(at('report.html'), 'utf8')).toContain('Privacy treatment of a.csv')
    expect(JSON.parse(readFileSync(at('mapping.json'), 'utf8'))[0].attributes[0]).toMatchObject({ attribute: 'age', level: 1, values: { 34: '[30, 40)' } })
    const unreachable = { ...basePlan, risk_loop: { knob: 'k', settings: [2], threshold: 0.01 } }
    const result = await treat(input, unreachable, { output: at('second.csv'), report: at('second.html') })
    expect(result.outcome).toBe('not_met')
    expect(existsSync(at('second.csv'))).toBe(false)
    expect(readFileSync(at('second.html'), 'utf8')).toContain('The goal was not met')
  })
})
