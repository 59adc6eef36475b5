/** The published cases of what this module speaks: each is run, or refused by name with the count. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { authorizationCodeGrant, buildAuthorizationUrl, type Configuration } from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Application } from './schema.ts'
import { type ApplicationsNode, applicationsNode, origin, redirect } from './testing/applications-node.ts'

const data = join(import.meta.dirname, '../../../../shared/data/standards')
const pkceFile = join(data, 'oauth/rfc7636-pkce.json')
const signaturesFile = join(data, 'http-signatures/rfc9421.json')
const read = <T>(file: string) => JSON.parse(readFileSync(file, 'utf8')) as T
const absent = (file: string) => (existsSync(file) ? '' : ' (reference data absent)')

interface PkceCase {
  readonly name: string
  readonly verifier: string
  readonly verifierValid: boolean
  readonly challenge: string
}

describe.skipIf(!existsSync(pkceFile))(`RFC 7636, PKCE with S256${absent(pkceFile)}`, () => {
  const { cases } = existsSync(pkceFile) ? read<{ cases: PkceCase[] }>(pkceFile) : { cases: [] }
  let node: ApplicationsNode
  let made: { application: Application; secret: string | null }
  let client: Configuration

  beforeAll(async () => {
    node = await applicationsNode()
    made = await node.application()
    client = await node.client(made)
  })
  afterAll(() => node?.close())

  it.each(cases)('$name: valid $verifierValid', async ({ verifier, verifierValid, challenge }) => {
    const url = buildAuthorizationUrl(client, { redirect_uri: redirect, scope: 'openid', state: 's', code_challenge: challenge, code_challenge_method: 'S256' })
    const answer = await node.connect(url)
    const form = { grant_type: 'authorization_code', code: answer.searchParams.get('code') ?? '', redirect_uri: redirect, code_verifier: verifier }
    const response = await node.fetch(`${origin}/oauth/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${made.application.id}:${made.secret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams(form).toString(),
    })
    expect(response.status).toBe(verifierValid ? 200 : 400)
  })

  it('a verifier that is another one’s is refused', async () => {
    const [first, second] = cases.filter(({ verifierValid }) => verifierValid)
    const url = buildAuthorizationUrl(client, {
      redirect_uri: redirect,
      scope: 'openid',
      state: 's',
      code_challenge: first?.challenge ?? '',
      code_challenge_method: 'S256',
    })
    const answer = await node.connect(url)
    const checks = { pkceCodeVerifier: second?.verifier ?? '', expectedState: 's' }
    await expect(authorizationCodeGrant(client, answer, checks)).rejects.toMatchObject({ error: 'invalid_grant' })
  })
})

describe.skipIf(!existsSync(signaturesFile))(`RFC 9421, HTTP message signatures${absent(signaturesFile)}`, () => {
  it('is not offered: every case is refused by name, and nothing of the node asks for, makes or reads one', () => {
    const { rfcCases, ownCases } = read<Record<'rfcCases' | 'ownCases', { name: string }[]>>(signaturesFile)
    const refused = [...rfcCases, ...ownCases].map(({ name }) => name)
    console.info(`RFC 9421: ${refused.length} cases refused, for the node signs no messages (ADR 0031): ${refused.join('; ')}`)
    expect(refused.length).toBe(new Set(refused).size)
    const described = readFileSync(join(import.meta.dirname, '../../../openapi/gatehouse.json'), 'utf8')
    expect(described).not.toMatch(/signature-input|message signature/i)
  })
})
