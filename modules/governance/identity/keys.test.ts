import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import type { Knock } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { calculateJwkThumbprint, SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { partnersModule } from '../partners/index.ts'
import { authenticate } from './authenticate.ts'
import { countFailure, failureCounts, writeFailures } from './failures.ts'
import { issueKey } from './issue-key.ts'
import { listKeys } from './list-keys.ts'
import { operatorId } from './operator.ts'
import { problems } from './problems.ts'
import { issueProcessCredential } from './process-credential.ts'
import { provenKey } from './proven-key.ts'
import { revokeKey } from './revoke-key.ts'
import { rotateKey } from './rotate-key.ts'
import type { ApiKey, SignedIn } from './schema.ts'
import { browser, type IdentityNode, identityNode } from './testing/identity.ts'
import { updateUser } from './update-user.ts'

let node: IdentityNode
let admin: SignedIn
let partner: { id: string }
const partners = (name: string) => partnersModule.operations.find((operation) => operation.name === name) as (typeof partnersModule.operations)[number]
beforeEach(async () => {
  node = await identityNode()
  admin = await node.firstAdministrator()
  partner = await node.done(partners('partners.create'), { reference: 'acme-bank', name: 'Acme Bank' }, asAdmin())
})
afterEach(() => node.close())

const asAdmin = () => browser({ sessionToken: admin.session_token })
const issue = (more = {}) => node.done<{ key: string; api_key: ApiKey }>(issueKey, { label: 'production', ...more }, asAdmin())
const forPartner = (more = {}) => issue({ partner: 'acme-bank', ...more })
const knock = (key: string, more: Partial<Knock> = {}): Knock => ({ channel: 'http', authorization: `Bearer ${key}`, source: '192.0.2.7', ...more })
const who = (key: string, more: Partial<Knock> = {}) => authenticate(node.door.node, knock(key, more))

describe('an API key is refused', () => {
  it.each(['', 'ghk_', `ghk_${'A'.repeat(32)}`, `ghk_${'A'.repeat(31)}`, 'ghs_x', "ghk_' OR 1=1 --"])('when nobody issued it: %s', async (key) => {
    expect(await who(key)).toBe('failed')
  })

  it('with another scheme', async () => {
    const { key } = await forPartner()
    expect(await authenticate(node.door.node, { channel: 'http', authorization: `Basic ${key}` })).toBe('failed')
  })

  it('when it has expired', async () => {
    const { key } = await forPartner({ expires_in_days: 1 })
    node.clock.advance(86_399_999)
    expect(await who(key)).toMatchObject({ kind: 'partner' })
    node.clock.advance(1)
    expect(await who(key)).toBe('failed')
  })

  it('within a second of being revoked, while a second key goes on', async () => {
    const [first, second] = [await forPartner(), await forPartner({ label: 'next' })]
    expect(await who(first.key)).toMatchObject({ kind: 'partner' })
    await node.done(revokeKey, { key: first.api_key.id }, asAdmin())
    node.clock.advance(900)
    expect(await who(first.key)).toBe('failed')
    expect(await who(second.key)).toMatchObject({ kind: 'partner' })
  })

  it('within a second of its partner being suspended', async () => {
    const { key } = await forPartner()
    expect(await who(key)).toMatchObject({ kind: 'partner' })
    await node.done(partners('partners.update'), { partner: partner.id, status: 'suspended' }, asAdmin())
    node.clock.advance(900)
    expect(await who(key)).toBe('failed')
    expect((await node.refused(issueKey, { partner: 'acme-bank', label: 'x' }, asAdmin())).kind).toBe(problems.no_partner)
  })

  it('when its person has been disabled', async () => {
    const { key } = await issue()
    await node.database.transaction('node', (tx) => tx.query('UPDATE identity.user SET disabled_at = $1', [new Date(node.clock.nowMs())]))
    expect(await who(key)).toBe('failed')
  })

  it('for more than two years, and for a partner nobody knows', async () => {
    await expect(forPartner({ expires_in_days: 731 })).rejects.toMatchObject({ kind: doorProblems.input_invalid })
    expect((await node.refused(issueKey, { partner: 'unknown', label: 'x' }, asAdmin())).kind).toBe(problems.no_partner)
  })
})

describe('an API key', () => {
  it('stands for its partner, or for the person who made it with the roles of today', async () => {
    expect(await who((await forPartner()).key)).toMatchObject({ kind: 'partner', id: partner.id, partner: partner.id, roles: ['partner'] })
    expect(await who((await issue()).key)).toMatchObject({ kind: 'user', id: admin.user.id, roles: ['administrator'] })
  })

  it('is 192 random bits, shown once', async () => {
    const { key, api_key } = await forPartner()
    expect(key).toMatch(/^ghk_[\w-]{32}$/)
    const page = await node.done<{ data: ApiKey[] }>(listKeys, { partner: 'acme-bank' }, asAdmin())
    expect(page.data).toEqual([api_key])
    expect(JSON.stringify([page, node.entries])).not.toContain(key)
  })

  it('remembers its last use to the minute', async () => {
    const { key, api_key } = await forPartner()
    const lastUse = async () => (await node.done<{ data: ApiKey[] }>(listKeys, { partner: api_key.owner }, asAdmin())).data[0]?.last_used_at
    await who(key)
    node.clock.advance(59_000)
    await who(key)
    expect(await lastUse()).toBe('2026-11-22T09:30:00.000Z')
    node.clock.advance(1_000)
    await who(key)
    expect(await lastUse()).toBe('2026-11-22T09:31:00.000Z')
  })

  it('shows a partner only its own keys, whatever it asks', async () => {
    const { key } = await forPartner()
    await issue()
    const page = await node.done<{ data: ApiKey[] }>(listKeys, {}, knock(key))
    expect(page.data.map(({ owner }) => owner)).toEqual([partner.id])
    await expect(node.ask(listKeys, { partner: 'another' }, knock(key))).rejects.toMatchObject({ kind: doorProblems.not_found })
  })

  it('is verified more than 5,000 times a second', async () => {
    const { key } = await forPartner()
    await who(key)
    const begun = performance.now()
    for (let i = 0; i < 5000; i++) await who(key)
    expect(performance.now() - begun).toBeLessThan(1000)
  })
})

describe('a rotation', () => {
  const rotate = (key: string, more = {}) => node.done<{ key: string; api_key: ApiKey; replaced: ApiKey }>(rotateKey, { key, ...more }, asAdmin())

  it('is refused for a key that is over, replaced, of another person, an operator’s, or not there', async () => {
    const [ended, replaced, other] = [await forPartner({ expires_in_days: 1 }), await forPartner(), await forPartner()]
    await rotate(replaced.api_key.id)
    await node.done(revokeKey, { key: other.api_key.id }, asAdmin())
    node.clock.advance(86_400_000)
    admin = await node.signIn()
    for (const { api_key } of [ended, replaced, other]) expect((await node.refused(rotateKey, { key: api_key.id }, asAdmin())).kind).toBe(problems.key_over)
    const personal = await issue()
    await node.database.transaction('node', (tx) => tx.query('UPDATE identity.api_key SET owner_id = $2 WHERE id = $1', [personal.api_key.id, partner.id]))
    expect((await node.refused(rotateKey, { key: personal.api_key.id }, asAdmin())).kind).toBe(problems.key_of_another)
    await issueProcessCredential(node.door.node)
    const { data } = await node.done<{ data: ApiKey[] }>(listKeys, {}, asAdmin())
    const machine = data.find(({ owner_kind: kind }) => kind === 'operator') as ApiKey
    expect((await node.refused(rotateKey, { key: machine.id }, asAdmin())).kind).toBe(problems.key_of_another)
    await expect(rotate('01980000-0000-7000-8000-0000000000ff')).rejects.toMatchObject({ kind: doorProblems.not_found })
  })

  it('lets both keys hold for the overlap, and then the new one alone', async () => {
    const { key, api_key } = await forPartner({ expires_in_days: 30, scopes: [{ area: 'release', level: 'write' }] })
    const next = await rotate(api_key.id, { overlap_hours: 2 })
    expect(next.api_key).toMatchObject({ owner: partner.id, label: api_key.label, scopes: api_key.scopes, replaced_by: null })
    expect(Date.parse(next.api_key.expires_at) - node.clock.nowMs()).toBe(30 * 86_400_000)
    expect(next.replaced).toMatchObject({ id: api_key.id, replaced_by: next.api_key.id })
    node.clock.advance(2 * 3_600_000 - 1)
    for (const one of [key, next.key]) expect(await who(one)).toMatchObject({ kind: 'partner', id: partner.id, scopes: api_key.scopes })
    node.clock.advance(1)
    expect([await who(key), await who(next.key)]).toEqual(['failed', expect.objectContaining({ kind: 'partner' })])
  })

  it('never lets the old key outlive its own end, and ends it within a second where no overlap is asked for', async () => {
    const short = await forPartner({ expires_in_days: 1 })
    expect((await rotate(short.api_key.id, { overlap_hours: 168 })).replaced.expires_at).toBe(short.api_key.expires_at)
    const leaked = await forPartner()
    expect(await who(leaked.key)).toMatchObject({ kind: 'partner' })
    await rotate(leaked.api_key.id, { overlap_hours: 0 })
    node.clock.advance(900)
    expect(await who(leaked.key)).toBe('failed')
  })

  it('gives one key, however many ask at once', async () => {
    const { api_key } = await forPartner()
    const asked = await Promise.all(Array.from({ length: 5 }, () => node.ask(rotateKey, { key: api_key.id }, asAdmin())))
    expect(asked.map(({ outcome }) => outcome).sort()).toEqual(['done', 'refused', 'refused', 'refused', 'refused'])
  })
})

describe('the process credential', () => {
  it('stands for the operator and ends with the next start', async () => {
    const first = await issueProcessCredential(node.door.node)
    expect(await who(first)).toMatchObject({ kind: 'user', id: operatorId, roles: ['administrator', 'officer', 'operator'] })
    const second = await issueProcessCredential(node.door.node)
    node.clock.advance(900)
    expect(await who(first)).toBe('failed')
    expect(await who(second)).toMatchObject({ id: operatorId })
    expect((await node.refused(issueKey, { label: 'longer' }, knock(second))).kind).toBe(problems.no_partner)
  })
})

describe('a release token', () => {
  it('names nobody', async () => {
    expect(await who(`gh1_${'A'.repeat(43)}`)).toBeUndefined()
  })
})

describe('failures', () => {
  const written = () =>
    node.database.transaction('node', (tx) => tx.query<{ body: Uint8Array }>(`SELECT body FROM ledger.entry WHERE type = 'identity.failures'`))

  it('become one entry per source and minute, with a digest in place of the address', async () => {
    for (let i = 0; i < 3; i++) countFailure(node.door.node, { source: '192.0.2.7' })
    countFailure(node.door.node, { source: '192.0.2.8' })
    await writeFailures(node.door.node)
    expect(await written()).toEqual([])
    node.clock.advance(60_000)
    await writeFailures(node.door.node)
    const entries = (await written()).map(({ body }) => JSON.parse(Buffer.from(body).toString()) as { facts?: { details: { count: number } } })
    const text = JSON.stringify(entries)
    expect(entries).toHaveLength(2)
    expect(text).toMatch(/"count":3/)
    expect(text).not.toContain('192.0.2')
    expect(node.door.node.of(failureCounts).size).toBe(0)
  })
})

describe('a flood from everywhere', () => {
  it('is counted in a bounded number of entries', () => {
    for (let i = 0; i < 2000; i++) countFailure(node.door.node, { source: `198.51.100.${i}` })
    const [sources] = node.door.node.of(failureCounts).values()
    expect(sources?.size).toBe(1001)
    expect(sources?.get('others')).toBe(1000)
  })
})

describe('a proof of possession', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = publicKey.export({ format: 'jwk' })
  const signer = createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }))
  const url = 'http://127.0.0.1:5000/v1/auth/session'
  const proof = (key: string, jti: string) =>
    new SignJWT({
      jti,
      htm: 'GET',
      htu: url,
      iat: node.clock.nowMs() / 1000,
      ath: Buffer.from(node.door.node.keys.primitives.sha256(Buffer.from(key))).toString('base64url'),
    })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
      .sign(signer)

  it('serves one knock, which may ask for it twice', async () => {
    const { key } = await forPartner()
    const dpop = { proof: await proof(key, 'one'), method: 'GET', url }
    const first = knock(key, { dpop })
    const thumbprint = await calculateJwkThumbprint(jwk)
    expect(await authenticate(node.door.node, first)).toMatchObject({ keyThumbprint: thumbprint })
    expect(await provenKey(node.door.node, first)).toBe(thumbprint)
    expect(await authenticate(node.door.node, knock(key, { dpop }))).toBe('failed')
    expect(await provenKey(node.door.node, knock(key, { dpop }))).toBe('invalid')
  })

  it('is refused with a method or an address it was not made for', async () => {
    const { key } = await forPartner()
    expect(await provenKey(node.door.node, knock(key, { dpop: { proof: await proof(key, 'two'), method: 'POST', url } }))).toBe('invalid')
    expect(await provenKey(node.door.node, knock(key, { dpop: { proof: await proof(key, 'three'), method: 'GET', url: `${url}s` } }))).toBe('invalid')
  })

  it('is not needed where the TLS handshake has proven a certificate', async () => {
    const { key } = await forPartner()
    expect(await who(key, { certificateThumbprint: 'a'.repeat(43) })).toMatchObject({ keyThumbprint: 'a'.repeat(43) })
    expect(await provenKey(node.door.node, { channel: 'socket' })).toBeUndefined()
  })
})

describe('disabling a person', () => {
  it('revokes the keys too', async () => {
    const { key } = await issue()
    await node.database.transaction('node', (tx) =>
      tx.query(`INSERT INTO identity.user SELECT tenant_id, gen_random_uuid(), 'b@example.org', 'B', roles, created_at, NULL FROM identity.user`),
    )
    await node.database.transaction('node', (tx) =>
      tx.query(
        `INSERT INTO identity.account SELECT tenant_id, gen_random_uuid(), id, 'credential', id::text, 'x', created_at, created_at FROM identity.user WHERE name = 'B'`,
      ),
    )
    await node.done(updateUser, { user: admin.user.id, disabled: true }, asAdmin())
    node.clock.advance(900)
    expect(await who(key)).toBe('failed')
  })
})
