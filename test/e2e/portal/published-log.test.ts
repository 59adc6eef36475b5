/**
 * A real node that publishes its log, a real witness in a process of its own, and an outsider who checks both: with the one file of the
 * verifier, and in a real browser. Nothing in between is played.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodePrimitives, nodeSigner } from '@gatehouse/crypto/node'
import { must } from '@gatehouse/sdk/client'
import { formatNoteKey, noteKey } from '@gatehouse/transparency/note'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gatehouse, standing } from '../backed-up.ts'
import { freePort, type NodeProcess, root, startNode, until } from '../node.ts'
import { programOf } from '../program.ts'
import { arrange, authorize } from '../scenario.ts'
import { faultsOf, missing, openBrowser, skipped, type Visit, visit } from './browser.ts'

const verifier = join(root, 'apps/verify/dist/gatehouse-verify.mjs')
/** Each leaves an entry: more than one full tile of them, and more than the browser takes at once. */
const asks = 600
const quorumMs = 60_000
const testMs = 120_000
/** A witness that nobody has asked. */
const stranger = formatNoteKey(noteKey(nodePrimitives.sha256, 'witness.example/w2', nodeSigner(new Uint8Array(32).fill(2)).publicKey, 'cosignature'))

interface WitnessProcess {
  readonly vkey: string
  readonly url: string
  readonly process: ChildProcess
}

