import { randomBytes, X509Certificate } from 'node:crypto'
import type { Id } from '@gatehouse/core/id'
import { systemPrincipal } from '@gatehouse/runtime/base/context'
import { defineModule } from '@gatehouse/runtime/door/module'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { operation } from '@gatehouse/runtime/door/operation'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readEvents } from '../../apps/verify/anchor/events.ts'
import { verifyAnchors } from '../../apps/verify/anchor/verify.ts'
import { noWitnesses } from '../../apps/verify/checkpoint.ts'
import { nodeCryptography } from '../../apps/verify/command/machine.ts'
import { readKeys } from '../../apps/verify/keys.ts'
import { judge } from '../../apps/verify/report.ts'
import { appendEntry, ledgerModule, logVkey, sequence } from '../ledger/index.ts'
import compiled from './contract/CheckpointAnchor.json' with { type: 'json' }
import { deploy } from './deploy.ts'
import { anchorsModule } from './index.ts'
import { file, list } from './read.ts'
import { run, runByItself } from './run.ts'
import { addTarget, removeTargetOperation, targets } from './targets.ts'
import { startChain, type TestChain } from './testing/chain.ts'
import { startAuthority, type TestAuthority } from './testing/time-stamp-authority.ts'

const act = operation({
  name: 'probe.act',
  summary: 'Leave an entry',
  input: z.strictObject({}),
  output: z.strictObject({}),
  access: { public: 'for tests' },
  audit: () => ({}),
  run: async () => ({}),
})

let t: TestNode
let chain: TestChain
let authority: TestAuthority
let contract: string
beforeAll(async () => {
  const nowMs = Date.now()
  chain = await startChain(() => t?.clock.nowMs() ?? nowMs)
  authority = await startAuthority()
  t = await testNode({
    modules: [ledgerModule, anchorsModule, defineModule({ name: 'probe', operations: [act], problems: {} })],
    plugs: { append: appendEntry },
    egressAllow: ['127.0.0.1'],
  })
  t.clock.set(nowMs)
  contract = (await chain.from(`0x${'dd'.repeat(20)}`, compiled.bytecode)).created ?? ''
})
afterAll(async () => {
  await Promise.all([chain.close(), authority.close(), t.close()])
})

// biome-ignore lint/suspicious/noExplicitAny: answers of every operation
const done = async (what: AnyOperation, input: unknown, principal = t.admin): Promise<any> => {
  const answer = await t.door.enter(what, input, principal)
  if (answer.outcome !== 'done') throw new Error(`${what.name}: ${JSON.stringify(answer)}`)
  return answer.output
}
const grow = async (tenant = t.tenant) => {
  await done(act, {}, t.principal({ tenant }))
  await sequence(t.door.node)
}
const tenantOf = (last: number) => `01980000-0000-7000-8000-0000000000${last}` as Id<'tenant'>
const who = (tenant: Id<'tenant'>) => t.principal({ tenant })

/** An institution of its own with a target on the chain and an account that has money. */
async function onChain(last: number, settings: Record<string, unknown> = {}) {
  const tenant = tenantOf(last)
  const target = await done(
    addTarget,
    {
      kind: 'evm',
      name: 'Test chain',
      every_minutes: 10,
      settings: { rpc_url: chain.url, chain_id: 31337, contract, confirmations: 3, final: 6, ...settings },
    },
    who(tenant),
  )
  await chain.fund(target.account)
  await grow(tenant)
  return {
    tenant,
    target,
    turn: () => done(run, {}, who(tenant)),
    byItself: () => done(runByItself, {}, systemPrincipal(tenant)),
    anchors: async () => (await done(list, {}, who(tenant))).data,
    standing: async () => (await done(targets, {}, who(tenant))).data[0],
    file: () => done(file, {}, who(tenant)),
    grow: () => grow(tenant),
  }
}

