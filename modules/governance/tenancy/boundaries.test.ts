import type { Place, Principal } from '@gatehouse/runtime/base/context'
import { defineModule } from '@gatehouse/runtime/door/module'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isWithin } from './boundaries.ts'
import { defaultTenant, ensureTenant, type Tenant, tenancyModule, within } from './index.ts'
import { ownPlace } from './own-place.ts'
import { tenancyProblems } from './problems.ts'
import { readTenant } from './read.ts'
import { updateTenant } from './update.ts'

/** What a token opens, as a release is redeemed: whose it is is learned inside the act. */
const byToken = operation({
  name: 'look.by_token',
  summary: 'Look',
  input: z.strictObject({}),
  output: z.strictObject({}),
  access: { public: 'a test with a token' },
  audit: () => ({}),
  async run(ctx) {
    await ctx.actAs({ kind: 'partner', id: 'p', tenant: mine.id, roles: ['partner'] })
    return {}
  },
})

let t: TestNode
let mine: Tenant
let session: Principal
beforeAll(async () => {
  t = await testNode({
    modules: [tenancyModule, defineModule({ name: 'look', operations: [byToken], problems: {} })],
    plugs: {
      within,
      authenticate: async (_node, knock) =>
        knock.sessionToken === 'person' ? { ...session, subject: 's' as never } : knock.sessionToken || knock.authorization ? session : undefined,
    },
  })
  mine = await ensureTenant(t.door.node, defaultTenant.slug, defaultTenant.name)
  session = t.principal({ tenant: mine.id })
})
afterAll(() => t.close())
beforeEach(() => change({ boundaries: none }))

const none = { portal: null, api: null, exchange: null }
const office = { networks: ['192.0.2.0/24', '2001:db8::/32'], certificates: ['a'.repeat(43)] }
const change = (settings: object, place?: Place) => t.door.enter(updateTenant, { settings } as never, place === undefined ? session : { ...session, place })
const fromPortal = (source: string, more: object = {}) => t.door.knock(readTenant, {}, { channel: 'http', sessionToken: 'x', source, ...more })
const outside = { kind: doorProblems.outside_boundary }
const at = (by: Place['by'], source: string, certificate?: string): Place => ({ by, source, ...(certificate === undefined ? {} : { certificate }) })

describe('a place', () => {
  it.each([
    ['192.0.2.7', true],
    ['::ffff:192.0.2.7', true],
    ['::ffff:c000:0207', true],
    ['2001:db8:1::9', true],
    ['198.51.100.1', false],
    ['2001:db9::1', false],
    ['::192.0.2.7', false],
    ['192.0.2.7.evil.example', false],
    ['192.0.2.07', false],
    ['', false],
  ])('%s lies in the networks: %s', (source, expected) => {
    expect(isWithin({ ...none, portal: office }, at('portal', source))).toBe(expected)
    expect(isWithin({ ...none, api: office }, at('portal', source))).toBe(true)
  })

  it('is inside with a client certificate that is named, wherever it is, and with no other', () => {
    const bound = { ...none, api: office }
    expect(isWithin(bound, at('api', '198.51.100.1', 'a'.repeat(43)))).toBe(true)
    expect(isWithin(bound, at('api', '198.51.100.1', 'b'.repeat(43)))).toBe(false)
    expect(isWithin(bound, { by: 'api' })).toBe(false)
  })
})

describe('a boundary', () => {
  it.each([
    ['an address without a length', { networks: ['192.0.2.1'], certificates: [] }],
    ['a length that is none', { networks: ['192.0.2.0/33'], certificates: [] }],
    ['a name', { networks: ['office.example/24'], certificates: [] }],
    ['neither network nor certificate', { networks: [], certificates: [] }],
    ['a certificate that is no thumbprint', { networks: [], certificates: ['abc'] }],
  ])('is refused with %s', async (_, portal) => {
    await expect(change({ boundaries: { ...none, portal } })).rejects.toMatchObject({ kind: doorProblems.input_invalid })
  })

  it('that would lock out its author is refused, and keeps what was there', async () => {
    expect(await change({ boundaries: { ...none, portal: office } }, at('portal', '198.51.100.1'))).toMatchObject({
      outcome: 'refused',
      problem: { kind: tenancyProblems.locks_out },
    })
    expect((await fromPortal('198.51.100.1')).outcome).toBe('done')
    // Another door than one's own may be closed to oneself.
    expect((await change({ boundaries: { ...none, api: office } }, at('portal', '198.51.100.1'))).outcome).toBe('done')
  })

  it('holds at the door for every request: each door has its own', async () => {
    await change({ boundaries: { ...none, portal: office } }, at('portal', '192.0.2.9'))
    await expect(fromPortal('198.51.100.1')).rejects.toMatchObject(outside)
    expect((await fromPortal('192.0.2.7')).outcome).toBe('done')
    expect((await fromPortal('198.51.100.1', { certificateThumbprint: 'a'.repeat(43) })).outcome).toBe('done')
    expect((await t.door.knock(readTenant, {}, { channel: 'http', authorization: 'Bearer x', source: '198.51.100.1' })).outcome).toBe('done')
    expect(t.entries).toContainEqual(expect.objectContaining({ facts: { decision: 'deny', details: { reason: 'outside_boundary' } } }))
    expect(JSON.stringify(t.entries)).not.toContain('198.51')
  })

  it('holds for whoever is known by a token alone, who is at the exchange', async () => {
    await change({ boundaries: { ...none, exchange: office } })
    for (const channel of ['http', 'socket'] as const) {
      await expect(t.door.knock(byToken, {}, { channel, source: '198.51.100.1' })).rejects.toMatchObject(outside)
      expect((await t.door.knock(byToken, {}, { channel, source: '192.0.2.1' })).outcome).toBe('done')
    }
  })

  it('does not keep persons concerned from what is theirs, nor the node from its work', async () => {
    await change({ boundaries: { portal: office, api: office, exchange: office } })
    expect((await fromPortal('198.51.100.1', { sessionToken: 'person' })).outcome).toBe('done')
    expect((await t.door.enter(readTenant, {}, session)).outcome).toBe('done')
    const operator = { ...session, apiKey: 'k', roles: ['operator'] }
    for (const [source, expected] of [
      ['127.0.0.1', true],
      ['::1', true],
      ['198.51.100.1', false],
    ] as const)
      expect(await within(t.door.node, { ...operator, place: at('api', source) })).toBe(expected)
    expect(await within(t.door.node, { ...session, place: at('api', '127.0.0.1') })).toBe(false)
  })

  it('ends what is open within a second of its change', async () => {
    const streams = [at('portal', '198.51.100.1'), at('portal', '192.0.2.7')].map((place) => ({ ...session, place }))
    expect(await t.door.stillHold(mine.id, streams)).toEqual([true, true])
    await change({ boundaries: { ...none, portal: office } })
    expect(await t.door.stillHold(mine.id, streams)).toEqual([false, true])
  })

  it('tells callers their own address, so that they see on which side they stand', async () => {
    const answer = await t.door.knock(ownPlace, {}, { channel: 'http', sessionToken: 'x', source: '192.0.2.7' })
    expect(answer).toMatchObject({ output: { by: 'portal', address: '192.0.2.7', certificate: null } })
  })
})