async function startWitness(folder: string, log: string): Promise<WitnessProcess> {
  const port = await freePort()
  const child = spawn(
    process.execPath,
    [...programOf('cli'), '--json', 'witness', '--name', 'witness.example/w1', '--log', log, '--folder', folder, '--port', String(port)],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  await until(() => text.trimEnd().endsWith('}'), 60_000)
  return { ...(JSON.parse(text) as { vkey: string; url: string }), process: child }
}

describe.skipIf(missing.length > 0 || !existsSync(verifier))(`a log that a node publishes${skipped}`, () => {
  let node: NodeProcess
  let witness: WitnessProcess
  let browser: Browser
  let outsider: Visit
  let desk: string
  let id: string
  let release: string

  /** The outsider's machine: one file, one folder, and a home of its own for what is remembered. */
  const verify = (...words: string[]) =>
    new Promise<{ code: number; said: string }>((resolve) => {
      execFile(process.execPath, ['gatehouse-verify.mjs', ...words], { cwd: desk, env: { PATH: process.env.PATH, HOME: desk } }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
      )
    })
  const log = () => `${node.origin}/logs/${id}`
  /** The newest checkpoint is cosigned, and so is what outsiders are shown. */
  const cosigned = () =>
    until(async () => {
      const { waiting, size, shown_size, cosignatures } = await standing(node)
      return waiting === 0 && shown_size === size && cosignatures === 1
    }, quorumMs)

  beforeAll(async () => {
    desk = await mkdtemp(join(tmpdir(), 'gatehouse-outsider-'))
    await cp(verifier, join(desk, 'gatehouse-verify.mjs'))
    node = await startNode({ environment: { GATEHOUSE_EGRESS_ALLOW: '127.0.0.1' } })
    id = (await standing(node)).origin.split('/')[1] ?? ''
    const { partner } = await arrange(node)
    release = (await authorize(node, partner, 'C1')).body.release_id
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        for (let asked = 0; asked < asks / 20; asked++) await authorize(node, partner, 'C3')
      }),
    )
    await gatehouse(node.home, 'log', 'keys', '-o', join(desk, 'keys.txt'))
    const [logKey = ''] = (await readFile(join(desk, 'keys.txt'), 'utf8')).split('\n').filter((line) => line.startsWith('gatehouse/'))
    witness = await startWitness(join(desk, 'witness'), logKey)
    browser = await openBrowser()
    outsider = await visit(browser, node)
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    witness?.process.kill('SIGINT')
    await node?.remove()
    if (desk !== undefined) await rm(desk, { recursive: true, force: true })
  })

  const status = (text: string | RegExp) => outsider.page.getByRole('status').filter({ hasText: text }).first().waitFor({ timeout: 60_000 })

  it(
    'is nowhere to be seen before the institution publishes it',
    async () => {
      expect(await verify('log', log(), '--key', 'keys.txt')).toMatchObject({ code: 2, said: expect.stringContaining('the log is not published') })
      await outsider.open(`/audit/${id}`)
      await outsider.page.getByRole('heading', { name: 'This log is not published' }).waitFor()
    },
    testMs,
  )

  it(
    'is checked by the one file with the cosignature of the witness, and remembered',
    async () => {
      await gatehouse(node.home, 'log', 'ask', witness.vkey, witness.url)
      await gatehouse(node.home, 'log', 'publish', '--quorum', '1')
      await cosigned()
      const checked = await verify('log', log(), '--key', 'keys.txt', '--witness', witness.vkey, '--quorum', '1')
      expect(checked.said).toMatch(/1 of the 1 witnesses cosigned: witness\.example\/w1 at/)
      expect(checked.said).toMatch(/Verdict: good/)
      expect(checked.code).toBe(0)
      const size = Number(/(\d+) entries, each in its canonical form/.exec(checked.said)?.[1])
      expect(size).toBeGreaterThan(asks)
      // A later look: the log grew, and begins with what was shown before.
      must(await node.operator.POST('/v1/partners', { body: { reference: 'harbour', name: 'Harbour' } }))
      await cosigned()
      const later = await verify('log', log(), '--key', 'keys.txt', '--witness', witness.vkey)
      expect(later.said).toContain(`the log begins with the ${size} entries that you were shown before`)
      const two = ['--witness', witness.vkey, '--witness', stranger, '--quorum', '2']
      expect(await verify('log', log(), '--key', 'keys.txt', ...two)).toMatchObject({ code: 1, said: expect.stringMatching(/1 of the 2 witnesses cosigned/) })
    },
    testMs,
  )

  it(
    'is checked in the browser, entry by entry, and again after it grew',
    async () => {
      await outsider.open(`/audit/${id}`)
      await outsider.heading('Audit this log')
      await status(/The newest checkpoint, over [\d,]+ entries/)
      await outsider.press('Recompute in this browser')
      await status('Everything holds')
      expect(await faultsOf(outsider.page)).toEqual([])
      if (process.env.SCREENSHOTS !== undefined) await outsider.page.screenshot({ path: `${process.env.SCREENSHOTS}/published-log.png`, fullPage: true })
      must(await node.operator.POST('/v1/partners', { body: { reference: 'quay', name: 'Quay' } }))
      await cosigned()
      await outsider.open(`/audit/${id}`)
      await status(/The log still begins with the checkpoint over [\d,]+ entries/)
      expect(outsider.complaints).toEqual([])
    },
    testMs,
  )

  it(
    'shows outsiders nothing that the witness has not seen',
    async () => {
      const before = (await standing(node)).shown_size
      witness.process.kill('SIGINT')
      must(await node.operator.POST('/v1/partners', { body: { reference: 'mole', name: 'Mole' } }))
      await until(async () => (await standing(node)).size > before, quorumMs)
      expect(await standing(node)).toMatchObject({ shown_size: before, cosignatures: 1 })
      expect((await verify('log', log(), '--key', 'keys.txt', '--witness', witness.vkey)).code).toBe(0)
    },
    testMs,
  )

  it(
    'comes with evidence of a release that carries the cosignature',
    async () => {
      await gatehouse(node.home, 'evidence', release, '-o', join(desk, 'evidence.json'))
      const good = await verify('bundle', 'evidence.json', '--key', 'keys.txt', '--witness', witness.vkey)
      expect(good).toMatchObject({ code: 0, said: expect.stringMatching(/1 of the 1 witnesses cosigned/) })
      expect((await verify('bundle', 'evidence.json', '--key', 'keys.txt', '--witness', stranger)).code).toBe(1)
    },
    testMs,
  )
})
