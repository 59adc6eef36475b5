import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCoordinator } from '../federation/testing/mesh.ts'
import { coordinatorModule } from './module.ts'
import { type Card, signCard } from './protocol/card.ts'
import { exchangePath, mailboxLimits, registerPath } from './protocol/exchange.ts'
import { digestOf, signRequest } from './protocol/request.ts'
import { admitNode, excludeNode, listMeshNodes } from './registry/nodes.ts'

let t: Awaited<ReturnType<typeof testNode>>
let origin: string
let close: () => Promise<void>
const keys: Record<string, ReturnType<typeof pair>> = {}

function pair() {
  const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' }).x ?? ''
  const signing = generateKeyPairSync('ed25519')
  const sealing = generateKeyPairSync('x25519')
  return {
    signing: signing.privateKey,
    sealing: sealing.privateKey,
    signingJwk: { kty: 'OKP', crv: 'Ed25519', x: jwkOf(signing.publicKey) } as const,
    sealingJwk: { kty: 'OKP', crv: 'X25519', x: jwkOf(sealing.publicKey) } as const,
  }
}
type Pair = ReturnType<typeof pair>
const keysOf = (name: string): Pair => {
  keys[name] ??= pair()
  return keys[name]
}
const cardOf = (name: string, own: Pair, generation = 1, before?: Pair) => {
  const card: Card = { name, title: name, generation, signing: own.signingJwk, sealing: own.sealingJwk, versions: [1], mailbox: origin, valid_from: now() }
  const endorsers = [own, ...(before === undefined ? [] : [before])].map(({ signing, signingJwk }) => ({ key: signing, jwk: signingJwk }))
  return signCard(card, endorsers)
}
const now = (ms = 0) => new Date(t.clock.nowMs() + ms).toISOString() as never
const post = async (path: string, body: string | Buffer, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${origin}${path}`, { method: 'POST', body: body as never, headers: { 'content-type': 'application/octet-stream', ...headers } })
  return { status: answer.status, body: (await answer.json()) as Record<string, never> }
}
const register = (card: string) => post(registerPath, JSON.stringify({ card }), { 'content-type': 'application/json' })
const signed = (name: string, body: string, own = keysOf(name).signing, url = `${origin}${exchangePath}`, atMs = t.clock.nowMs()) =>
  signRequest({ method: 'POST', url, digest: digestOf(Buffer.from(body)) }, name, own, atMs)
const exchange = (name: string, body: object) => post(exchangePath, JSON.stringify(body), signed(name, JSON.stringify(body)))
const operator = () => t.principal({ roles: ['operator'] })
const idOf = (number: number) => `0198c1de-7b3a-7c4d-8e5f-${String(number).padStart(12, '0')}`
const message = (number: number, to: string, more: object = {}) => ({ id: idOf(number), to, expires_at: now(86_400_000), sealed: `sealed-${number}`, ...more })

async function join(name: string) {
  const { body } = await register(await cardOf(name, keysOf(name)))
  const answer = await t.door.enter(admitNode, { node: name, fingerprint: body.fingerprint ?? '' }, operator())
  expect(answer.outcome).toBe('done')
}

beforeAll(async () => {
  const mailbox = await openCoordinator()
  t = mailbox.coordinator
  origin = mailbox.origin
  close = mailbox.close
  for (const name of ['lake', 'hill', 'moor']) await join(name)
})
afterAll(async () => {
  await close()
})

describe('the registry', () => {
  it('takes no card that is not signed by the key that it names, and none with another’s name', async () => {
    const own = pair()
    const signedByAnother = JSON.parse(await cardOf('tarn', own)) as { payload: string; signatures: object[] }
    const other = JSON.parse(await cardOf('tarn', pair())) as { signatures: object[] }
    expect(await register(JSON.stringify({ ...signedByAnother, signatures: other.signatures }))).toMatchObject({ status: 422 })
    expect(await register('{"payload":"e30","signatures":[]}')).toMatchObject({ status: 422 })
    expect(await register(await cardOf('lake', own, 2))).toMatchObject({ status: 409, body: { type: '/problems/coordinator/name-taken' } })
  })

  it('takes new keys of a node where the key before has signed them, too, and never goes back', async () => {
    const [first, second] = [keysOf('moor'), pair()]
    const older = await cardOf('moor', first)
    expect(await register(await cardOf('moor', second, 2, first))).toMatchObject({ status: 201, body: { state: 'admitted' } })
    keys.moor = second
    expect(await register(older)).toMatchObject({ status: 409 })
    expect(await exchange('moor', {})).toMatchObject({ status: 200 })
    expect(await post(exchangePath, '{}', signed('moor', '{}', first.signing))).toMatchObject({ status: 401 })
  })

  it('admits nobody under another fingerprint, and nobody but an operator looks or decides', async () => {
    await register(await cardOf('waits', keysOf('waits')))
    expect(await exchange('waits', {})).toMatchObject({ status: 401, body: { type: '/problems/coordinator/not-a-node' } })
    const wrong = await t.door.enter(admitNode, { node: 'waits', fingerprint: 'ab'.repeat(32) }, operator())
    expect(wrong).toMatchObject({ outcome: 'refused', problem: { kind: { type: '/problems/coordinator/fingerprint-differs' } } })
  })
})

describe('a request', () => {
  it.each([
    ['without a signature', () => ({})],
    ['signed by another node’s key', () => signed('lake', '{}', keysOf('hill').signing)],
    ['of a node that nobody knows', () => signed('nobody', '{}', pair().signing)],
    ['signed for another mailbox', () => signed('lake', '{}', keysOf('lake').signing, 'https://elsewhere.example/v1/coordinator/exchange')],
  ])('%s is refused', async (_, headers) => {
    expect(await post(exchangePath, '{}', headers())).toMatchObject({ status: 401, body: { type: '/problems/coordinator/not-a-node' } })
  })

  it('whose body is not what was signed is refused', async () => {
    const headers = signed('lake', '{}')
    expect(await post(exchangePath, '{"taken":[]}', headers)).toMatchObject({ status: 400, body: { type: '/problems/coordinator/body-changed' } })
  })

  it('that was signed long before or after is refused, and told the time', async () => {
    for (const ms of [-600_000, 600_000]) {
      const headers = signed('lake', '{}', keysOf('lake').signing, `${origin}${exchangePath}`, t.clock.nowMs() + ms)
      expect(await post(exchangePath, '{}', headers)).toMatchObject({ status: 401, body: { type: '/problems/coordinator/clock-skew', now: now() } })
    }
  })

  it('that is no exchange, or larger than one, is refused', async () => {
    expect(await exchange('lake', { leave: [{ id: 'x' }] })).toMatchObject({ status: 400 })
    expect(await exchange('lake', { surprise: 1 })).toMatchObject({ status: 400 })
    const large = Buffer.alloc(mailboxLimits.exchangeBytes + 1, 32)
    expect(await post(exchangePath, large, signed('lake', large.toString()))).toMatchObject({ status: 413 })
  })
})

describe('a mailbox', () => {
  it('gives each node what was left for it, with the name of whoever signed, until it says that it has it', async () => {
    expect(await exchange('lake', { leave: [message(1, 'hill'), message(2, 'moor')] })).toMatchObject({
      body: { left: [{ answer: 'kept' }, { answer: 'kept' }], waiting: [] },
    })
    const waiting = { waiting: [{ id: idOf(1), from: 'lake', sealed: 'sealed-1' }] }
    expect(await exchange('hill', {})).toMatchObject({ body: waiting })
    expect(await exchange('hill', {})).toMatchObject({ body: waiting })
    // Of another's, and of another sender's, nothing can be taken.
    await exchange('lake', { taken: [{ id: idOf(1), from: 'lake' }] })
    await exchange('hill', {
      taken: [
        { id: idOf(1), from: 'moor' },
        { id: idOf(2), from: 'lake' },
      ],
    })
    expect(await exchange('hill', {})).toMatchObject({ body: waiting })
    expect(await exchange('hill', { taken: [{ id: idOf(1), from: 'lake' }] })).toMatchObject({ body: { waiting: [] } })
    expect((await exchange('moor', { taken: [{ id: idOf(2), from: 'lake' }] })).body.waiting).toEqual([])
  })

  it('keeps the same message once, and says so', async () => {
    const leave = [message(10, 'hill')]
    await exchange('lake', { leave })
    expect(await exchange('lake', { leave })).toMatchObject({ body: { left: [{ answer: 'waits' }] } })
    // Another node that gives the same id does not touch it.
    await exchange('moor', { leave: [message(10, 'hill', { sealed: 'of moor' })] })
    const { body } = await exchange('hill', {})
    expect((body.waiting as unknown as { from: string; sealed: string }[]).map(({ from, sealed }) => `${from} ${sealed}`).sort()).toEqual([
      'lake sealed-10',
      'moor of moor',
    ])
    await exchange('hill', {
      taken: [
        { id: idOf(10), from: 'lake' },
        { id: idOf(10), from: 'moor' },
      ],
    })
  })

  it('keeps nothing for nobody, and nothing for ever', async () => {
    const leave = [message(20, 'nobody'), message(21, 'hill', { expires_at: now(-1) }), message(22, 'hill', { expires_at: now(40 * 86_400_000) })]
    expect(await exchange('lake', { leave })).toMatchObject({ body: { left: [{ answer: 'no_such_node' }, { answer: 'too_late' }, { answer: 'too_late' }] } })
    await exchange('lake', { leave: [message(23, 'hill')] })
    t.clock.advance(2 * 86_400_000)
    expect((await exchange('hill', {})).body.waiting).toEqual([])
    await coordinatorModule.loops?.[0]?.run(t.door.node)
    expect(await t.database.transaction('node', (tx) => tx.query('SELECT id FROM coordinator.message'))).toEqual([])
  })

  it('fills up for one node and not for the others', async () => {
    await t.database.transaction('node', (tx) =>
      tx.query(
        `INSERT INTO coordinator.message (tenant_id, to_node, id, from_node, sealed, left_at, expires_at)
          SELECT '00000000-0000-0000-0000-000000000000', 'hill', gen_random_uuid(), 'moor', 'x', $1::timestamptz, $2::timestamptz FROM generate_series(1, $3)`,
        [now(), now(86_400_000), mailboxLimits.messagesPerNode - 1],
      ),
    )
    const leave = [message(30, 'hill'), message(31, 'hill'), message(32, 'moor')]
    expect(await exchange('lake', { leave })).toMatchObject({ body: { left: [{ answer: 'kept' }, { answer: 'full' }, { answer: 'kept' }] } })
    const { body } = await exchange('hill', {})
    expect((body.waiting as unknown as object[]).length).toBe(mailboxLimits.messagesPerExchange)
  })

  it('tells operators how each node is and how much waits, and nothing of what', async () => {
    const health = { version: '0.1.0', uptime_seconds: 7, waiting_out: 1, waiting_in: 2, ledger_size: 40, ledger_root: 'ab'.repeat(32) }
    await exchange('lake', { health })
    const answer = await t.door.enter(listMeshNodes, {}, operator())
    expect(answer).toMatchObject({
      outcome: 'done',
      output: { data: expect.arrayContaining([expect.objectContaining({ name: 'lake', health, last_poll_at: now() })]) },
    })
    expect(JSON.stringify(answer)).not.toContain('sealed')
  })

  it('is closed to a node that was excluded', async () => {
    await t.door.enter(excludeNode, { node: 'moor' }, operator())
    expect(await exchange('moor', {})).toMatchObject({ status: 401 })
    expect(await exchange('lake', { leave: [message(40, 'moor')] })).toMatchObject({ body: { left: [{ answer: 'no_such_node' }] } })
  })
})
