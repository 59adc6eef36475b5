/** A real SpiceDB, built with Go from its published module, answers every case of the suite as the engine that ships with the product does. */
import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../e2e/node.ts'

const run = promisify(execFile)
const server = 'github.com/authzed/spicedb/cmd/spicedb@v1.56.2'
const given = process.env.GATEHOUSE_TEST_SPICEDB
const missing = given === undefined && !hasGo()

describe.skipIf(missing)(`SpiceDB${missing ? ' (skipped: there is no Go here, and GATEHOUSE_TEST_SPICEDB names no program)' : ''}`, () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-spicedb-'))
    // Compiling it takes some ten minutes, once: Go keeps what it has built.
    if (given === undefined) await run('go', ['install', server], { env: { ...process.env, GOBIN: folder, CGO_ENABLED: '0' }, maxBuffer: 1e8 })
  }, 3_600_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('passes the suite of the Authorizer port', async () => {
    const env = { ...process.env, GATEHOUSE_TEST_SPICEDB: given ?? join(folder, 'spicedb') }
    const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'modules/governance/access/authorizer.test.ts', '--reporter=json']
    const { stdout } = await run(process.execPath, args, { cwd: root, env, maxBuffer: 1e8 })
    const { testResults } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
      testResults: { assertionResults: { ancestorTitles: string[]; status: string }[] }[]
    }
    const cases = testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ ancestorTitles: [first] }) => first === 'a SpiceDB server')
    expect(cases.length).toBeGreaterThan(10)
    expect(cases.filter(({ status }) => status === 'failed')).toEqual([])
  }, 600_000)
})

function hasGo(): boolean {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
