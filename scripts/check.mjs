/** `npm run check`: types, lint, walls, tidiness. One line per step, and the words of those that failed. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, typescript } from './build.mjs'
import { checkNode, ensureInstalled, root } from './install.mjs'
import { collect } from './progress.mjs'

const require = createRequire(join(root, 'package.json'))
const program = (name, path) => join(dirname(require.resolve(`${name}/package.json`)), path)

function steps() {
  const portal = join(root, 'apps', 'portal', 'tsconfig.json')
  return [
    { name: 'types', args: [typescript(), '-p', 'tsconfig.check.json'] },
    ...(existsSync(portal) ? [{ name: 'types of the portal', args: [typescript(), '-p', portal, '--noEmit'] }] : []),
    { name: 'lint', args: [program('@biomejs/biome', 'bin/biome'), 'check', '.'] },
    {
      name: 'walls',
      args: [
        '--import',
        join(root, 'test', 'walls-tsx.mjs'),
        join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
        '--output-type',
        'err-long',
        ...floors,
      ],
    },
    { name: 'dead code', args: [join(root, 'node_modules', 'knip', 'bin', 'knip.js'), '--no-progress'] },
  ]
}

/** What the walls are about. */
export const floors = ['libs', 'runtime', 'modules', 'apps', 'sdk']

/**
 * Gives the names of the steps that failed.
 * @param {{ without?: string[] }} [options] steps that somebody else runs
 */
export async function check({ without = [] } = {}) {
  await build({ check: true })
  const failed = []
  const run = async ({ name, args }) => {
    const since = Date.now()
    const { ok, output } = await collect(process.execPath, args, { cwd: root })
    if (!ok) failed.push(name)
    console.log(`${ok ? '✓' : '✗'} ${name} (${((Date.now() - since) / 1000).toFixed(1)} s)`)
    if (!ok) console.log(output.trimEnd())
  }
  await Promise.all(
    steps()
      .filter(({ name }) => !without.includes(name))
      .map(run),
  )
  return failed
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  checkNode()
  await ensureInstalled('all')
  const failed = await check()
  if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`)
  process.exitCode = failed.length > 0 ? 1 : 0
}
