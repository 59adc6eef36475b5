/** Criteria that are not figures but must hold: the tests that show them, run as they are and counted. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Counted {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** @param named a pattern that the names of the tests match; all of the files where it is absent */
export function runTests(files: readonly string[], named?: string): Counted {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-tests-'))
  const report = join(folder, 'report.json')
  try {
    const { GATEHOUSE_TEST_PG: _, ...environment } = process.env
    spawnSync(
      process.execPath,
      [
        join('node_modules', 'vitest', 'vitest.mjs'),
        'run',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...(named === undefined ? [] : ['-t', named]),
        ...files,
      ],
      { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env: { ...environment, GATEHOUSE_TEST_BUILT: '1' } },
    )
    const told = JSON.parse(readFileSync(report, 'utf8')) as {
      testResults: { status: string; assertionResults: { status: string; fullName: string }[] }[]
    }
    const results = told.testResults.flatMap((file) => file.assertionResults)
    const chosen = named === undefined ? results : results.filter(({ fullName }) => new RegExp(named).test(fullName))
    const count = (...statuses: string[]) => chosen.filter(({ status }) => statuses.includes(status)).length
    const broken = told.testResults.filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some((one) => one.status === 'failed'))
    return { passed: count('passed'), failed: count('failed') + broken.length, skipped: count('skipped', 'pending', 'todo') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