describe('a target that cannot be used', () => {
  it('is refused when it is named: a host that is not on the list, roots that are no authority', async () => {
    const refused = async (input: unknown) =>
      (await t.door.enter(addTarget as AnyOperation, input, t.admin).catch((error: unknown) => error)) as { message?: string }
    expect(await refused({ kind: 'evm', name: 'x', settings: { rpc_url: 'https://elsewhere.example/', chain_id: 1, contract } })).toMatchObject({
      kind: { status: 400 },
    })
    expect(await refused({ kind: 'time_stamp', name: 'x', settings: { url: authority.url, roots: ['nothing'] } })).toMatchObject({ kind: { status: 400 } })
    expect(await refused({ kind: 'evm', name: 'x', settings: { rpc_url: 'ftp://127.0.0.1/', chain_id: 1, contract } })).toMatchObject({ kind: { status: 400 } })
  })

  it('shows the host and never the path or the query, where keys of providers stand', async () => {
    const target = await done(
      addTarget,
      { kind: 'evm', name: 'Keyed', settings: { rpc_url: `${chain.url}v3/secret-key?k=1`, chain_id: 31337, contract } },
      who(tenantOf(20)),
    )
    expect(JSON.stringify(target)).not.toContain('secret-key')
    await done(removeTargetOperation, { target: target.id }, who(tenantOf(20)))
    expect((await done(targets, {}, who(tenantOf(20)))).data[0].state).toBe('removed')
  })
})

