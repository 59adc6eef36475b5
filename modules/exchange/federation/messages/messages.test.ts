import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mailboxLimits } from '../../coordinator/index.ts'
import { type Mesh, type MeshNode, openMesh } from '../testing/mesh.ts'

let mesh: Mesh
let lake: MeshNode
let hill: MeshNode

beforeAll(async () => {
  mesh = await openMesh(['lake', 'hill'])
  lake = mesh.at('lake')
  hill = mesh.at('hill')
})
afterAll(() => mesh.close())
beforeEach(() => {
  for (const node of [lake, hill]) {
    node.heard.length = 0
    node.answers.length = 0
  }
})

describe('a message', () => {
  it('is sealed in the outbox, in the mailbox and in the inbox: nobody but its receiver reads it', async () => {
    const id = await lake.send('hill', 'the word is heron', { thread: 'sealed' })
    await lake.poll()
    const kept = await mesh.lie('SELECT * FROM coordinator.message')
    expect(kept).toMatchObject([{ id, from_node: 'lake', to_node: 'hill' }])
    const [sent] = await lake.inTenant((tx) => tx.query('SELECT * FROM federation.sent WHERE id = $1', [id]))
    for (const row of [kept[0], sent]) {
      expect(JSON.stringify(row)).not.toContain('heron')
      expect(JSON.stringify(row)).not.toContain(Buffer.from('the word is heron').toString('base64url').slice(4, 20))
    }
    await mesh.settle()
    expect(hill.heard).toMatchObject([{ from: 'lake', word: 'the word is heron' }])
  })

  it('is handled once, answered, and gone from the mailbox', async () => {
    const id = await lake.send('hill', 'hello')
    expect(await lake.state(id)).toMatchObject({ state: 'queued' })
    await lake.poll()
    expect(await lake.state(id)).toMatchObject({ state: 'delivered' })
    await mesh.settle()
    expect(await lake.state(id)).toEqual({ state: 'acknowledged', reason: null, detail: null })
    expect(hill.heard).toHaveLength(1)
    expect(lake.answers).toEqual([{ thread: 'talk', state: 'acknowledged' }])
    expect(await mesh.lie('SELECT * FROM coordinator.message')).toEqual([])
  })

  it('does not leave where the act that sends it does not happen', async () => {
    const before = await lake.inTenant((tx) => tx.query('SELECT id FROM federation.sent'))
    await expect(
      lake.inTenant(async (tx) => {
        const { send } = await import('../index.ts')
        await send(tx, lake.node, lake.tenant, { to: 'hill', kind: 'test.word', thread: 'undone', body: { word: 'never' } })
        throw new Error('the act failed')
      }),
    ).rejects.toThrow('the act failed')
    expect(await lake.inTenant((tx) => tx.query('SELECT id FROM federation.sent'))).toHaveLength(before.length)
    await mesh.settle(2)
    expect(hill.heard).toEqual([])
  })

  it('that is refused comes back with the word of the refusal', async () => {
    const id = await lake.send('hill', 'refuse me')
    await mesh.settle()
    expect(await lake.state(id)).toEqual({ state: 'refused', reason: 'not-found', detail: expect.stringContaining('no such table') })
    expect(lake.answers).toEqual([{ thread: 'talk', state: 'refused', reason: 'not-found' }])
  })

  it('of a kind, or with a body, that the receiver does not know is refused by name', async () => {
    const unknown = await lake.send('hill', '', { kind: 'nobody.knows', thread: 'a' })
    const malformed = await lake.send('hill', '', { thread: 'b', body: { word: 7 } })
    await mesh.settle()
    expect(await lake.state(unknown)).toMatchObject({ state: 'refused', reason: 'kind-unknown' })
    expect(await lake.state(malformed)).toMatchObject({ state: 'refused', reason: 'body-invalid' })
  })

  it('is not sent to whoever is no peer, and no larger than it may be', async () => {
    await expect(lake.send('nobody', 'x')).rejects.toMatchObject({ kind: { type: '/problems/federation/not-a-peer' } })
    await expect(lake.send('hill', 'x'.repeat(262_144))).rejects.toMatchObject({ kind: { type: '/problems/federation/body-too-large' } })
  })

  it('whose handling breaks is handled once by a later attempt', async () => {
    hill.trouble.left = 1
    const id = await lake.send('hill', 'again', { thread: 'breaks' })
    await lake.poll()
    await hill.poll()
    expect(hill.heard).toEqual([])
    await mesh.settle()
    expect(hill.heard).toMatchObject([{ word: 'again' }])
    expect(await lake.state(id)).toMatchObject({ state: 'acknowledged' })
  })

  it('stands in the ledgers of both sides by id and outcome, and its words in neither', async () => {
    const id = await lake.send('hill', 'unspoken heron')
    await mesh.settle()
    expect(hill.entries.filter(({ facts }) => facts.object?.id === id)).toMatchObject([
      { type: 'federation.handle', facts: { details: { from: 'lake', outcome: 'handled' } } },
    ])
    expect(JSON.stringify([...hill.entries, ...lake.entries])).not.toContain('heron')
    expect([...hill.logLines, ...lake.logLines].join()).not.toContain('heron')
  })
})

describe('attachments', () => {
  const sizes = [0, 1, mailboxLimits.partBytes, mailboxLimits.partBytes + 1]

  it('come whole, in parts, and are gone from the coordinator then', async () => {
    const files = sizes.map((size) => randomBytes(size))
    const attachments = await Promise.all(
      files.map(async (bytes, at) => {
        await lake.blobs.put(
          `test/file-${at}`,
          (async function* () {
            yield bytes
          })(),
        )
        return { name: `file-${at}`, blob: `test/file-${at}` }
      }),
    )
    const id = await lake.send('hill', 'with files', { thread: 'files', attachments })
    await lake.poll()
    expect(await mesh.lie('SELECT * FROM coordinator.part')).toHaveLength(4)
    await mesh.settle()
    expect(await lake.state(id)).toMatchObject({ state: 'acknowledged' })
    const [{ attachments: got } = { attachments: [] }] = hill.heard
    for (const [at, { blob, size }] of got.entries()) {
      const chunks: Uint8Array[] = []
      for await (const chunk of (await hill.blobs.get(blob)) ?? []) chunks.push(chunk)
      expect(size).toBe(sizes[at])
      expect(Buffer.concat(chunks).equals(files[at] as Buffer)).toBe(true)
    }
    expect(await mesh.lie('SELECT * FROM coordinator.part')).toEqual([])
    expect(await mesh.coordinator.blobs.list('coordinator/')).toEqual([])
  })

  it('are not taken by a node that they were not left for', async () => {
    const third = await mesh.add('moor')
    await lake.blobs.put(
      'test/secret',
      (async function* () {
        yield Buffer.from('sealed')
      })(),
    )
    await lake.send('hill', 'for hill', { thread: 'other', attachments: [{ name: 'a', blob: 'test/secret' }] })
    await lake.poll()
    const [part] = await mesh.lie('SELECT attachment FROM coordinator.part')
    const { mailboxAt } = await import('../mailboxes/mailbox.ts')
    const { ownIdentity } = await import('../identity/own.ts')
    const own = await third.inTenant((tx) => ownIdentity(tx, third.node, third.tenant))
    const moor = mailboxAt(third.node, mesh.origin, own as never)
    expect(await moor.takePart('lake', { attachment: part?.attachment ?? '', part: 0 })).toBeUndefined()
    await moor.drop('lake', part?.attachment ?? '')
    await mesh.settle()
    expect(hill.heard).toHaveLength(1)
  })
})
