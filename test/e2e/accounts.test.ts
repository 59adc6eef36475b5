/** Accounts of partners' engineers and of persons concerned, and what a session's end ends, against real processes. */
import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migratedDatabase, type SharedDatabase } from './database.ts'
import { homeBeside, type NodeProcess, startNode } from './node.ts'
import { programOf } from './program.ts'
import { addPartner, arrange, authorize, type Partner, redeem, type Scenario } from './scenario.ts'

let database: SharedDatabase
let one: NodeProcess
let other: NodeProcess
let scene: Scenario
let rival: Partner

beforeAll(async () => {
  database = await migratedDatabase()
  other = await startNode({ environment: { DATABASE_URL: database.url, GATEHOUSE_ROLES: 'api' } })
  // The operator's key is the one of the process that started last.
  one = await startNode({ home: await homeBeside(other), environment: { DATABASE_URL: database.url } })
  scene = await arrange(one)
  rival = await addPartner(one, 'rival-bank')
})
afterAll(async () => {
  await Promise.all([one?.remove(), other?.remove()])
  await database?.drop()
})

// biome-ignore lint/suspicious/noExplicitAny: answers of every operation
type Body = any
interface Person {
  readonly cookie: string
  readonly session: Body
  ask(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<{ status: number; body: Body }>
}

const asOperator = () => ({ authorization: `Bearer ${one.credential.key}` })
async function call(method: string, path: string, headers: Record<string, string>, body?: object): Promise<{ status: number; body: Body; headers: Headers }> {
  const answer = await fetch(`${one.origin}${path}`, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: await answer.json(), headers: answer.headers }
}

/** Invites somebody and signs them in by the invitation. */
async function enter(path: string, invitation: object): Promise<Person> {
  const invited = await call('POST', path, asOperator(), invitation)
  expect(invited.status).toBe(201)
  const accepted = await call(
    'POST',
    '/v1/auth/accept-invitation',
    { origin: one.origin },
    {
      token: invited.body.token,
      password: randomBytes(18).toString('base64url'),
    },
  )
  expect(accepted.status).toBe(200)
  const cookie = accepted.headers.get('set-cookie')?.split(';')[0] ?? ''
  return {
    cookie,
    session: accepted.body,
    ask: (method, at, body, headers = {}) => call(method, at, { cookie, origin: one.origin, ...headers }, body),
  }
}

async function follow(node: NodeProcess, cookie: string): Promise<{ status: number | undefined; text(): string; ended: Promise<void>; end(): void }> {
  const message = await new Promise<IncomingMessage>((resolve, reject) =>
    request(`${node.origin}/v1/logs/stream`, { headers: { cookie }, agent: false }, resolve).on('error', reject).end(),
  )
  let text = ''
  message.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  message.on('error', () => {})
  return { status: message.statusCode, text: () => text, ended: new Promise((resolve) => message.once('close', resolve)), end: () => message.destroy() }
}

describe('open streams', () => {
  let count = 0
  const auditor = () => enter('/v1/users', { email: `auditor-${++count}@example.org`, name: 'Ana Auditor', roles: ['auditor'] })

  it.each<[string, (who: Person) => Promise<{ status: number }>]>([
    ['ends the session from elsewhere', (who) => call('DELETE', `/v1/users/${who.session.user.id}/sessions/${who.session.session}`, asOperator())],
    ['signs out', (who) => who.ask('POST', '/v1/auth/sign-out', {})],
    ['gives other roles', (who) => call('PATCH', `/v1/users/${who.session.user.id}`, asOperator(), { roles: ['officer'] })],
    ['disables the user', (who) => call('PATCH', `/v1/users/${who.session.user.id}`, asOperator(), { disabled: true })],
  ])('end within a second in every process when somebody %s', async (_, act) => {
    const who = await auditor()
    const open = await Promise.all([follow(one, who.cookie), follow(other, who.cookie)])
    expect(open.map(({ status }) => status)).toEqual([200, 200])
    expect((await act(who)).status).toBe(200)
    const begun = performance.now()
    await Promise.all(open.map(({ ended }) => ended))
    expect(performance.now() - begun).toBeLessThan(1_000)
    for (const { text } of open) expect(text()).toMatch(/\n\nevent: session-ended\ndata: {}\n\n$/)
    // A process may remember a session for as long as an end may take.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    for (const node of [one, other]) expect((await follow(node, who.cookie)).status).toBe(401)
  })

  it('stay open for everybody else', async () => {
    const [leaving, staying] = [await auditor(), await auditor()]
    const [left, stayed] = [await follow(one, leaving.cookie), await follow(one, staying.cookie)]
    await leaving.ask('POST', '/v1/auth/sign-out', {})
    await left.ended
    expect(stayed.text()).not.toContain('session-ended')
    stayed.end()
  })
})

describe('a session', () => {
  it('acts for nobody on another site, reads neither, and takes no form', async () => {
    const who = await enter('/v1/users', { email: 'officer-2@example.org', name: 'Otto Officer', roles: ['officer'] })
    const view = { list: 'releases', name: 'Mine', query: '' }
    const foreign: Record<string, string>[] = [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }]
    for (const headers of foreign) {
      expect((await who.ask('POST', '/v1/me/views', view, headers)).status).toBe(401)
    }
    expect((await who.ask('GET', '/v1/me/views', undefined, { 'sec-fetch-site': 'cross-site' })).status).toBe(401)
    expect((await who.ask('POST', '/v1/me/views', view, { 'sec-fetch-site': 'same-origin' })).status).toBe(201)
    const form = await fetch(`${one.origin}/v1/me/views`, { method: 'POST', headers: { cookie: who.cookie, origin: one.origin }, body: JSON.stringify(view) })
    expect(form.status).toBe(415)
    expect((await who.ask('GET', '/v1/me/views')).body.data).toHaveLength(1)
  })
})

