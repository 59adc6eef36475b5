import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import order from '../modules/order.json' with { type: 'json' }

const root = fileURLToPath(new URL('..', import.meta.url))
const built = new Set(['node_modules', 'dist', '.git', '.gatehouse', 'generated', 'coverage'])

/** Paths from the root, with `/`, of every file that people wrote. */
function written(folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (built.has(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? written(path) : [relative(root, path).split(sep).join('/')]
  })
}

const files = written()
const code = files.filter((file) => /\.(ts|tsx|mjs|cjs)$/.test(file))
const isTest = (file: string): boolean => /\.test\.tsx?$|\/testing\/|^test\//.test(file)
const texts = new Map<string, string>()
function text(file: string): string {
  const known = texts.get(file) ?? readFileSync(join(root, file), 'utf8')
  texts.set(file, known)
  return known
}

/** `file:line` of every match, so that a failure can be clicked. */
function places(candidates: readonly string[], pattern: RegExp): string[] {
  return candidates.flatMap((file) =>
    text(file)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}`] : [])),
  )
}

describe('pages', () => {
  it('of the documentation all stand in docs/README.md', () => {
    const pages = files.filter((file) => /^docs\/.+\.md$/.test(file) && file !== 'docs/README.md').map((file) => file.slice('docs/'.length))
    expect(pages.length).toBeGreaterThan(40)
    expect(pages.filter((page) => !text('docs/README.md').includes(`(${page})`))).toEqual([])
  })

  it('that tell of a test name one that is there', () => {
    const named = (page: string) => [...text(page).matchAll(/`([\w/-]+\.(?:test\.tsx?|out))`/g)].map(([, path = '']) => path)
    const pages = files.filter((file) => /^docs\/reference\/.+\.md$/.test(file))
    expect(pages.flatMap(named).length).toBeGreaterThan(20)
    expect(pages.flatMap((page) => named(page).flatMap((path) => (existsSync(join(root, path)) ? [] : [`${page} names ${path}`])))).toEqual([])
  })
})

describe('names and sizes', () => {
  it('no folder or file is a drawer for everything', () => {
    const drawers = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'shared', 'stuff'])
    expect(files.filter((file) => file.split('/').some((part) => drawers.has(part.replace(/\..*$/, ''))))).toEqual([])
  })

  it('no file is longer than 400 lines, and no specification longer than 500', () => {
    expect(code.filter((file) => text(file).split('\n').length > (file.endsWith('.test.ts') ? 500 : 400))).toEqual([])
  })
})

describe('leftovers', () => {
  it('no mark of unfinished work stays in the code', () => {
    expect(places(code, new RegExp(`\\b(${['FIX', 'TO', 'XX', 'HA'].map((head, index) => head + ['ME', 'DO', 'X', 'CK'][index]).join('|')})\\b`))).toEqual([])
  })

  it('no test keeps the others from running', () => {
    expect(places(code, /\b(it|test|describe|suite)\.only\b/)).toEqual([])
  })
})

describe('safety', () => {
  it('only the configuration reads the environment', () => {
    const reading = code.filter((file) => /^(libs|runtime|modules|apps\/server)\//.test(file) && !isTest(file) && file !== 'runtime/base/config.ts')
    expect(places(reading, /\bprocess\.env\b/)).toEqual([])
  })

  it('an authenticated cipher is never opened without naming the length of its tag', () => {
    const calls = code.flatMap((file) => [...text(file).matchAll(/\bcreateDecipheriv\(([^;]*?)\)\n/g)].map(([, call = '']) => ({ file, call })))
    // Key wrap has no tag: a wrong key is found by the value that it begins with.
    expect(calls.filter(({ call }) => !call.includes('authTagLength') && !/^`id-aes\$\{\w+\}-wrap/.test(call))).toEqual([])
    expect(calls.length).toBeGreaterThan(0)
  })
})

interface ModuleFolder {
  readonly path: string
  readonly schema: string
}

const listed: ModuleFolder[] = order.wings.flatMap(({ name, modules }) =>
  modules.length === 0 ? [{ path: `modules/${name}`, schema: name }] : modules.map((module) => ({ path: `modules/${name}/${module}`, schema: module })),
)

/** The schemas that SQL names: `from vault.blocks` in a migration, `'vault.blocks'` and sql`… vault.blocks` in a store. */
function schemasIn(source: string): string[] {
  const afterWord = /\b(?:from|join|into|update|table|references|on|truncate|schema|exists)\s+"?([a-z_]+)"?\s*(?:\.|;|$)/gi
  const quoted = /['"]([a-z_]+)\.[a-z_]+(?: as \w+)?['"]/g
  return [afterWord, quoted].flatMap((pattern) => [...source.matchAll(pattern)].map(([, schema = '']) => schema))
}

describe('modules', () => {
  const present = listed.filter(({ path }) => existsSync(join(root, path)))

  it('every folder under modules/ stands in order.json', () => {
    const known = new Set(listed.map(({ path }) => path))
    const wingNames = order.wings.map(({ name }) => `modules/${name}`)
    const folders = new Set(files.flatMap((file) => /^(modules\/[^/]+(?:\/[^/]+)?)\/.+/.exec(file)?.[1] ?? []))
    expect([...folders].filter((folder) => !known.has(folder) && !known.has(folder.split('/').slice(0, 2).join('/')) && !wingNames.includes(folder))).toEqual(
      [],
    )
  })

  it.each(present)('$path has a page, a face, a list of operations and its problems', ({ path }) => {
    // A module with no problem of its own says so in its list instead of keeping an empty file.
    const ownProblems = /problems: \{\}/.test(text(join(path, 'module.ts'))) ? [] : ['problems.ts']
    expect(['README.md', 'index.ts', 'module.ts', ...ownProblems].filter((name) => !existsSync(join(root, path, name)))).toEqual([])
  })

  it.each(present)('$path names no other module’s schema in its SQL', ({ path, schema }) => {
    const others = new Set(listed.map((module) => module.schema).filter((other) => other !== schema))
    const sql = files.filter((file) => file.startsWith(`${path}/`) && (file.endsWith('.sql') || basename(file) === 'store.ts'))
    expect(sql.flatMap((file) => schemasIn(text(file)).flatMap((name) => (others.has(name) ? [`${file} names ${name}`] : [])))).toEqual([])
  })

  it('the search for schemas finds them in every form', () => {
    expect(schemasIn('select 1 from vault.blocks')).toEqual(['vault'])
    expect(schemasIn("db.selectFrom('consents.grants as g')")).toEqual(['consents'])
    expect(schemasIn('references "tenancy".tenants')).toEqual(['tenancy'])
    expect(schemasIn('access.decide(question)')).toEqual([])
  })
})
