import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Id } from '@gatehouse/core/id'
import { nodeSigner, nodeVerify } from '@gatehouse/crypto/node'
import { openCheckpoint, signCheckpoint } from '@gatehouse/transparency/checkpoint'
import { noteKey, parseNoteKey } from '@gatehouse/transparency/note'
import { formatAddCheckpoint } from '@gatehouse/transparency/witness'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openWitness, type Witness } from '../../../apps/cli/witness/server.ts'
import { checkpoint } from '../checkpoint.ts'
import { entryEvidence } from '../evidence.ts'
import { logOrigin, logVkey } from '../key.ts'
import { type LedgerNode, ledgerNode, sha256 } from '../testing/ledger-node.ts'
import { askWitnesses } from './ask.ts'
import { addWitness, configureLog, removeWitness, witnesses } from './operations.ts'

interface Running extends Witness {
  readonly url: string
  readonly folder: string
  stop(): Promise<void>
}

let t: LedgerNode
let root: string
const running: Running[] = []

async function start(name: string, logs: readonly string[]): Promise<Running> {
  const folder = join(root, name)
  const witness = await openWitness({ folder, name: `witness.example/${name}`, logs })
  witness.server.listen(0, '127.0.0.1')
  await once(witness.server, 'listening')
  const started = {
    ...witness,
    folder,
    url: `http://127.0.0.1:${(witness.server.address() as AddressInfo).port}`,
    async stop() {
      witness.server.close()
      witness.server.closeAllConnections()
    },
  }
  running.push(started)
  return started
}

beforeEach(async () => {
  t = await ledgerNode({ egressAllow: ['127.0.0.1'] })
  root = await mkdtemp(join(tmpdir(), 'gatehouse-witness-'))
})
afterEach(async () => {
  for (const witness of running.splice(0)) await witness.stop()
  await t.close()
  await rm(root, { recursive: true })
})

const vkey = () => logVkey(t.door.node, t.tenant)
const shown = async () => {
  const answer = await t.door.enter(checkpoint, {}, t.admin)
  if (answer.outcome !== 'done') throw new Error(answer.outcome)
  return answer.output.checkpoint
}
const list = async () => {
  const answer = await t.door.enter(witnesses, {}, t.admin)
  if (answer.outcome !== 'done') throw new Error(answer.outcome)
  return answer.output.data
}
const add = async ({ vkey: key, url }: Running) => {
  const answer = await t.door.enter(addWitness, { vkey: key, url }, t.admin)
  if (answer.outcome !== 'done') throw new Error(answer.outcome)
  return answer.output.id
}
const post = async (url: string, body: string) => {
  const answer = await fetch(`${url}/add-checkpoint`, { method: 'POST', body })
  return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() }
}

