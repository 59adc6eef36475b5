/** Brings the packages the lock file names, and only when they are missing. Needs nothing but Node. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runOrExit } from './progress.mjs'

export const root = fileURLToPath(new URL('..', import.meta.url))

const readJson = (...path) => JSON.parse(readFileSync(join(root, ...path), 'utf8'))

/** Refuses a Node that is too old before anything else fails in a stranger way. */
export function checkNode() {
  const wanted = /(\d+)\.(\d+)/.exec(readJson('package.json').engines.node)
  const [major, minor] = process.versions.node.split('.').map(Number)
  const [wantedMajor, wantedMinor] = [Number(wanted[1]), Number(wanted[2])]
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return
  console.error(
    `Gatehouse needs Node ${wantedMajor}.${wantedMinor} or later; this is ${process.versions.node}. Install a newer one from https://nodejs.org and try again.`,
  )
  process.exit(1)
}

/**
 * Whether everything the lock file asks for is installed. npm keeps its own record of what lies in node_modules and writes it
 * last, so an interrupted install never looks complete. Optional packages may be missing: most are for other platforms.
 */
function isInstalled(mode) {
  const record = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return false
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages
  return Object.entries(readJson('package-lock.json').packages).every(([path, wanted]) => {
    if (!path.includes('node_modules/') || wanted.optional) return true
    if (mode === 'run' && (wanted.dev || wanted.devOptional)) return true
    return installed[path] !== undefined && installed[path].version === wanted.version && installed[path].integrity === wanted.integrity
  })
}

/**
 * `run` brings what the node and its build need, `all` also the tools of the tests.
 * @param {'run' | 'all'} mode
 */
export async function ensureInstalled(mode) {
  if (isInstalled(mode)) return
  // Not `npm ci`: it would pull the files from under a running node, and it refuses a lock file that lacks the optional packages
  // of platforms it was not written on. Every version is pinned exactly, and `--no-save` leaves the lock file as it is.
  const args = ['install', '--no-save', mode === 'run' ? '--omit=dev' : '--include=dev', '--no-progress', '--loglevel=error']
  // The npm that started this script, so that no other one on the PATH is taken.
  const npm = process.env.npm_execpath
  const [program, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  await runOrExit(
    mode === 'run' ? 'Installing packages' : 'Installing packages and test tools',
    program,
    [...first, ...args],
    { cwd: root },
    'The packages could not be installed. Check the network and npm’s registry and proxy settings (npm config list), then run the same command again.',
  )
}
