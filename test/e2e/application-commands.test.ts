/** An application, and the trust in other deployments, by commands alone, against a real node: registered by one person, admitted by somebody else, and a token of its own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must } from '@gatehouse/sdk/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type NodeProcess, startInCluster } from './node.ts'
import { typed } from './program.ts'
import { member } from './scenario.ts'

let node: NodeProcess
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-applications-'))
  node = await startInCluster()
  for (const name of ['ada', 'ben']) {
    const client = await member(node, 'administrator', `${name}@example.org`)
    await writeFile(join(folder, name), `${must(await client.POST('/v1/api-keys', { body: { label: name, expires_in_days: 1 } })).key}\n`)
  }
})
afterAll(async () => {
  await node?.remove()
  await rm(folder, { recursive: true, force: true })
})

const gatehouse = (who: string | undefined, ...args: string[]) => typed(node.home, [...args, ...(who === undefined ? [] : ['--key-file', join(folder, who)])])

it('goes from the sandbox to a token and to its end', async () => {
  const made = await gatehouse('ada', 'application', 'register', 'Night batch', '--purpose', 'Reads policies at night', '--scope', 'policy:read', '--by-itself')
  if (made.code !== 0) throw new Error(made.stderr)
  const [, id = ''] = /client_id (\S+)/.exec(made.stdout) ?? []
  const [, secret = ''] = /secret (gha_\S+)/.exec(made.stdout) ?? []
  const token = async () => {
    const response = await fetch(`${node.origin}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'policy:read' }),
    })
    return response.ok ? ((await response.json()) as { access_token: string }).access_token : response.status
  }
  const policies = async (bearer: unknown) => {
    const response = await fetch(`${node.origin}/v1/policies`, { headers: { authorization: `Bearer ${bearer}` } })
    const body = (await response.json()) as { data?: unknown[] }
    if (body.data === undefined) throw new Error(JSON.stringify(body))
    return body.data.length
  }
  // In the sandbox there are policies, all of them made up; the institution has none yet.
  expect(await policies(await token())).toBeGreaterThan(0)

  expect((await gatehouse('ada', 'application', 'submit', id)).stdout).toContain('Night batch is submitted.')
  expect(await gatehouse('ada', 'application', 'admit', id, '1')).toMatchObject({ code: expect.not.toSatisfy((code: number) => code === 0) })
  expect((await gatehouse('ben', 'application', 'admit', id, '1')).stdout).toContain('Night batch is live.')
  expect((await gatehouse(undefined, 'application', 'list')).stdout).toMatch(/Night batch +live +policy:read/)
  await expect.poll(async () => policies(await token()), { timeout: 3_000 }).toBe(0)

  expect((await gatehouse('ben', 'application', 'retire', id)).stdout).toContain('Night batch is retired.')
  expect(await token()).toBe(401)
})

it('trusts another deployment by name, and ends the trust', async () => {
  const named = await gatehouse('ada', 'deployment', 'name', 'Lakeside', '--audience', 'https://lakeside.example.org')
  const [, id = ''] = /Lakeside is trusted: ([\w-]+)\./.exec(named.stdout) ?? []
  expect((await gatehouse(undefined, 'deployment', 'list')).stdout).toMatch(/Lakeside +https:\/\/lakeside\.example\.org/)
  expect((await gatehouse('ada', 'deployment', 'change', id, '--name', 'Lakeside Clinic')).stdout).toContain('Lakeside Clinic is changed.')
  expect((await gatehouse('ada', 'deployment', 'change', id, '--audience', 'none')).code).not.toBe(0)
  expect((await gatehouse('ada', 'deployment', 'name', 'Nobody', '--issuer', 'https://elsewhere.example.org')).code).not.toBe(0)
  expect((await gatehouse('ada', 'deployment', 'drop', id)).stdout).toContain('None of its tokens is believed')
  expect((await gatehouse(undefined, 'deployment', 'list')).stdout).not.toContain('Lakeside')
})
