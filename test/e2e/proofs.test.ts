/**
 * Consent proofs of a real node: made by the command, published in a batch, and checked by the independent verifier after the node is
 * gone. Over large sets the same with o1js, where GATEHOUSE_O1JS names its folder (docs/how-to/prove-large-sets.md).
 */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { must } from '@gatehouse/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, root, startNode, until } from './node.ts'
import { programOf } from './program.ts'
import { addPartner, purpose, recordType } from './scenario.ts'

const bank = 'northwind-bank'
const request = createHash('sha256').update('may we?').digest('hex')
const o1js = process.env.GATEHOUSE_O1JS
const claim = { user_id: 'P3', grantee: bank, purpose, data_class: recordType, request_hash: request, verifier: bank }
const asked = ['P3', '--for', bank, '--purpose', purpose, '--class', recordType, '--request', request]

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-proofs-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const place = (name: string) => join(folder, name)
const readJson = async (name: string) => JSON.parse(await readFile(place(name), 'utf8'))
const writeJson = (name: string, value: unknown) => writeFile(place(name), JSON.stringify(value))

async function gatehouse(node: NodeProcess, ...words: string[]): Promise<string> {
  const args = [...programOf('cli'), '--home', node.home, ...words]
  return (await promisify(execFile)(process.execPath, args, { cwd: root, env: { PATH: process.env.PATH } })).stdout
}

/** gatehouse-verify, with nothing of this process's environment. */
function verify(words: readonly string[], env: Record<string, string> = {}): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child: ChildProcess = spawn(process.execPath, [...programOf('verify'), 'consent', ...words], { cwd: folder, env })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (text) => {
        output += text
      })
    child.once('close', (code) => resolve({ code, output }))
  })
}

/** A node whose forty people consent without an end; its key is in `keys.txt`. */
async function nodeWithConsents(environment: Record<string, string> = {}): Promise<{ node: NodeProcess; log: string }> {
  const node = await startNode({ environment })
  await addPartner(node, bank)
  const consents = Array.from({ length: 40 }, (_, at) => ({
    user_id: `P${at}`,
    purposes: [purpose],
    recipients: [bank],
    data_classes: [recordType],
    method: 'paper',
  }))
  must(await node.operator.POST('/v1/consents/import', { body: { consents } as never }))
  const keys = must(await node.operator.GET('/v1/evidence/keys', {}))
  await writeFile(place('keys.txt'), `${keys.log}\n`)
  return { node, log: `${node.origin}/logs/${keys.origin.split('/')[1]}` }
}

describe('a proof in a group', () => {
  let node: NodeProcess
  let log: string
  beforeAll(async () => {
    ;({ node, log } = await nodeWithConsents())
  })
  afterAll(() => node?.remove())

  it('is written by the command, which says how it is checked', async () => {
    expect(await gatehouse(node, 'proof', 'make', ...asked, '--out', place('one.json'))).toContain(`gatehouse proof verify ${place('one.json')}`)
    expect(JSON.parse(await gatehouse(node, 'proof', 'list', '--json'))).toMatchObject([{ system: 'gh-gk-ristretto-v1', grantee: bank, batched: false }])
    expect(await readFile(place('one.json'), 'utf8')).not.toContain('"P3"')
  })

  it('reaches everybody with the next batch where the log is published, and nobody before', async () => {
    expect((await fetch(`${log}/proofs`)).status).toBe(404)
    must(await node.operator.PATCH('/v1/ledger/settings', { body: { publish_log: true } }))
    await until(async () => must(await node.operator.GET('/v1/ledger/standing', {})).waiting === 0)
    must(await node.operator.POST('/v1/proofs/batches', {}))
    const read = async (path: string) => (await fetch(new URL(path, node.origin))).json()
    const { batches } = (await read(`${log}/proofs`)) as { batches: { file: string }[] }
    const found = await Promise.all(batches.map(({ file }) => read(file) as Promise<{ proofs: { file: string | null }[] }>))
    const files = found.flatMap(({ proofs }) => proofs.map(({ file }) => file))
    // The one made for the bank is the bank's to show; the others are of the consents that were given.
    expect(files.filter((file) => file === null)).toHaveLength(1)
    await writeJson('public.json', await read(files.find((file) => file !== null) ?? ''))
  })

  it('holds when the node is gone; changed, it is bad, and with another key nobody can tell', async () => {
    await node.kill()
    const trust = ['--key', 'keys.txt']
    expect(await verify(['one.json', ...trust, '--request', request, '--verifier', bank])).toMatchObject({ code: 0 })
    expect(await verify(['public.json', ...trust])).toMatchObject({ code: 0 })

    const one = await readJson('one.json')
    const proof = Buffer.from(one.proof, 'base64')
    proof[100] = (proof[100] ?? 0) ^ 1
    await writeJson('turned.json', { ...one, proof: proof.toString('base64') })
    await writeJson('widened.json', { ...one, statement: { ...one.statement, grantee: '*' } })
    expect(await verify(['turned.json', ...trust])).toMatchObject({ code: 1, output: expect.stringContaining('does not hold') })
    expect(await verify(['widened.json', ...trust])).toMatchObject({ code: 1, output: expect.stringContaining('/set') })
    expect(await verify(['one.json', ...trust, '--request', '0'.repeat(64)])).toMatchObject({ code: 1, output: expect.stringContaining('another request') })
    await writeFile(place('other.txt'), '# none\n')
    expect(await verify(['one.json', '--key', 'other.txt'])).toMatchObject({ code: 2 })
  })
})

