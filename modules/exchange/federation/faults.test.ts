/** What goes wrong between nodes, each fault with the state and the word that it ends in. The coordinator is at the mercy of the test. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { signCard } from '../coordinator/index.ts'
import { ownIdentity } from './identity/own.ts'
import { type Mesh, type MeshNode, openMesh } from './testing/mesh.ts'

let mesh: Mesh
let lake: MeshNode
let hill: MeshNode
let moor: MeshNode
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

beforeAll(async () => {
  mesh = await openMesh(['lake', 'hill', 'moor'])
  lake = mesh.at('lake')
  hill = mesh.at('hill')
  moor = mesh.at('moor')
})
afterAll(() => mesh.close())
beforeEach(async () => {
  await mesh.settle(2)
  for (const node of [lake, hill, moor]) {
    node.heard.length = 0
    node.answers.length = 0
  }
})

const words = (node: MeshNode) => node.heard.map(({ word }) => word)
const at = (ms: number) => new Date(mesh.clock.nowMs() + ms).toISOString() as never
type Map = { faults: { sender: string; reason: string; count: number }[]; mailboxes: { last_error: string | null; standing: string }[] }
const faultsAt = async (node: MeshNode) => (await node.done<Map>('federation.map', {})).faults.map(({ sender, reason }) => `${sender} ${reason}`)
const kept = () => mesh.lie('SELECT id, from_node, to_node, sealed FROM coordinator.message')

describe('a coordinator that lies', () => {
  it('changes a message: it does not open, its sender leaves it again, and it is handled once', async () => {
    const id = await lake.send('hill', 'tampered', { thread: 'lies' })
    await lake.poll()
    await mesh.lie(`UPDATE coordinator.message SET sealed = left(sealed, -8) || 'AAAAAAAA' WHERE id = $1`, [id])
    await hill.poll()
    expect(words(hill)).toEqual([])
    expect(await faultsAt(hill)).toContain('lake does_not_open')
    mesh.clock.advance(3 * minute)
    await mesh.settle(3)
    expect(words(hill)).toEqual(['tampered'])
    expect(await lake.state(id)).toMatchObject({ state: 'acknowledged' })
  })

  it('cuts a message short', async () => {
    const id = await lake.send('hill', 'truncated', { thread: 'lies' })
    await lake.poll()
    await mesh.lie('UPDATE coordinator.message SET sealed = left(sealed, length(sealed) / 2) WHERE id = $1', [id])
    await hill.poll()
    expect(await faultsAt(hill)).toContain('lake does_not_open')
    mesh.clock.advance(5 * minute)
    await mesh.settle(3)
    expect(words(hill)).toEqual(['truncated'])
  })

  it('gives a message to another node, which cannot open it', async () => {
    await lake.send('hill', 'misdelivered', { thread: 'lies' })
    await lake.poll()
    await mesh.lie(`UPDATE coordinator.message SET to_node = 'moor'`)
    await moor.poll()
    expect(words(moor)).toEqual([])
    expect(await faultsAt(moor)).toContain('lake sealed_to_another')
    mesh.clock.advance(5 * minute)
    await mesh.settle(3)
    expect(words(hill)).toEqual(['misdelivered'])
  })

  it('says that a message came from somebody else, or under another id', async () => {
    await lake.send('hill', 'relabelled', { thread: 'lies' })
    await lake.poll()
    await mesh.lie(`UPDATE coordinator.message SET from_node = 'moor'`)
    await hill.poll()
    expect(await faultsAt(hill)).toContain('moor relabelled')
    expect(words(hill)).toEqual([])
    mesh.clock.advance(5 * minute)
    await lake.poll()
    await mesh.lie(`UPDATE coordinator.message SET id = '0198c1de-7b3a-7c4d-8e5f-0000000000ff'`)
    await hill.poll()
    expect(await faultsAt(hill)).toContain('lake relabelled')
    mesh.clock.advance(10 * minute)
    await mesh.settle(3)
    expect(words(hill)).toEqual(['relabelled'])
  })

  it('repeats a message, at once and weeks later: it is handled once, and answered again', async () => {
    const id = await lake.send('hill', 'repeated', { thread: 'lies' })
    await lake.poll()
    const [copy] = await kept()
    await mesh.settle(3)
    const again = () =>
      mesh.lie(
        `INSERT INTO coordinator.message (tenant_id, to_node, id, from_node, sealed, left_at, expires_at)
          VALUES ('00000000-0000-0000-0000-000000000000', 'hill', $1, 'lake', $2, $3, $4)`,
        [copy?.id, copy?.sealed, at(0), at(day)],
      )
    await again()
    await mesh.settle(3)
    mesh.clock.advance(35 * day)
    await again()
    await mesh.settle(3)
    expect(words(hill)).toEqual(['repeated'])
    expect(await lake.state(id)).toMatchObject({ state: 'acknowledged' })
  })

  it('changes the order: the thread is handled as it was sent', async () => {
    for (const word of ['one', 'two', 'three']) {
      await lake.send('hill', word, { thread: 'order' })
      mesh.clock.advance(1)
    }
    await lake.poll()
    await mesh.lie('UPDATE coordinator.message SET left_at = $1::timestamptz - (left_at - $1::timestamptz)', [at(0)])
    const [first, ...others] = await mesh.lie('SELECT id, sealed FROM coordinator.message ORDER BY id')
    await mesh.lie('DELETE FROM coordinator.message WHERE id = $1', [first?.id])
    await hill.poll()
    expect(words(hill)).toEqual([])
    expect(others).toHaveLength(2)
    mesh.clock.advance(5 * minute)
    await mesh.settle(3)
    expect(words(hill)).toEqual(['one', 'two', 'three'])
  })

  it('drops everything: messages and answers come on the next ways, and nothing is handled twice', async () => {
    const id = await lake.send('hill', 'dropped', { thread: 'lies' })
    await lake.poll()
    await mesh.lie('DELETE FROM coordinator.message')
    mesh.clock.advance(5 * minute)
    await lake.poll()
    await hill.poll()
    expect(words(hill)).toEqual(['dropped'])
    // The answer is lost, too.
    await hill.poll()
    await mesh.lie('DELETE FROM coordinator.message')
    await lake.poll()
    expect(await lake.state(id)).toMatchObject({ state: 'delivered' })
    mesh.clock.advance(10 * minute)
    await mesh.settle(3)
    expect(words(hill)).toEqual(['dropped'])
    expect(await lake.state(id)).toMatchObject({ state: 'acknowledged' })
  })

  it('puts a card with keys of its own in the place of a node’s: peers keep the key that they compared', async () => {
    const evil = await mesh.add('evil')
    const own = await evil.inTenant((tx) => ownIdentity(tx, evil.node, evil.tenant))
    if (own === undefined) throw new Error('no identity')
    const [keys] = own.keys
    const forged = {
      name: 'lake',
      title: 'Hospital lake',
      generation: 2,
      signing: keys.signing.jwk,
      sealing: keys.sealing.jwk,
      versions: [1],
      mailbox: mesh.origin,
      valid_from: at(0),
    }
    const text = await signCard(forged, [keys.signing])
    await mesh.lie(`UPDATE coordinator.node SET card = $1 WHERE name = 'lake'`, [text])
    expect(await hill.refused('federation.propose_peer', { name: 'lake' })).toBe('/problems/federation/peer-known')
    expect(await hill.refused('federation.approve_peer', { peer: 'lake', fingerprint: 'ab'.repeat(32) })).toBe('/problems/federation/fingerprint-differs')
    // A newcomer would be shown it, and compares the fingerprint with the institution.
    const { fingerprint } = await evil.done<{ fingerprint: string }>('federation.propose_peer', { name: 'lake' })
    const real = await lake.done<{ fingerprint: string; card: string }>('federation.identity', {})
    expect(fingerprint).not.toBe(real.fingerprint)
    expect(await evil.refused('federation.approve_peer', { peer: 'lake', fingerprint: real.fingerprint })).toBe('/problems/federation/fingerprint-differs')
    await mesh.lie(`UPDATE coordinator.node SET card = $1 WHERE name = 'lake'`, [real.card])
  })
})

describe('a coordinator that is away', () => {
  it('loses nothing: messages wait in the outbox, and the node says what is wrong', async () => {
    await mesh.lie(`UPDATE coordinator.node SET state = 'excluded' WHERE name = 'lake'`)
    const id = await lake.send('hill', 'later', { thread: 'away' })
    const { errors } = await lake.poll()
    expect(errors).toEqual([expect.stringContaining(mesh.origin)])
    await lake.poll()
    expect(await lake.state(id)).toMatchObject({ state: 'queued' })
    expect((await lake.done<Map>('federation.map', {})).mailboxes).toMatchObject([{ last_error: 'the node was excluded there', standing: 'excluded' }])
    await mesh.lie(`UPDATE coordinator.node SET state = 'admitted' WHERE name = 'lake'`)
    await mesh.settle(3)
    expect(words(hill)).toEqual(['later'])
  })

  it('for good: messages expire with a word, and whoever sent them is told', async () => {
    const id = await lake.send('hill', 'never', { thread: 'gone', expiresAt: at(hour) })
    await mesh.lie(`UPDATE coordinator.node SET state = 'excluded' WHERE name = 'lake'`)
    mesh.clock.advance(2 * hour)
    await lake.poll()
    expect(await lake.state(id)).toMatchObject({ state: 'expired', reason: 'never_left' })
    expect(lake.answers).toEqual([{ thread: 'gone', state: 'expired', reason: 'never_left' }])
    await mesh.lie(`UPDATE coordinator.node SET state = 'admitted' WHERE name = 'lake'`)
  })
})

describe('a node', () => {
  it('that is offline for a day handles everything when it wakes, in order', async () => {
    const ids = []
    for (let turn = 0; turn < 24; turn++) {
      ids.push(await lake.send('hill', `hour ${turn}`, { thread: 'asleep' }))
      await lake.poll()
      mesh.clock.advance(hour)
    }
    await mesh.settle(3)
    expect(words(hill)).toEqual(ids.map((_, turn) => `hour ${turn}`))
    for (const id of ids) expect(await lake.state(id)).toMatchObject({ state: 'acknowledged' })
  })

  it('that never wakes leaves its messages expired, without holding up others', async () => {
    const toHill = await lake.send('hill', 'slow', { thread: 'slow', expiresAt: at(hour) })
    const toMoor = await lake.send('moor', 'quick', { thread: 'slow' })
    for (const node of [lake, moor, moor, lake]) await node.poll()
    expect(await lake.state(toMoor)).toMatchObject({ state: 'acknowledged' })
    mesh.clock.advance(2 * hour)
    await lake.poll()
    expect(await lake.state(toHill)).toMatchObject({ state: 'expired', reason: 'no_answer' })
    // What expired on the way is not handled by whoever wakes too late.
    await mesh.settle(2)
    expect(words(hill)).toEqual([])
  })

  it('that refuses does so by name, and the others go on', async () => {
    const refused = await lake.send('hill', 'refuse me', { thread: 'one refuses' })
    const after = await lake.send('hill', 'and then', { thread: 'one refuses' })
    const other = await lake.send('moor', 'fine', { thread: 'one refuses' })
    await mesh.settle(3)
    expect(await lake.state(refused)).toMatchObject({ state: 'refused', reason: 'not-found' })
    for (const id of [after, other]) expect(await lake.state(id)).toMatchObject({ state: 'acknowledged' })
  })

  it('of which one message never arrives ends those after it with the word why', async () => {
    await lake.send('hill', 'lost', { thread: 'gap', expiresAt: at(hour) })
    await lake.poll()
    await mesh.lie('DELETE FROM coordinator.message')
    mesh.clock.advance(2 * hour)
    const after = await lake.send('hill', 'after the gap', { thread: 'gap', expiresAt: at(hour) })
    for (const node of [lake, hill]) await node.poll()
    mesh.clock.advance(2 * hour)
    await mesh.settle(3)
    expect(words(hill)).toEqual([])
    expect(await hill.inTenant((tx) => tx.query('SELECT state, reason FROM federation.received WHERE id = $1', [after]))).toEqual([
      { state: 'expired', reason: 'earlier_message_missing' },
    ])
    expect(await lake.state(after)).toMatchObject({ state: 'expired' })
  })
})

describe('clocks', () => {
  it('of a node that runs ahead of its mailbox are told, and nothing passes until they are right', async () => {
    const { mailboxAt } = await import('./mailboxes/mailbox.ts')
    const own = await lake.inTenant((tx) => ownIdentity(tx, lake.node, lake.tenant))
    const ahead = { ...lake.node, source: { ...lake.node.source, nowMs: () => mesh.clock.nowMs() + hour } }
    await expect(mailboxAt(ahead, mesh.origin, own as never).exchange({ leave: [], taken: [] })).rejects.toThrow(
      'The clocks of the node and of the mailbox differ too much',
    )
  })

  it('of a sender that run ahead have its messages refused by name', async () => {
    const { send } = await import('./index.ts')
    const ahead = { ...lake.node, source: { ...lake.node.source, nowMs: () => mesh.clock.nowMs() + hour } }
    const id = await lake.inTenant((tx) =>
      send(tx, ahead, lake.tenant, { to: 'hill', kind: 'test.word', thread: 'future', body: { word: 'future' }, expiresAt: at(day) }),
    )
    await lake.inTenant((tx) => tx.query('UPDATE federation.sent SET next_at = $2 WHERE id = $1', [id, at(0)]))
    await mesh.settle(3)
    expect(await lake.state(id)).toMatchObject({ state: 'refused', reason: 'clock-skew' })
    expect(words(hill)).toEqual([])
  })
})

describe('keys', () => {
  it('that a node changes while messages are under way still count for those, and then the new ones', async () => {
    const before = await lake.send('hill', 'under the old key', { thread: 'rotation' })
    const back = await hill.send('lake', 'to the old key', { thread: 'rotation' })
    const { fingerprint, generation } = await lake.done<{ fingerprint: string; generation: number }>('federation.rotate', {})
    const after = await lake.send('hill', 'under the new key', { thread: 'rotation' })
    await mesh.settle(4)
    expect(words(hill)).toEqual(['under the old key', 'under the new key'])
    expect(words(lake)).toEqual(['to the old key'])
    for (const id of [before, after]) expect(await lake.state(id)).toMatchObject({ state: 'acknowledged' })
    expect(await hill.state(back)).toMatchObject({ state: 'acknowledged' })
    const peers = await hill.done<{ data: object[] }>('federation.peers', {})
    expect(peers.data).toContainEqual(expect.objectContaining({ name: 'lake', fingerprint, generation }))
  })

  it('of a peer that was revoked while it waited count for nothing: what was under way is refused by name', async () => {
    const id = await moor.send('hill', 'revoked', { thread: 'revocation' })
    await moor.poll()
    await hill.done('federation.revoke_peer', { peer: 'moor' })
    await mesh.settle(3)
    expect(words(hill)).toEqual([])
    expect(await moor.state(id)).toMatchObject({ state: 'refused', reason: 'peer-refused' })
    await expect(hill.send('moor', 'x')).rejects.toMatchObject({ kind: { type: '/problems/federation/not-a-peer' } })
  })

  it('of somebody who is suspended count again once it is approved again, and not before', async () => {
    await hill.done('federation.suspend_peer', { peer: 'lake' })
    const id = await lake.send('hill', 'suspended', { thread: 'suspension' })
    await mesh.settle(3)
    expect(await lake.state(id)).toMatchObject({ state: 'refused', reason: 'peer-refused' })
    const { fingerprint } = await lake.done<{ fingerprint: string }>('federation.identity', {})
    await hill.done('federation.approve_peer', { peer: 'lake', fingerprint })
    await lake.send('hill', 'approved again', { thread: 'suspension' })
    await mesh.settle(3)
    expect(words(hill)).toEqual(['approved again'])
  })
})

describe('versions', () => {
  it('N and N-1 side by side: the highest that both know is spoken once one has said what it knows', async () => {
    const mixed = await openMesh(['new', 'old'], { versions: { new: [1, 2], old: [1] } })
    try {
      const [newer, older] = [mixed.at('new'), mixed.at('old')]
      const first = await newer.send('old', 'in the newer form', { thread: 'versions' })
      await mixed.settle(3)
      expect(await newer.state(first)).toEqual({ state: 'refused', reason: 'version-unknown', detail: expect.stringContaining('1') })
      await newer.send('old', 'in the older form', { thread: 'versions' })
      await older.send('new', 'from the older node', { thread: 'versions' })
      await mixed.settle(3)
      expect(older.heard).toMatchObject([{ word: 'in the older form', version: 1 }])
      expect(newer.heard).toMatchObject([{ word: 'from the older node', version: 1 }])
    } finally {
      await mixed.close()
    }
  })
})
