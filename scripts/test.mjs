/**
 * `npm test`: everything the tests need, then all of them. `--soak` runs the long ones instead; any other argument goes to
 * vitest. The last line is always `N passed, N failed, N skipped`.
 */
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { build } from './build.mjs'
import { check } from './check.mjs'
import { checkNode, ensureInstalled, root } from './install.mjs'
import { runOpenly, runQuietly } from './progress.mjs'

checkNode()
const soak = process.argv.includes('--soak')
const passedOn = process.argv.slice(2).filter((argument) => argument !== '--soak')
await ensureInstalled('all')

// The walls are tested by test/walls.test.ts. Somebody who asks for a few tests waits for nothing else.
const failedChecks = passedOn.length === 0 && !soak ? await check({ without: ['walls'] }) : []
await build()
const totals = await runTests(await findChromium())
for (const name of failedChecks) console.log(`check failed: ${name}`)
const failed = totals.failed + failedChecks.length
if (totals.passed + failed === 0) console.log('No test ran: is the name right?')
console.log(`${totals.passed} passed, ${failed} failed, ${totals.skipped} skipped`)
process.exitCode = failed > 0 || totals.passed === 0 ? 1 : 0

async function runTests(chromium) {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-report-'))
  const report = join(folder, 'report.json')
  const args = [
    join('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...(soak ? ['test/soak/'] : ['--exclude=test/soak/**']),
    ...passedOn,
  ]
  // The programs that tests start are the ones just built.
  const env = {
    ...process.env,
    GATEHOUSE_TEST_BUILT: '1',
    ...(chromium ? { CHROMIUM_PATH: chromium } : {}),
    // The long ones write more than should lie in memory.
    ...(soak ? { GATEHOUSE_TEST_FOLDER: tmpdir() } : {}),
  }
  try {
    const status = await runOpenly(process.execPath, args, { cwd: root, env })
    return count(report, status)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A file that could not even be read, and an error outside of every test, count as failures: nothing may look green. */
function count(report, status) {
  let totals = { passed: 0, failed: 0, skipped: 0 }
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
    const broken = testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')).length
    totals = { passed: numPassedTests, failed: numFailedTests + broken, skipped: numPendingTests + numTodoTests }
  } catch {
    console.log('vitest wrote no report.')
  }
  if (status !== 0 && totals.failed === 0) {
    console.log(`vitest ended with status ${status} though no test failed; its output above says why.`)
    totals.failed = 1
  }
  return totals
}

/** The portal's tests drive a real browser; on a machine where that can be arranged, it is. */
async function findChromium() {
  // The browser without its windows loads a page with a third of the work.
  const usual = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge']
  const applications = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium']
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin']
  const find = () => [process.env.CHROMIUM_PATH ?? '', ...folders.flatMap((folder) => usual.map((name) => join(folder, name))), ...applications].find(isProgram)
  const found = find()
  if (found) return found
  if (process.getuid?.() === 0 && isProgram('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    await runQuietly('Reading the lists of apt', 'apt-get', ['update'], { env })
    await runQuietly('Installing Chromium for the browser tests', 'apt-get', ['install', '-y', '--no-install-recommends', 'chromium-headless-shell'], { env })
  }
  const installed = find()
  if (!installed) console.log('\nNO CHROMIUM FOUND: the browser tests of the portal are SKIPPED. Install chromium or set CHROMIUM_PATH to run them.\n')
  return installed
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return path !== ''
  } catch {
    return false
  }
}
