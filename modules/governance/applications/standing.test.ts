import { authorizationCodeGrant, buildAuthorizationUrl, calculatePKCECodeChallenge, refreshTokenGrant } from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPartner } from '../partners/create.ts'
import { updatePartner } from '../partners/update.ts'
import { endWithPartner } from './connections/end-with-partner.ts'
import { type ApplicationsNode, applicationsNode, origin, redirect } from './testing/applications-node.ts'

let node: ApplicationsNode
beforeAll(async () => {
  node = await applicationsNode()
})
afterAll(() => node?.close())
const verifier = 'a'.repeat(43)

describe('an application of a partner', () => {
  it('opens nothing while the partner is suspended, and is disconnected for good by sanctions', async () => {
    const { id: partner } = await node.done<{ id: string }>(createPartner, { reference: 'helper-house', name: 'Helper House' }, node.as(node.admin1))
    const own = await node.application()
    await node.database.transaction(node.home, (tx) =>
      tx.query(`UPDATE applications.application SET owner_kind = 'partner', owner_id = $3 WHERE tenant_id = $1 AND id = $2`, [
        node.home,
        own.application.id,
        partner,
      ]),
    )
    const config = await node.client(own)
    const url = buildAuthorizationUrl(config, {
      client_id: own.application.id,
      response_type: 'code',
      redirect_uri: redirect,
      scope: 'openid own_disclosure:read',
      state: 's',
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    const tokens = await authorizationCodeGrant(config, await node.connect(url), { pkceCodeVerifier: verifier, expectedState: 's' })
    const opens = async () => (await node.fetch(`${origin}/v1/me/notes`, { headers: { authorization: `Bearer ${tokens.access_token}` } })).status
    const standing = async (status: 'active' | 'suspended' | 'sanctioned') => {
      await node.done(updatePartner, { partner, status }, node.as(node.admin1))
      node.clock.advance(1_000)
      const heard = [{ data: { partner } }] as unknown as Parameters<typeof endWithPartner.handle>[2]
      await endWithPartner.handle(node.door.node, node.home, heard)
      return opens()
    }
    expect(await opens()).toBe(200)
    expect(await standing('suspended')).toBe(401)
    expect(await standing('active')).toBe(200)
    expect(await standing('sanctioned')).toBe(401)
    expect(await standing('active')).toBe(401)
    await expect(refreshTokenGrant(config, tokens.refresh_token as string)).rejects.toMatchObject({ error: 'invalid_grant' })
  })
})
