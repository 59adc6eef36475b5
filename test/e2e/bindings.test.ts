/** Tokens in the wrong hands, at the wrong time, or with the wrong key. */

import { generateKeyPairSync, type KeyPairKeyObjectResult, randomUUID, sign } from 'node:crypto'
import { makeCertificate } from '@gatehouse/runtime/base/certificate'
import { must } from '@gatehouse/sdk/client'
import { redeemOnSocket } from '@gatehouse/sdk/exchange'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inspect, migratedDatabase, type SharedDatabase } from './database.ts'
import { entries } from './log.ts'
import { type NodeProcess, startNode } from './node.ts'
import { addPartner, arrange, authorize, giveConsent, type Partner, policyDocument, publishPolicy, redeem, type Scenario } from './scenario.ts'

let database: SharedDatabase
let node: NodeProcess
let scene: Scenario

beforeAll(async () => {
  database = await migratedDatabase()
  node = await startNode({ environment: { DATABASE_URL: database.url } })
  scene = await arrange(node)
})
afterAll(async () => {
  await node?.remove()
  await database?.drop()
})

/** A partner with a policy and a consent of its own. */
async function another(reference: string): Promise<{ partner: Partner; policy: string }> {
  const partner = await addPartner(node, reference)
  const policy = await publishPolicy(node, scene.officer, policyDocument(`${reference}-service`, reference))
  await giveConsent(node, 'C1', reference)
  return { partner, policy }
}

const registerKey = async (partner: Partner, key: object) =>
  must(await node.operator.POST('/v1/partners/{partner}/keys', { params: { path: { partner: partner.id } }, body: key } as never))

/** The reasons of the refusals of one release, from the institution's ledger. */
async function reasons(release: string): Promise<unknown[]> {
  const refusals = await entries(node.operator, { object_kind: 'release', object_id: release, decision: 'deny' })
  return refusals.flatMap(({ body }) => body.details?.reasons ?? [])
}

/** A release that others do not wait for: the caches of rights live 900 ms. */
const pastCaches = () => new Promise((resolve) => setTimeout(resolve, 1_000))

describe('a token', () => {
  it('is worth nothing when it is over', async () => {
    const granted = (await authorize(node, scene.partner, 'C1')).body
    await inspect(
      database.superuser,
      `UPDATE release.grant SET issued_at = issued_at - interval '1 hour', expires_at = expires_at - interval '1 hour' WHERE id = $1`,
      [granted.release_id],
    )
    expect((await redeem(node, granted.token)).status).toBe(403)
    expect(await reasons(granted.release_id)).toEqual(['expired'])
  })

  it('is worth nothing when the partner has cancelled it', async () => {
    const granted = (await authorize(node, scene.partner, 'C1')).body
    must(await scene.partner.client.DELETE('/v1/releases/{release}', { params: { path: { release: granted.release_id } } }))
    expect((await redeem(node, granted.token)).status).toBe(403)
    expect(await reasons(granted.release_id)).toEqual(['cancelled'])
  })

  it('is worth nothing once the policy it rests on is retired', async () => {
    const { partner, policy } = await another('retired-bank')
    const granted = (await authorize(node, partner, 'C1')).body
    must(await node.operator.POST('/v1/policies/{policy}/retire', { params: { path: { policy } } } as never))
    expect((await redeem(node, granted.token)).status).toBe(403)
    expect(await reasons(granted.release_id)).toEqual(['policy_not_active'])
  })

  it('is worth nothing while its partner is suspended', async () => {
    const { partner } = await another('suspended-bank')
    const granted = (await authorize(node, partner, 'C1')).body
    must(await node.operator.PATCH('/v1/partners/{partner}', { params: { path: { partner: partner.id } }, body: { status: 'suspended' } } as never))
    await pastCaches()
    expect((await redeem(node, granted.token)).status).toBe(403)
    expect((await authorize(node, partner, 'C1')).status).toBe(401)
    expect(await reasons(granted.release_id)).toEqual(['partner_not_active'])
  })
})

