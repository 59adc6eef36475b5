import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockInstance, openInstance } from './instance.ts'
import { processBirth } from './process-birth.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gatehouse-instance-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const open = () => openInstance({ root, directory: 'here' })

describe('lockInstance', () => {
  it('refuses a second node while the first lives, and names it', async () => {
    const paths = await open()
    const other = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'])
    await writeFile(paths.lockFile, JSON.stringify({ pid: other.pid, born: await processBirth(other.pid as number) }))
    await expect(lockInstance(paths, 0)).rejects.toThrow(`process ${other.pid}`)
    other.kill('SIGKILL')
    await once(other, 'exit')
    await (await lockInstance(paths, 0)).release()
  })

  it('waits for a node that is about to end', async () => {
    const paths = await open()
    const first = await lockInstance(paths)
    const second = lockInstance(paths, 5000)
    await first.release()
    await (await second).release()
    expect(await readdir(paths.dir)).toEqual(['blobs', 'heads', 'keys', 'logs'])
  })

  it('takes over from a process that ended, even if its number lives on in another', async () => {
    const paths = await open()
    await writeFile(paths.lockFile, JSON.stringify({ pid: process.pid, born: 'another boot 1' }))
    await lockInstance(paths, 0)
    expect(JSON.parse(await readFile(paths.lockFile, 'utf8'))).toEqual({ pid: process.pid, born: await processBirth(process.pid) })
  })

  it('takes over a file that a crash left empty', async () => {
    const paths = await open()
    await writeFile(paths.lockFile, '')
    await expect(lockInstance(paths, 0)).resolves.toBeDefined()
  })

  it('gives a dead lock to exactly one of many', async () => {
    const paths = await open()
    await writeFile(paths.lockFile, JSON.stringify({ pid: 2 ** 30, born: 'never' }))
    const script = `
      import { lockInstance, instancePaths } from ${JSON.stringify(new URL('./instance.ts', import.meta.url).href)}
      await lockInstance(instancePaths(${JSON.stringify(paths.dir)}), 0).then(() => console.log('mine'), () => console.log('refused'))
      setInterval(() => 0, 1000)`
    const nodes = Array.from({ length: 4 }, () => spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]))
    const words = await Promise.all(nodes.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]).trim()))
    for (const node of nodes) node.kill('SIGKILL')
    expect(words.sort()).toEqual(['mine', 'refused', 'refused', 'refused'])
  })
})

describe('openInstance', () => {
  it('keeps keys in a folder nobody else can enter', async () => {
    const { keysDir } = await open()
    expect((await stat(keysDir)).mode & 0o777).toBe(0o700)
  })

  it.skipIf(process.getuid?.() === 0)('lies in the clone for an ordinary user (as root it lies in /var/lib)', async () => {
    expect((await openInstance({ root })).dir).toBe(join(root, '.gatehouse'))
  })

  it.skipIf(process.getuid?.() === 0)('says whose the folder is when it belongs to another user (root may write everywhere)', async () => {
    await expect(openInstance({ root: '/' })).rejects.toThrow(/may not write to \/\.gatehouse/)
  })

  it.runIf(process.getuid?.() === 0)('as root lies outside the clone, which remembers where (an ordinary user keeps it inside)', async () => {
    const first = await openInstance({ root })
    try {
      expect(first.dir).toMatch(/^\/var\/lib\/gatehouse\/[0-9a-f]{16}$/)
      expect(await openInstance({ root })).toEqual(first)
    } finally {
      await rm(first.dir, { recursive: true })
    }
  })

  it.runIf(process.getuid?.() === 0)('as root refuses a remembered place that is no name of a folder (an ordinary user has none)', async () => {
    const { dir } = await openInstance({ root })
    await rm(dir, { recursive: true })
    await writeFile(join(root, '.gatehouse', 'instance'), '../../etc\n')
    await expect(openInstance({ root })).rejects.toThrow(/16 hexadecimal digits/)
  })
})