describe('on a chain', () => {
  it('claims the log, anchors, waits for its depth, and ends as final', async () => {
    const one = await onChain(31)
    expect(await one.turn()).toMatchObject({ sent: 1, failed: 0 })
    expect((await one.anchors())[0]).toMatchObject({ state: 'sent', attempts: 1, depth: 0 })
    await chain.mine()
    await one.turn()
    expect((await one.anchors())[0]).toMatchObject({ state: 'sent', depth: 1 })
    await chain.mine(2)
    expect(await one.turn()).toMatchObject({ confirmed: 1 })
    expect(await one.standing()).toMatchObject({ last_size: 2, waiting: 0, last_error: null })
    await chain.mine(3)
    await one.turn()
    const [anchor] = (await one.file()).anchors
    expect(anchor.receipt).toMatchObject({ chain_id: 31337, contract, topics: [expect.any(String), expect.any(String)] })
    expect((await one.anchors()).at(-1).state).toBe('final')
  })

  it('sends nothing but claims and anchors to the contract, and only sizes and roots', async () => {
    for (const raw of chain.calls.filter(({ method }) => method === 'eth_sendRawTransaction')) expect(String(raw.params[0]).length).toBeLessThan(520)
    const methods = new Set(chain.calls.map(({ method }) => method))
    expect([...methods].filter((method) => method.startsWith('eth_send'))).toEqual(['eth_sendRawTransaction'])
  })

  it('waits for the interval by itself, and does not anchor a log that only told of its own anchors', async () => {
    const one = await onChain(32)
    await one.byItself()
    await chain.mine(3)
    await one.byItself()
    await sequence(t.door.node)
    t.clock.advance(11 * 60_000)
    await one.byItself()
    expect(await one.anchors()).toHaveLength(1)
    await one.grow()
    await one.byItself()
    expect(await one.anchors()).toHaveLength(2)
    await one.grow()
    await chain.mine(3)
    await one.byItself()
    await one.byItself()
    expect(await one.anchors()).toHaveLength(2)
  })

  it('keeps what it could not send while the node at rpc_url is away, says why, and sends it when it is back', async () => {
    const one = await onChain(33)
    chain.broken = 503
    expect(await one.turn()).toMatchObject({ failed: 1, sent: 0 })
    expect((await one.anchors())[0]).toMatchObject({ state: 'pending', fault: 'unreachable', last_error: expect.stringContaining('no JSON') })
    expect((await one.standing()).last_error).toContain('no JSON')
    chain.broken = undefined
    expect(await one.turn()).toMatchObject({ sent: 1 })
    chain.broken = 500
    await one.turn()
    expect((await one.anchors())[0]).toMatchObject({ state: 'sent', last_error: expect.stringContaining('status 500') })
    chain.broken = undefined
    await chain.mine(3)
    expect(await one.turn()).toMatchObject({ confirmed: 1 })
    expect((await one.anchors()).find((anchor: { size: number }) => anchor.size === 2)).toMatchObject({ last_error: null })
  })

  it('does not write on another chain than the one it was set to', async () => {
    const one = await onChain(34)
    chain.chainId = 1
    await one.turn()
    expect((await one.anchors())[0]).toMatchObject({ state: 'pending', fault: 'wrong_chain', last_error: expect.stringContaining('chain 1') })
    chain.chainId = 31337
    expect(await one.turn()).toMatchObject({ sent: 1 })
    await chain.mine()
  })

  it('goes back to pending when the chain takes a confirmed anchor back, tells so, and anchors again', async () => {
    const one = await onChain(35)
    await one.turn()
    await chain.mine(3)
    expect(await one.turn()).toMatchObject({ confirmed: 1 })
    await chain.reorganise(3, false)
    await chain.fund(one.target.account)
    await chain.mine(3)
    // Another transaction of the account has taken the number meanwhile: none has, so it counts as waiting until it is stuck.
    t.clock.advance(11 * 60_000)
    expect(await one.turn()).toMatchObject({ lost: 1 })
    expect(await one.anchors()).toContainEqual(expect.objectContaining({ losses: 1 }))
    const events = await t.database.transaction(one.tenant, (tx) =>
      tx.query<{ type: string }>(`SELECT type FROM work.outbox WHERE tenant_id = $1 AND type LIKE 'anchors.%' ORDER BY id`, [one.tenant]),
    )
    expect(events.map(({ type }) => type)).toEqual(['anchors.confirmed', 'anchors.lost'])
    await chain.mine(3)
    await one.turn()
    const rows = await one.anchors()
    expect(rows.some((row: { state: string; size: number }) => row.state === 'confirmed')).toBe(true)
    expect(rows.find((row: { losses: number }) => row.losses === 1)).toBeDefined()
  })

  it('follows a transaction that a reorganisation put into another block', async () => {
    const one = await onChain(36)
    await one.turn()
    await chain.mine()
    await one.turn()
    await chain.reorganise(1, true)
    await chain.mine(3)
    expect(await one.turn()).toMatchObject({ confirmed: 1, lost: 0 })
  })

  it('sends a stuck transaction again with the same number and a higher fee', async () => {
    const one = await onChain(37)
    await chain.mine()
    chain.stuck = true
    await one.turn()
    await chain.mine()
    const [before] = await one.anchors()
    t.clock.advance(11 * 60_000)
    await one.turn()
    const [after] = await one.anchors()
    expect(after).toMatchObject({ state: 'sent', losses: 1, reference: { nonce: before.reference.nonce, raises: 1 } })
    expect(after.reference.transaction).not.toBe(before.reference.transaction)
    chain.stuck = false
    await chain.mine(3)
    expect(await one.turn()).toMatchObject({ confirmed: 1 })
  })

  it('the contract is put there by the institution’s own account, after a look at what it costs', async () => {
    const tenant = tenantOf(29)
    const input = { rpc_url: chain.url, chain_id: 31337 }
    const answerOf = async (more: object) => {
      const answer = await t.door.enter(deploy as AnyOperation, { ...input, ...more }, who(tenant))
      return answer.outcome === 'refused' ? answer.problem.document() : answer.outcome === 'done' ? answer.output : answer
    }
    const dry = await answerOf({ dry_run: true })
    expect(dry).toMatchObject({ affordable: false, transaction: null, mined: false })
    expect(await answerOf({ dry_run: false })).toMatchObject({ type: '/problems/anchors/chain-refused' })
    expect(await answerOf({ dry_run: true, chain_id: 1 })).toMatchObject({ type: '/problems/anchors/chain-refused', detail: expect.stringContaining('31337') })
    await chain.fund(dry.account)
    const sending = answerOf({ dry_run: false })
    while (chain.waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    await chain.mine()
    const done = await sending
    expect(done).toMatchObject({ mined: true, contract: dry.contract, gas_used: expect.any(Number) })
    expect(done.gas_used).toBeLessThan(600_000)
    const code = compiled.bytecode.slice(-100)
    expect(String(await chain.ask('eth_getCode', [done.contract]))).toContain(code.slice(0, 60))
  })

  it('tells that the account has no money, and sends it once it has', async () => {
    const tenant = tenantOf(39)
    const settings = { rpc_url: chain.url, chain_id: 31337, contract, confirmations: 1, final: 6 }
    const { account } = await done(addTarget, { kind: 'evm', name: 'Poor', every_minutes: 10, settings }, who(tenant))
    await grow(tenant)
    expect(await done(run, {}, who(tenant))).toMatchObject({ failed: 1 })
    expect((await done(list, {}, who(tenant))).data[0]).toMatchObject({
      state: 'pending',
      fault: 'insufficient_funds',
      last_error: expect.stringContaining(account),
    })
    expect((await done(targets, {}, who(tenant))).data[0]).toMatchObject({ waiting: 1, fault: 'insufficient_funds' })
    await chain.fund(account)
    expect(await done(run, {}, who(tenant))).toMatchObject({ sent: 1, failed: 0 })
    expect((await done(list, {}, who(tenant))).data[0]).toMatchObject({ state: 'sent', fault: null, last_error: null })
    await chain.mine()
  })

  it('gets past a transaction that a life before sent under the same number and forgot', async () => {
    const one = await onChain(40)
    chain.stuck = true
    chain.gasPrice = 1_100_000_000
    await one.turn()
    chain.gasPrice = 1_000_000_000
    // As after a kill between sending and writing it down: the row knows of no attempt.
    await t.database.transaction(one.tenant, (tx) =>
      tx.query(`UPDATE anchors.anchor SET state = 'pending', reference = NULL, sent_at = NULL WHERE tenant_id = $1`, [one.tenant]),
    )
    expect(await one.turn()).toMatchObject({ failed: 1 })
    expect((await one.anchors())[0]).toMatchObject({ state: 'pending', fault: 'underpriced', reference: { raises: 0 } })
    expect(await one.turn()).toMatchObject({ sent: 1 })
    expect((await one.anchors())[0]).toMatchObject({ state: 'sent', fault: null, reference: { raises: 1 } })
    chain.stuck = false
    await chain.mine(3)
    expect(await one.turn()).toMatchObject({ confirmed: 1 })
  })

  it('does not write over somebody else’s log, and says so', async () => {
    const one = await onChain(38, { contract: `0x${'00'.repeat(19)}01` })
    await one.turn()
    expect((await one.anchors())[0]).toMatchObject({ state: 'pending', last_error: expect.any(String) })
  })
})

describe('time stamps', () => {
  const stamped = async (last: number, roots = [authority.root]) => {
    const tenant = tenantOf(last)
    await done(addTarget, { kind: 'time_stamp', name: 'Authority', every_minutes: 5, settings: { url: authority.url, roots } }, who(tenant))
    t.clock.set(Date.now())
    await grow(tenant)
    await done(run, {}, who(tenant))
    return (await done(list, {}, who(tenant))).data[0]
  }

  it('are had from the authority and kept with their token', async () => {
    expect(await stamped(41)).toMatchObject({ state: 'confirmed', last_error: null })
    const { anchors } = await done(file, {}, who(tenantOf(41)))
    expect(anchors[0].receipt).toMatchObject({ authority: expect.stringContaining('root'), policy: '1.2.3.4.1', token: expect.any(String) })
  })

  it('are checked by the independent verifier, which names the place of whatever was changed', async () => {
    await done(
      addTarget,
      { kind: 'evm', name: 'Test chain', every_minutes: 10, settings: { rpc_url: chain.url, chain_id: 31337, contract, confirmations: 1, final: 2 } },
      who(tenantOf(41)),
    )
    await chain.fund((await done(targets, {}, who(tenantOf(41)))).data.find((each: { kind: string }) => each.kind === 'evm').account)
    await grow(tenantOf(41))
    await done(run, {}, who(tenantOf(41)))
    await chain.mine(2)
    await done(run, {}, who(tenantOf(41)))
    const written = await done(file, {}, who(tenantOf(41)))
    expect(written.anchors.map(({ kind }: { kind: string }) => kind).sort()).toEqual(['evm', 'time_stamp', 'time_stamp'])
    const keys = await readKeys(await logVkey(t.door.node, tenantOf(41)), nodeCryptography)
    const logs = await chain.ask('eth_getLogs', [])
    const check = (text: unknown, events: unknown = logs, roots = [new X509Certificate(authority.root)]) =>
      judge(async (found) => {
        await verifyAnchors(found, {
          text: JSON.stringify(text),
          keys,
          policy: noWitnesses,
          cryptography: nodeCryptography,
          roots,
          chain: events === undefined ? undefined : async (origin) => readEvents(events, origin, 'events'),
        })
      })
    const good = await check(written)
    expect(good.checks.filter(({ verdict }) => verdict !== 'good')).toEqual([])
    expect((await check(written, logs, [])).verdict).toBe('cannot_tell')
    const bad = async (text: unknown, place: RegExp, events: unknown = logs) => {
      const report = await check(text, events)
      expect(report.verdict).toBe('bad')
      expect(report.checks.find(({ verdict }) => verdict === 'bad')?.place).toMatch(place)
    }
    const at = written.anchors.findIndex(({ kind }: { kind: string }) => kind === 'evm')
    const stamp = written.anchors.findIndex(({ kind }: { kind: string }) => kind === 'time_stamp')
    const changed = (index: number, change: Record<string, unknown>) => ({
      ...written,
      anchors: written.anchors.with(index, { ...written.anchors[index], ...change }),
    })
    const token = Buffer.from(written.anchors[stamp].receipt.token, 'base64')
    for (const place of [60, 120, Math.floor(token.length / 2), token.length - 5]) {
      const turned = Buffer.from(token)
      turned[place] = (turned[place] as number) ^ 1
      await bad(changed(stamp, { receipt: { token: turned.toString('base64') } }), new RegExp(`/anchors/${stamp}`))
    }
    await bad(changed(at, { size: 1 }), new RegExp(`/anchors/${at}`))
    await bad(
      changed(at, { receipt: { ...written.anchors[at].receipt, data: written.anchors[at].receipt.data.replace(/.$/, '1') } }),
      new RegExp(`/anchors/${at}`),
    )
    await bad(written, /anchors/, [])
    if (written.consistency.length > 0) await bad({ ...written, consistency: written.consistency.map((each: object) => ({ ...each, proof: [] })) }, /anchors/)
  })

  it('are refused from an authority that is not named', async () => {
    const stranger = await startAuthority()
    expect(await stamped(42, [stranger.root])).toMatchObject({ state: 'pending', last_error: expect.stringContaining('does not come from an authority') })
    await stranger.close()
  })

  it('are refused when the answer is changed, is to another request, or is none', async () => {
    const earlier = await authority.reply(authority.requests[0] as Buffer)
    authority.tamper = () => earlier
    expect(await stamped(43)).toMatchObject({ state: 'pending', last_error: expect.stringMatching(/something else|another request/) })
    authority.tamper = (answer) => {
      const changed = Uint8Array.from(answer)
      changed[changed.length - 3] = (changed[changed.length - 3] ?? 0) ^ 1
      return changed
    }
    expect(await stamped(44)).toMatchObject({ state: 'pending' })
    authority.tamper = () => randomBytes(100)
    expect(await stamped(45)).toMatchObject({ state: 'pending', last_error: expect.stringContaining('no time-stamp response') })
    authority.tamper = undefined
    authority.status = 500
    expect(await stamped(46)).toMatchObject({ state: 'pending', last_error: expect.stringContaining('500') })
    authority.status = 200
  })

  it('are refused from a certificate that is not for time stamps', async () => {
    const server = await startAuthority('server').catch(() => undefined)
    // openssl itself may refuse to stamp with such a certificate: then it answers with nothing.
    if (server === undefined) return
    const tenant = tenantOf(47)
    await done(addTarget, { kind: 'time_stamp', name: 'Server', every_minutes: 5, settings: { url: server.url, roots: [server.root] } }, who(tenant))
    await grow(tenant)
    await done(run, {}, who(tenant))
    expect((await done(list, {}, who(tenant))).data[0]).toMatchObject({ state: 'pending', last_error: expect.any(String) })
    await server.close()
  })
})