describe('a running witness', () => {
  const signer = nodeSigner(new Uint8Array(32).fill(3))
  const log = noteKey(sha256, 'log.example', signer.publicKey)
  const note = (size: number, fill: number) => signCheckpoint(sha256, { origin: 'log.example', size, root: new Uint8Array(32).fill(fill) }, signer)
  const ask = (url: string, oldSize: number, size: number, fill: number) => post(url, formatAddCheckpoint({ oldSize, proof: [], note: note(size, fill) }))

  it('refuses what is older, what contradicts and what it cannot check, by the statuses of the protocol', async () => {
    const { formatNoteKey } = await import('@gatehouse/transparency/note')
    const witness = await start('one', [formatNoteKey(log)])
    expect((await fetch(`${witness.url}/other`)).status).toBe(404)
    expect((await fetch(`${witness.url}/add-checkpoint`)).status).toBe(405)
    expect((await post(witness.url, 'x'.repeat(70_000))).status).toBe(413)
    expect((await post(witness.url, 'old 0\n\nnothing')).status).toBe(400)
    expect((await ask(witness.url, 0, 5, 1)).status).toBe(200)
    expect(await ask(witness.url, 0, 9, 2)).toEqual({ status: 409, type: 'text/x.tlog.size', body: '5\n' })
    expect(await ask(witness.url, 0, 3, 2)).toEqual({ status: 409, type: 'text/x.tlog.size', body: '5\n' })
    expect((await ask(witness.url, 5, 5, 2)).status).toBe(409)
    expect((await ask(witness.url, 5, 9, 2)).status).toBe(422)
    const stranger = nodeSigner(new Uint8Array(32).fill(4))
    const forged = signCheckpoint(sha256, { origin: 'log.example', size: 9, root: new Uint8Array(32) }, stranger)
    expect((await post(witness.url, formatAddCheckpoint({ oldSize: 5, proof: [], note: forged }))).status).toBe(403)
    const unknown = signCheckpoint(sha256, { origin: 'other.example', size: 9, root: new Uint8Array(32) }, signer)
    expect((await post(witness.url, formatAddCheckpoint({ oldSize: 0, proof: [], note: unknown }))).status).toBe(404)
  })

  it('remembers across a restart, keeps its key, and does not start with a state it cannot read', async () => {
    const { formatNoteKey } = await import('@gatehouse/transparency/note')
    const before = await start('one', [formatNoteKey(log)])
    expect((await ask(before.url, 0, 5, 1)).status).toBe(200)
    expect(JSON.parse(await readFile(join(before.folder, 'state.json'), 'utf8'))).toMatchObject({ 'log.example': { size: 5 } })
    await before.stop()
    const after = await start('one', [formatNoteKey(log)])
    expect(after.vkey).toBe(before.vkey)
    expect((await ask(after.url, 0, 9, 2)).status).toBe(409)
    await after.stop()
    await writeFile(join(before.folder, 'state.json'), '{"log.example":{"size":5}')
    await expect(start('one', [formatNoteKey(log)])).rejects.toThrow()
  })

  it('signs one of two contradicting checkpoints that arrive at once', async () => {
    const { formatNoteKey } = await import('@gatehouse/transparency/note')
    const witness = await start('one', [formatNoteKey(log)])
    const answers = await Promise.all(Array.from({ length: 10 }, (_, at) => ask(witness.url, 0, 5, at)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })
})

describe('the log of an institution', () => {
  it('takes no key of a log as a witness, no address it may not reach, and no quorum that cannot be met', async () => {
    const witness = await start('one', [await vkey()])
    await expect(t.door.enter(addWitness, { vkey: await vkey(), url: witness.url }, t.admin)).rejects.toMatchObject({ kind: { status: 422 } })
    await expect(t.door.enter(addWitness, { vkey: witness.vkey, url: 'https://elsewhere.example' }, t.admin)).rejects.toMatchObject({ kind: { status: 422 } })
    await expect(t.door.enter(configureLog, { quorum: 1 }, t.admin)).rejects.toMatchObject({ kind: { status: 409 } })
    const id = await add(witness)
    await expect(add(witness)).rejects.toMatchObject({ kind: { status: 422 } })
    await t.door.enter(configureLog, { quorum: 1 }, t.admin)
    await expect(t.door.enter(removeWitness, { witness: id }, t.admin)).rejects.toMatchObject({ kind: { status: 409 } })
  })

  it('is cosigned by each, catches a new witness up, and shows outsiders what the quorum has seen', async () => {
    const [one, two] = [await start('one', [await vkey()]), await start('two', [await vkey()])]
    await add(one)
    const [seen] = await t.fill(3)
    await t.sequence()
    expect(await askWitnesses(t.door.node)).toBe(1)
    expect(await askWitnesses(t.door.node)).toBe(0)
    await t.fill(300)
    await t.sequence()
    await add(two)
    await t.door.enter(configureLog, { quorum: 2 }, t.admin)
    expect(await askWitnesses(t.door.node)).toBe(2)
    const keys = [one, two].map((witness) => parseNoteKey(sha256, witness.vkey)!)
    const key = parseNoteKey(sha256, await vkey())!
    const opened = openCheckpoint(nodeVerify, await shown(), key, keys)
    expect(opened).toMatchObject({ outcome: 'opened', cosignatures: [{}, {}] })
    const size = opened.outcome === 'opened' ? opened.checkpoint.size : 0
    // One is away: the quorum is not met, and outsiders keep the checkpoint that both have seen.
    await two.stop()
    await t.sequence()
    const [unseen] = await t.fill(4)
    await t.sequence()
    expect(await askWitnesses(t.door.node)).toBe(1)
    // So does evidence of what both have seen; of what came later it stands under the newest, which says itself who has not seen it.
    const under = async (...ids: Id<'entry'>[]) => openCheckpoint(nodeVerify, (await entryEvidence(t.door.node, t.tenant, ids)).checkpoint, key, keys)
    expect(await under(seen!)).toMatchObject({ checkpoint: { size }, cosignatures: [{}, {}] })
    expect(await under(seen!, unseen!)).toMatchObject({ cosignatures: [{}] })
    expect(openCheckpoint(nodeVerify, await shown(), key, keys)).toMatchObject({ checkpoint: { size }, cosignatures: [{}, {}] })
    expect(new Map((await list()).map(({ name, fault }) => [name, fault !== null]))).toEqual(
      new Map([
        ['witness.example/one', false],
        ['witness.example/two', true],
      ]),
    )
  })

  it('gets no cosignature for a tree that does not begin with what was seen, and says so', async () => {
    const witness = await start('one', [await vkey()])
    await add(witness)
    const forged = signCheckpoint(
      sha256,
      { origin: logOrigin(t.tenant), size: 2, root: new Uint8Array(32).fill(9) },
      await t.door.node.keys.signer(t.tenant, 'ledger/log'),
    )
    expect((await post(witness.url, formatAddCheckpoint({ oldSize: 0, proof: [], note: forged }))).status).toBe(200)
    await t.fill(5)
    await t.sequence()
    expect(await askWitnesses(t.door.node)).toBe(0)
    expect(await list()).toMatchObject([{ cosigned_size: null, fault: 'it answered with status 422' }])
    expect(t.logLines.join()).toContain('a witness did not cosign')
  })
})
