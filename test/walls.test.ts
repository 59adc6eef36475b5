import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))
const cruiser = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs')
const floors = ['libs', 'runtime', 'modules', 'apps', 'sdk']

interface Violation {
  readonly from: string
  readonly to: string
  readonly rule: { readonly name: string }
}

/** Every broken wall in a tree, as `rule: from → to`. */
async function brokenWalls(tree: string, folders: readonly string[]): Promise<string[]> {
  const args = ['--import', join(root, 'test/walls-tsx.mjs'), cruiser, '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', ...folders]
  // The exit status counts the violations; the report says which.
  const { stdout } = await run(process.execPath, args, { cwd: tree, maxBuffer: 2 ** 27 }).catch((error: { stdout: string }) => error)
  const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } }
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
}

it('no wall of the house is broken', async () => {
  expect(await brokenWalls(root, floors)).toEqual([])
})

type Import = readonly [from: string, to: string, kind?: 'import' | 'import type']

/** Every one breaks the wall it stands beside; the files differ, so that one tree holds them all. */
const forbidden: readonly (readonly [rule: string, ...Import])[] = [
  ['libs-are-pure', 'libs/core/file.ts', 'node:fs'],
  ['libs-are-pure', 'libs/crypto/primitives.ts', 'node:crypto'],
  ['libs-are-the-ground', 'libs/core/id.ts', 'runtime/base/clock.ts'],
  ['runtime-knows-no-module', 'runtime/door/door.ts', 'modules/ledger/index.ts'],
  ['runtime-knows-no-module', 'runtime/door/types.ts', 'modules/ledger/index.ts', 'import type'],
  ['rooms-go-down-base', 'runtime/base/log.ts', 'runtime/data/store.ts'],
  ['rooms-go-down-door', 'runtime/door/reply.ts', 'runtime/edge/http.ts'],
  ['modules-know-no-edge', 'modules/ledger/append.ts', 'runtime/edge/http.ts'],
  ['egress-is-the-only-exit', 'modules/ledger/publish.ts', 'undici'],
  ['egress-is-the-only-exit', 'runtime/data/fetch.ts', 'node:https'],
  ['wings-go-down-ledger', 'modules/ledger/read.ts', 'modules/custody/vault/index.ts'],
  ['wings-go-down-custody-vault', 'modules/custody/vault/ask.ts', 'modules/governance/consents/index.ts'],
  ['wings-go-down-governance-tenancy', 'modules/governance/tenancy/ask.ts', 'modules/governance/identity/index.ts'],
  ['through-the-face', 'modules/exchange/release/peek.ts', 'modules/custody/vault/store.ts'],
  ['apps-through-the-face', 'apps/server/peek.ts', 'modules/custody/vault/store.ts'],
  ['sql-only-in-store', 'modules/custody/vault/open.ts', 'kysely'],
  ['portal-only-sdk', 'apps/portal/page.tsx', 'libs/core/id.ts'],
  ['verify-stands-alone', 'apps/verify/check.ts', 'libs/core/id.ts'],
  ['verify-stands-alone', 'apps/verify/print.ts', 'lodash'],
  ['sdk-stands-alone', 'sdk/typescript/client.ts', 'libs/core/id.ts'],
  ['no-circular', 'runtime/work/one.ts', 'runtime/work/two.ts'],
  ['resolvable', 'runtime/base/absent.ts', 'no-such-package'],
]

const allowed: readonly Import[] = [
  ['libs/crypto/node.ts', 'node:crypto'],
  ['runtime/data/egress.ts', 'undici'],
  ['modules/custody/vault/store.ts', 'kysely'],
  ['modules/exchange/release/index.ts', 'modules/custody/vault/index.ts'],
  ['modules/governance/identity/index.ts', 'modules/governance/access/index.ts'],
  ['apps/portal/main.tsx', 'apps/verify/main.ts'],
]

describe('each wall catches what it is for', () => {
  let tree: string
  let broken: string[]

  beforeAll(async () => {
    tree = await realpath(await mkdtemp(join(tmpdir(), 'gatehouse-walls-')))
    for (const name of ['undici', 'kysely', 'lodash']) {
      await plant(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }))
      await plant(`node_modules/${name}/index.js`, 'export const it = 1\n')
    }
    const circle: Import = ['runtime/work/two.ts', 'runtime/work/one.ts']
    const imports = [...forbidden.map(([, ...rest]): Import => rest), ...allowed, circle]
    const importing = new Set(imports.map(([from]) => from))
    for (const [from, to, kind = 'import'] of imports) {
      const isFile = to.endsWith('.ts')
      if (isFile && !importing.has(to)) await plant(to, 'export const it = 1\n')
      const specifier = isFile ? `${'../'.repeat(from.split('/').length - 1)}${to}` : to
      await plant(from, `${kind} { it as other } from '${specifier}'\nexport const it: typeof other = 1\n`)
    }
    await plant('modules/custody/vault/forgotten.ts', 'export const it = 1\n')
    broken = await brokenWalls(tree, floors)
  })
  afterAll(() => rm(tree, { recursive: true, force: true }))

  async function plant(path: string, content: string): Promise<void> {
    await mkdir(dirname(join(tree, path)), { recursive: true })
    await writeFile(join(tree, path), content)
  }

  it.each(forbidden)('%s: %s may not import %s', (rule, from) => {
    expect(broken.filter((line) => line.startsWith(`${rule}: ${from} → `))).toHaveLength(1)
  })

  it('no-orphans: a file nobody imports', () => {
    const file = 'modules/custody/vault/forgotten.ts'
    expect(broken.filter((line) => line.includes(file))).toEqual([`no-orphans: ${file} → ${file}`])
  })

  it.each(allowed)('%s may import %s', (from) => {
    expect(broken.filter((line) => line.includes(`: ${from} → `))).toEqual([])
  })
})