describe.skipIf(o1js === undefined)('a proof over a large set (skipped unless GATEHOUSE_O1JS names the folder of o1js)', { timeout: 30 * 60_000 }, () => {
  const environment = { GATEHOUSE_O1JS: o1js ?? '' }
  let node: NodeProcess
  beforeAll(async () => {
    ;({ node } = await nodeWithConsents(environment))
  })
  afterAll(() => node?.remove())

  const read = async (id: string) => must(await node.operator.GET('/v1/proofs/requests/{request}', { params: { path: { request: id } } }))
  const workers = () => childrenOf(node.process.pid ?? 0).filter(({ args }) => /kimchi\/worker/.test(args))

  it('is taken up again after kill -9, whose process goes with the node', async () => {
    const { id } = must(await node.operator.POST('/v1/proofs/requests', { body: claim }))
    await until(async () => (await read(id)).stage === 'proving', 10 * 60_000)
    const [worker] = workers()
    expect(worker).toBeDefined()
    await node.kill()
    await until(() => !lives(worker?.pid ?? 0), 60_000)
    node = await startNode({ home: node.home, environment })
    // It begins anew, once the process that was killed has been silent for a minute.
    await until(async () => (await read(id)).stage === 'gathering', 4 * 60_000)
    await until(async () => (await read(id)).state === 'made', 15 * 60_000)
    expect(await read(id)).toMatchObject({ members: 40, reason: null })
    expect(workers()).toEqual([])
  })

  it('is followed by the command to its file, which holds with o1js and says without that it cannot tell', async () => {
    await gatehouse(node, 'proof', 'make', ...asked, '--large', '--out', place('large.json'))
    const large = await readJson('large.json')
    expect(large).toMatchObject({ system: 'gh-kimchi-v1', statement: { expiry: 'any' }, set: { size: 40 } })
    await node.kill()
    const words = ['large.json', '--key', 'keys.txt', '--request', request, '--verifier', bank]
    expect(await verify(words, environment)).toMatchObject({ code: 0 })
    expect(await verify(words)).toMatchObject({ code: 2, output: expect.stringContaining('GATEHOUSE_O1JS') })
    const proof = Buffer.from(large.proof, 'base64')
    proof[2_000] = (proof[2_000] ?? 0) ^ 1
    await writeJson('large-turned.json', { ...large, proof: proof.toString('base64') })
    expect(await verify(['large-turned.json', '--key', 'keys.txt'], environment)).toMatchObject({ code: 1 })
    await writeJson('large-later.json', { ...large, statement: { ...large.statement, verifier: 'somebody' } })
    expect(await verify(['large-later.json', '--key', 'keys.txt'], environment)).toMatchObject({ code: 1 })
  })
})

interface Process {
  readonly pid: number
  readonly args: string
}

function childrenOf(parent: number): Process[] {
  const lines = execFileSync('ps', ['-eo', 'pid,ppid,args']).toString().split('\n')
  return lines.flatMap((line) => {
    const [pid, ppid, ...args] = line.trim().split(/\s+/)
    return Number(ppid) === parent ? [{ pid: Number(pid), args: args.join(' ') }] : []
  })
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
