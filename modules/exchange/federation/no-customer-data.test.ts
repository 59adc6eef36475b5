/**
 * A flow with people in it goes through a coordinator. Then everything that it keeps is searched, while messages wait and after they were taken:
 * every column of every table, every object, its log, its ledger and its metrics.
 */
import { randomBytes } from 'node:crypto'
import { seal } from '@gatehouse/crypto/aead'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { insertUser } from '../../governance/identity/store.ts'
import { createProject } from '../../governance/projects/create.ts'
import { sealToPeer } from './index.ts'
import { type Mesh, type MeshNode, openMesh } from './testing/mesh.ts'

let mesh: Mesh
let lake: MeshNode
let hill: MeshNode

/** What must be nowhere: people, what is known of them, who asks, in which project, and the keys. */
const personal = [
  'Wilhelmina Petersdottir',
  '943-476-5919',
  'wilhelmina@lakeside.example',
  '1987-03-14',
  'E11.9 with ketoacidosis',
  'Ada of the Lakeside',
  'Falls after hip surgery',
]
const contentKey = randomBytes(32)

beforeAll(async () => {
  mesh = await openMesh(['lake', 'hill'])
  lake = mesh.at('lake')
  hill = mesh.at('hill')
})
afterAll(() => mesh.close())

/** As text, and as the encodings in which it could lie somewhere unseen, at each of the three places of base64. */
function traces(value: string | Buffer): Buffer[] {
  const bytes = Buffer.from(value)
  const shifted = [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const inner = text.slice(shift === 0 ? 0 : shift + 1, -1)
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
  })
  return [bytes, Buffer.from(bytes.toString('hex')), Buffer.from(bytes.toString('utf8'), 'utf16le'), ...shifted.map((text) => Buffer.from(text))]
}
const sought = () => [...personal, contentKey].map((value) => ({ value: typeof value === 'string' ? value : 'the content key', traces: traces(value) }))

/** Everything that the coordinator keeps, by where it lies. */
async function kept(): Promise<Map<string, Buffer>> {
  const { coordinator } = mesh
  const found = new Map<string, Buffer>()
  const tables = await coordinator.database.pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  )
  for (const { name } of tables.rows) {
    const rows = await coordinator.database.transaction('node', (tx) => tx.query<Record<string, unknown>>(`SELECT * FROM ${name}`))
    const cells = rows.flatMap((row) =>
      Object.values(row).map((cell) => (Buffer.isBuffer(cell) ? cell : Buffer.from(typeof cell === 'string' ? cell : (JSON.stringify(cell) ?? '')))),
    )
    found.set(name, Buffer.concat(cells))
  }
  for await (const { name } of listAll(coordinator.blobs, '')) {
    const chunks: Uint8Array[] = []
    for await (const chunk of (await coordinator.blobs.get(name)) ?? []) chunks.push(chunk)
    found.set(`object ${name}`, Buffer.concat(chunks))
  }
  found.set('log', Buffer.from(coordinator.logLines.join('\n')))
  found.set('ledger', Buffer.from(JSON.stringify(coordinator.entries)))
  found.set('metrics', Buffer.from(await coordinator.door.node.metrics.registry.metrics()))
  return found
}

async function places(): Promise<string[]> {
  const everything = await kept()
  return sought().flatMap(({ value, traces: forms }) =>
    [...everything].flatMap(([where, bytes]) => (forms.some((form) => bytes.includes(form)) ? [`${where}: ${value}`] : [])),
  )
}

it('finds what is there: the search itself would see each of them in a row, an object or the log', async () => {
  for (const value of personal) {
    mesh.coordinator.logLines.push(Buffer.from(`so ${value}, it is`).toString('base64'))
    expect(await places()).toHaveLength(1)
    mesh.coordinator.logLines.pop()
  }
  expect(await places()).toEqual([])
})

it('a coordinator keeps nothing of the people whose records pass, of who asks for them, and of what for', async () => {
  const now = new Date(mesh.clock.nowMs()).toISOString()
  const ends = new Date(mesh.clock.nowMs() + 90 * 86_400_000).toISOString()
  const terms = { title: 'Falls after hip surgery', purpose: 'dpv:ResearchAndDevelopment', starts_at: now, ends_at: ends }
  const [{ id: home }, { id: there }] = [await lake.done<{ id: string }>(createProject, terms), await hill.done<{ id: string }>(createProject, terms)]
  const analyst = '01980000-0000-7000-9000-000000000001'
  const row = { email: 'ada@example.org', name: 'Ada of the Lakeside', roles: [], partner_id: null, subject_id: null, created_at: now as never }
  await lake.inTenant((tx) => insertUser(tx, { ...row, tenant_id: lake.tenant, id: analyst as never }))

  const seen: string[] = []
  const look = async () => seen.push(...(await places()))
  await lake.done('federation.invite', { project: home, peers: ['hill'] })
  await lake.poll()
  await look()
  await mesh.settle(2)
  await hill.done('federation.join', { peer: 'lake', foreign_project: home, project: there })
  await mesh.settle(2)
  await lake.done('federation.propose_person', { project: home, user: analyst, peers: ['hill'] })
  await lake.poll()
  await look()
  await mesh.settle(2)
  const { persons } = await hill.done<{ persons: { id: string }[] }>('federation.projects', {})
  await hill.done('federation.approve_person', { person: persons[0]?.id })

  // A table as an attachment, sealed under a key that travels in the body; and an answer that quotes a person.
  const table = seal(nodePrimitives, contentKey, Buffer.from(personal.join('\n').repeat(2_000)), Buffer.from('table'))
  await lake.blobs.put(
    'test/table',
    (async function* () {
      yield table
    })(),
  )
  const key = await lake.inTenant((tx) => sealToPeer(tx, lake.node, lake.tenant, 'hill', contentKey, 'table'))
  const sending = {
    kind: 'test.act',
    thread: 'run',
    attachments: [{ name: 'table', blob: 'test/table' }],
    onBehalfOf: { user: analyst, project: home, roles: ['project_analyst'] },
  }
  await lake.send('hill', `${personal.join(' ')} ${contentKey.toString('hex')} ${key}`, sending)
  await lake.send('hill', 'refuse me', { thread: 'Wilhelmina Petersdottir' })
  await lake.poll()
  expect([...(await kept()).keys()].filter((where) => where.startsWith('object'))).not.toEqual([])
  await look()
  await hill.poll()
  await look()
  await mesh.settle(3)
  await look()
  expect(hill.heard).toHaveLength(1)
  expect(seen).toEqual([])
  await expect(mesh.admin('coordinator.nodes', {}).then((answer) => personal.filter((value) => JSON.stringify(answer).includes(value)))).resolves.toEqual([])
})