it('staff of an earlier system is carried over from a file and signs in with the password that it has', async () => {
  const file = join(one.home, 'people.csv')
  const hash = `sha512$f3a1$${createHash('sha512').update('f3a1k9 mtd4w').digest('hex')}`
  const rows = ['carried@example.org', 'carried@example.org'].map((email) => `${email},Carla Carried,"officer, auditor",${hash}`)
  await writeFile(file, ['email,name,roles,password_hash', ...rows, ''].join('\n'))
  const { stdout } = await promisify(execFile)(process.execPath, [...programOf('cli'), '--home', one.home, '--json', 'user', 'import', file])
  expect(JSON.parse(stdout)).toEqual({ imported: 1, taken_lines: [3] })
  for (const node of [one, other]) {
    const body = JSON.stringify({ email: 'carried@example.org', password: 'k9 mtd4w' })
    const answer = await fetch(`${node.origin}/v1/auth/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    expect((await answer.json()).user.roles).toEqual(['officer', 'auditor'])
  }
})

describe('an engineer of a partner', () => {
  it('sees the partner’s own calls with what they were answered, and nothing of another by any address', async () => {
    const engineer = await enter('/v1/engineers/invitations', { partner: scene.partner.reference, email: 'edsger@example.org', name: 'Edsger Engineer' })
    const granted = await authorize(one, scene.partner, 'C1')
    for (const person of ['C3', 'nobody-knows']) expect((await authorize(one, scene.partner, person)).status).toBe(403)
    expect((await authorize(one, rival, 'C1')).status).toBe(403)

    const refused = (await engineer.ask('GET', '/v1/refusals')).body.data
    expect(refused.map(({ reasons, partner }: Body) => [reasons, partner])).toEqual([
      [['not_available'], scene.partner.id],
      [['not_available'], scene.partner.id],
    ])
    expect((await engineer.ask('GET', '/v1/releases')).body.data.map(({ id }: Body) => id)).toEqual([granted.body.release_id])
    expect((await engineer.ask('GET', `/v1/partners/${scene.partner.reference}`)).body.id).toBe(scene.partner.id)
    for (const path of [`/v1/partners/${rival.id}`, '/v1/partners/rival-bank', '/v1/refusals?partner=rival-bank', `/v1/api-keys?partner=${rival.id}`]) {
      expect((await engineer.ask('GET', path)).status, path).toBe(404)
    }
    for (const path of ['/v1/partners', '/v1/users', '/v1/policies', '/v1/engineers', '/v1/me/consents', '/v1/roles']) {
      expect((await engineer.ask('GET', path)).status, path).toBe(403)
    }
    const entries = (await engineer.ask('GET', '/v1/logs?limit=100')).body.data
    expect(entries.length).toBeGreaterThan(0)
    expect(entries.filter(({ body }: Body) => body.partner !== scene.partner.id || body.decision === 'deny')).toEqual([])
    expect((await engineer.ask('GET', '/v1/webhooks')).body.data).toEqual([])
  })
})

describe('a person concerned', () => {
  it('withdraws the own consent, and an open token that rests on it is void', async () => {
    const person = await enter('/v1/people/invitations', { user_id: 'C2', email: 'grace@example.org' })
    expect((await person.ask('GET', '/v1/auth/session')).body).toMatchObject({ kind: 'person', roles: ['person'] })
    const { token } = (await authorize(one, scene.partner, 'C2')).body
    const [consent] = (await person.ask('GET', '/v1/me/consents')).body.data
    expect(consent).toMatchObject({ id: scene.consents.get('C2'), state: 'in_force', recipients: [{ name: scene.partner.reference }] })
    const others = `/v1/me/consents/${scene.consents.get('C1')}/withdraw`
    expect((await person.ask('POST', others, {})).status).toBe(404)
    expect((await person.ask('POST', `/v1/me/consents/${consent.id}/withdraw`, { reason: 'moved' })).body).toMatchObject({ state: 'withdrawn' })
    expect((await redeem(one, token)).status).toBe(403)
    expect((await authorize(one, scene.partner, 'C2')).status).toBe(403)
    expect((await authorize(one, scene.partner, 'C1')).status).toBe(200)
    for (const path of ['/v1/users', '/v1/releases', '/v1/logs', '/v1/partners', '/v1/refusals', '/v1/api-keys', '/v1/me/views', '/v1/purposes']) {
      expect((await person.ask('GET', path)).status, path).toBe(403)
    }
  })
})

describe('what was granted in one process and is taken away there', () => {
  const asks = async (node: NodeProcess, path: string, headers: Record<string, string>) => (await fetch(`${node.origin}${path}`, { headers })).status
  /** How long a process that has just answered goes on answering otherwise than it must, in milliseconds. */
  /** When the last request was sent that was still answered as before, in ms from now: how long an answer takes on a busy machine is no part of it. */
  const changed = async (node: NodeProcess, path: string, headers: Record<string, string>, to: number) => {
    const begun = performance.now()
    let last = 0
    for (;;) {
      const sent = performance.now() - begun
      if ((await asks(node, path, headers)) === to) return last
      if (sent > 10_000) throw new Error(`${path} never answered ${to}`)
      last = sent
    }
  }

  it('is gone within a second in the other: a role that came with a team, while the session goes on', async () => {
    const who = await enter('/v1/users', { email: 'dora@example.org', name: 'Dora Developer', roles: ['application_developer'] })
    const session = { cookie: who.cookie, origin: other.origin }
    expect(await asks(other, '/v1/policies', session)).toBe(403)
    const role = await call('POST', '/v1/roles', asOperator(), { name: 'policy-readers', grants: [{ area: 'policy', level: 'read' }] })
    const team = await call('POST', '/v1/teams', asOperator(), { name: 'Readers' })
    const members = (ids: string[]) => call('PUT', `/v1/teams/${team.body.id}/members`, asOperator(), { members: ids })
    expect((await call('PUT', `/v1/roles/${role.body.id}/holders/team/${team.body.id}`, asOperator(), {})).status).toBe(200)
    expect((await members([who.session.user.id])).status).toBe(200)
    await changed(other, '/v1/policies', session, 200)
    expect((await members([])).status).toBe(200)
    expect(await changed(other, '/v1/policies', session, 403)).toBeLessThan(1_000)
    expect(await asks(other, '/v1/auth/session', session)).toBe(200)
  })

  it('is gone within a second in the other: an API key that was rotated without overlap, while its successor holds', async () => {
    const issued = await call('POST', '/v1/api-keys', asOperator(), { partner: 'rival-bank', label: 'leaked', scopes: [{ area: 'purpose', level: 'read' }] })
    const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
    expect(await asks(other, '/v1/purposes', bearer(issued.body.key))).toBe(200)
    expect(await asks(other, '/v1/webhooks', bearer(issued.body.key))).toBe(403)
    const rotated = await call('POST', `/v1/api-keys/${issued.body.api_key.id}/rotation`, asOperator(), { overlap_hours: 0 })
    expect(rotated.status).toBe(201)
    expect(await asks(other, '/v1/purposes', bearer(rotated.body.key))).toBe(200)
    expect(await changed(other, '/v1/purposes', bearer(issued.body.key), 401)).toBeLessThan(1_000)
  })

  it('is gone at once in the other: a token that nobody has spent, of a partner that was suspended', async () => {
    const granted = (await authorize(one, scene.partner, 'C1')).body
    const suspend = (status: string) => call('PATCH', '/v1/partners/northwind-bank', asOperator(), { status })
    expect((await suspend('suspended')).status).toBe(200)
    expect((await redeem(other, granted.token)).status).toBe(403)
    expect((await suspend('active')).status).toBe(200)
  })
})
