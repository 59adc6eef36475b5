/**
 * Builds what changed: the compiled node and command, the one-file verifier, the portal. `npm start` asks this every time, so
 * deciding that nothing changed takes milliseconds. `npm run build` builds all of it and checks types while it does.
 */
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { checkNode, ensureInstalled, root } from './install.mjs'
import { runOrExit } from './progress.mjs'

const skipped = new Set(['node_modules', 'dist', '.git', '.gatehouse'])

/** Every file under these places, sorted, without what is built or installed. */
function filesUnder(places) {
  const files = []
  const walk = (path) => {
    if (!existsSync(path)) return
    if (statSync(path).isFile()) return files.push(path)
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (!skipped.has(entry.name)) walk(join(path, entry.name))
    }
  }
  for (const place of places) walk(join(root, place))
  return files.sort()
}

/** Changes when a source is added, removed, resized or touched, or when other versions are installed. */
function fingerprint(places) {
  const hash = createHash('sha256')
  for (const file of [...filesUnder(places), join(root, 'package-lock.json')]) {
    const { size, mtimeMs } = statSync(file)
    hash.update(`${relative(root, file)}\0${size}\0${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

const codePlaces = [
  'scripts/bundle.mjs',
  'tsconfig.base.json',
  'tsconfig.json',
  'libs',
  'runtime',
  'modules',
  'sdk/typescript',
  'apps/verify',
  'apps/server',
  'apps/cli',
]

/** The outputs are looked for as well, so that a removed `dist` is made again. */
const steps = [
  { name: 'node', inputs: codePlaces, output: 'apps/server/dist', present: () => hasAllOutputs() && hasBundles(), build: buildNode },
  { name: 'verifier', inputs: ['apps/verify'], output: 'apps/verify/dist/gatehouse-verify.mjs', source: 'apps/verify/main.ts', build: buildVerifier },
  {
    name: 'portal',
    inputs: ['apps/portal', 'apps/verify', 'sdk/typescript'],
    output: 'apps/portal/dist',
    source: 'apps/portal/index.html',
    build: buildPortal,
  },
]

const stampFile = (name) => join(root, 'node_modules', '.cache', 'gatehouse', `${name}.built`)

/** @param {{ check?: boolean, force?: boolean }} [options] `check` finds type errors too; a start only needs the code. */
export async function build({ check = false, force = false } = {}) {
  for (const step of steps) {
    if (step.source && !existsSync(join(root, step.source))) continue
    const now = fingerprint(step.inputs)
    const stamp = stampFile(step.name)
    const present = existsSync(join(root, step.output)) && (step.present?.() ?? true)
    if (!force && present && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) continue
    rmSync(stamp, { force: true })
    await step.build({ check })
    mkdirSync(dirname(stamp), { recursive: true })
    writeFileSync(stamp, now)
  }
}

function projects() {
  return JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')).references.map(({ path }) => path)
}

/** A project without code yet has no output either. */
function hasAllOutputs() {
  return projects().every((path) => existsSync(join(root, path, 'dist', '.tsbuildinfo')) || !filesUnder([path]).some((file) => /\.ts$/.test(file)))
}

function hasBundles() {
  return ['server', 'cli'].every((app) => existsSync(join(root, 'apps', app, 'dist', 'bundle', 'main.js')))
}

async function buildNode({ check }) {
  // A lost output beside its kept record would not be made again by the compiler.
  const forced = hasAllOutputs() ? [] : ['--force']
  await runOrExit('Building the node', process.execPath, [typescript(), '-b', ...forced, ...(check ? [] : ['--noCheck'])], { cwd: root })
  copyMigrations()
  await runOrExit('Bundling the node and the command', process.execPath, [join(root, 'scripts', 'bundle.mjs')], { cwd: root })
}

/** The compiler's own entry, whatever folder it is hoisted to. */
export function typescript() {
  return join(dirname(createRequire(join(root, 'package.json')).resolve('typescript/package.json')), 'bin', 'tsc')
}

/** Migrations run from beside the compiled code. A removed one is removed there too, or a node would still apply it. */
function copyMigrations() {
  for (const project of projects()) {
    const base = join(root, project)
    const dist = join(base, 'dist')
    const wanted = new Map(filesUnder([project]).flatMap((file) => (file.endsWith('.sql') ? [[join(dist, relative(base, file)), file]] : [])))
    if (!existsSync(dist)) continue
    for (const entry of readdirSync(dist, { recursive: true })) {
      const path = join(dist, entry)
      if (path.endsWith('.sql') && !wanted.has(path)) rmSync(path)
    }
    for (const [target, source] of wanted) {
      mkdirSync(dirname(target), { recursive: true })
      copyFileSync(source, target)
    }
  }
}

const viteBin = () => join(dirname(createRequire(join(root, 'apps', 'portal', 'package.json')).resolve('vite/package.json')), 'bin', 'vite.js')

async function buildPortal() {
  await runOrExit('Building the portal', process.execPath, [viteBin(), 'build', '--logLevel', 'warn'], { cwd: join(root, 'apps', 'portal') })
}

/** One file without imports beyond Node's own, so that it can be handed to somebody who trusts nothing else. */
async function buildVerifier() {
  const cwd = join(root, 'apps', 'verify')
  // `--ssr` leaves Node's modules alone; the bundle is named after what it is.
  const script = `import { build } from ${JSON.stringify(pathToFileURL(join(dirname(dirname(viteBin())), 'dist', 'node', 'index.js')).href)}
await build({ configFile: false, root: '.', logLevel: 'warn', ssr: { noExternal: true, target: 'node' }, build: { ssr: 'main.ts', target: 'node20', outDir: 'dist', emptyOutDir: false, minify: false,
  rolldownOptions: { output: { entryFileNames: 'gatehouse-verify.mjs', codeSplitting: false } } } })`
  await runOrExit('Building the verifier', process.execPath, ['--input-type=module', '-e', script], { cwd })
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  checkNode()
  await ensureInstalled('all')
  await build({ check: true, force: process.argv.includes('--force') })
}