describe('a partner with a registered certificate', () => {
  it('is refused without it and with another, unspent, and then redeems with the right one', async () => {
    const { partner } = await another('certificate-bank')
    const [own, foreign] = [await makeCertificate(['receiver.example'], Date.now()), await makeCertificate(['receiver.example'], Date.now())]
    await registerKey(partner, { certificate_pem: own.cert })
    await pastCaches()
    const granted = (await authorize(node, partner, 'C1')).body
    const { host, port, fingerprint } = node.credential.exchange
    const to = { host, port, fingerprint, token: granted.token }
    expect((await redeem(node, granted.token)).status).toBe(403)
    await expect(redeemOnSocket(to)).rejects.toThrow(/not accepted/)
    await expect(redeemOnSocket({ ...to, certificate: foreign.cert, privateKey: foreign.key })).rejects.toThrow(/not accepted/)
    expect(await reasons(granted.release_id)).toEqual(['key_not_proven', 'key_not_proven', 'key_not_proven'])
    const { data } = await redeemOnSocket({ ...to, certificate: own.cert, privateKey: own.key })
    expect(JSON.parse(data)).toMatchObject({ given_name: 'Ada' })
  })
})

interface ProofVariation {
  readonly htm?: string
  readonly at?: number
  readonly typ?: string
}

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
const publicJwk = ({ publicKey }: KeyPairKeyObjectResult) => publicKey.export({ format: 'jwk' })

/** A DPoP proof as RFC 9449 section 4.2 describes it, or one that strays from it in one thing. */
function proofOf(keys: KeyPairKeyObjectResult, htu: string, { htm = 'POST', at = Date.now() / 1000, typ = 'dpop+jwt' }: ProofVariation = {}): string {
  const coded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const signed = `${coded({ alg: 'ES256', typ, jwk: publicJwk(keys) })}.${coded({ jti: randomUUID(), htm, htu, iat: Math.floor(at) })}`
  return `${signed}.${sign('sha256', Buffer.from(signed), { key: keys.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

describe('a partner with a registered DPoP key', () => {
  it('is refused without a proof, and with one for another place, method, time or key, or one seen before; the token stays good', async () => {
    const { partner } = await another('dpop-bank')
    const [own, foreign] = [newKeys(), newKeys()]
    await registerKey(partner, { jwk: publicJwk(own) })
    await pastCaches()
    const here = `${node.origin}/v1/redeem`
    const proof = ({ keys = own, htu = here, ...more }: { keys?: KeyPairKeyObjectResult; htu?: string } & ProofVariation = {}) => proofOf(keys, htu, more)

    const used = proof()
    const first = (await authorize(node, partner, 'C1')).body
    expect((await redeem(node, first.token, { dpop: used })).status).toBe(200)

    const granted = (await authorize(node, partner, 'C1')).body
    const unsigned = `${Buffer.from(JSON.stringify({ alg: 'none', typ: 'dpop+jwt', jwk: publicJwk(own) })).toString('base64url')}.${used.split('.')[1]}.`
    const bad = {
      none: undefined,
      'seen before': used,
      'of a stranger': proof({ keys: foreign }),
      'for another address': proof({ htu: `${node.origin}/v1/authorize` }),
      'for another host': proof({ htu: 'https://evil.example/v1/redeem' }),
      'for another method': proof({ htm: 'GET' }),
      'of yesterday': proof({ at: Date.now() / 1000 - 86_400 }),
      'of tomorrow': proof({ at: Date.now() / 1000 + 86_400 }),
      'of another type': proof({ typ: 'JWT' }),
      'without signature': unsigned,
      'not a proof': 'x.y.z',
    }
    for (const [name, dpop] of Object.entries(bad)) {
      const answer = await redeem(node, granted.token, dpop === undefined ? {} : { dpop })
      expect([name, answer.status, answer.body.type]).toEqual([name, 403, '/problems/release/token-refused'])
    }
    expect(new Set(await reasons(granted.release_id))).toEqual(new Set(['key_not_proven']))
    expect((await redeem(node, granted.token, { dpop: proof() })).status).toBe(200)
  })

  it('redeems with many proofs at once', async () => {
    const { partner } = await another('dpop-crowd')
    const keys = newKeys()
    await registerKey(partner, { jwk: publicJwk(keys) })
    await pastCaches()
    const grants = await Promise.all(Array.from({ length: 60 }, async () => (await authorize(node, partner, 'C1')).body))
    const statuses = await Promise.all(
      grants.map(async ({ token }) => {
        const dpop = proofOf(keys, `${node.origin}/v1/redeem`)
        return (await redeem(node, token, { dpop })).status
      }),
    )
    expect(new Set(statuses)).toEqual(new Set([200]))
  })
})
