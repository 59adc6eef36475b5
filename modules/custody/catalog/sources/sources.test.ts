import type { Id } from '@gatehouse/core/id'
import { type TestDatabase, testDatabase } from '@gatehouse/runtime/data/testing/database'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { rowsOf } from '@gatehouse/tabular/dataset'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { discoverSource } from '../looks/begin.ts'
import { lookAt } from '../looks/testing/look-at.ts'
import { catalogModule } from '../module.ts'
import { tableByReference } from '../tables/by-reference.ts'
import { changeTable } from '../tables/change.ts'
import { listTables } from '../tables/list.ts'
import { type OpenOptions, openTable } from '../tables/open.ts'
import { addSource } from './add.ts'
import { changeSource } from './change.ts'
import { checkSource, watchSource, watchSourceQueue, watchSources } from './check.ts'
import { listKinds } from './kinds.ts'
import { listSources } from './list.ts'
import { putSourceSecret } from './put-secret.ts'
import { readSource } from './read.ts'

const password = 'a-secret-nobody-sees'
let other: TestDatabase
let t: TestNode
let source: Id<'data_source'>
const stranger = () => t.principal({ tenant: '01980000-0000-7000-8000-000000000002' as Id<'tenant'> })

beforeAll(async () => {
  other = await testDatabase()
  t = await testNode({ modules: [catalogModule], egressAllow: [other.connection.host] })
  await there(`CREATE TABLE ward (code text PRIMARY KEY);
    CREATE TABLE patients (patient_id text PRIMARY KEY, nhs_number text, born date, ward text REFERENCES ward, score numeric(6,2));
    INSERT INTO ward VALUES ('a'), ('b');
    INSERT INTO patients SELECT 'P' || n, '9434765919', date '1960-01-01' + n, 'a', n / 4.0 FROM generate_series(1, 300) n; ANALYZE`)
  source = await added('hospital')
})
afterAll(async () => {
  await t.close()
  await other.drop()
})

async function there(sql: string): Promise<void> {
  const client = new pg.Client(other.connection)
  await client.connect()
  await client.query(sql).finally(() => client.end())
}
const settings = () => ({ host: other.connection.host, port: other.connection.port, database: other.connection.database, tls: 'off' })
const secret = () => ({ user: other.connection.user, password })
async function added(slug: string, more: object = {}): Promise<Id<'data_source'>> {
  const input = { slug, kind: 'postgresql', title: 'The hospital', settings: settings(), secret: secret(), ...more }
  const answer = await t.door.enter(addSource, input, t.admin)
  if (answer.outcome !== 'done') throw new Error(answer.outcome)
  return answer.output.id
}
const discover = () => lookAt(t, source)
const check = (id = source) => t.door.enter(checkSource, { source: id }, t.admin)
const tableOf = async (reference: string) => {
  const table = await t.database.transaction(t.tenant, (tx) => tableByReference(tx, reference))
  if (table === undefined) throw new Error(`no ${reference}`)
  return table
}
const read = async (reference: string, more: Partial<OpenOptions> = {}) => {
  const table = await tableOf(reference)
  const options = { columns: ['patient_id', 'score'], rowsMax: 10_000, signal: new AbortController().signal, ...more }
  const rows = []
  for await (const chunk of (await openTable(t.door.node, t.tenant, table, options)).chunks) rows.push(...rowsOf(chunk))
  return rows
}
const invalid = (...pointers: string[]) => ({ problem: { errors: pointers.map((pointer) => expect.objectContaining({ pointer })) } })
const notFound = { outcome: 'refused', problem: { kind: { status: 404 } } }

describe('what is refused', () => {
  const add = (more: object) => t.door.enter(addSource, { slug: 'x', kind: 'postgresql', title: 'x', settings: settings(), ...more } as never, t.admin)

  it.each([
    ['plain words to another machine', { settings: { host: 'db.example.org', database: 'x', tls: 'off' } }, ['/settings/tls']],
    ['a setting that nobody knows', { settings: { host: 'db.example.org', database: 'x', sslmode: 'disable' } }, ['/settings']],
    ['a secret of another shape', { secret: { user: 'x', token: 'y' } }, ['/secret/password', '/secret']],
  ])('%s, at its place and without the value', async (_, more, pointers) => {
    expect(await add(more).catch((problem: unknown) => ({ problem }))).toMatchObject(invalid(...pointers))
  })

  it('a kind that nobody knows, and a slug that is taken', async () => {
    expect(await add({ kind: 'oracle-of-delphi' })).toMatchObject({ problem: { kind: { type: '/problems/catalog/unknown-kind' } } })
    expect(await add({ slug: 'hospital' })).toMatchObject({ problem: { kind: { type: '/problems/catalog/slug-taken' } } })
  })

  it('another institution’s source, to read, to check, to change and to open', async () => {
    for (const operation of [readSource, checkSource, discoverSource])
      expect(await t.door.enter(operation as typeof readSource, { source }, stranger())).toMatchObject(notFound)
    expect(await t.door.enter(changeSource, { source, title: 'mine' }, stranger())).toMatchObject(notFound)
    expect(await t.door.enter(putSourceSecret, { source, secret: secret() }, stranger())).toMatchObject(notFound)
    expect(await t.door.enter(listSources, {}, stranger())).toMatchObject({ output: { data: [] } })
  })

  it('a socket whose folder is on no list, such as the node’s own database', async () => {
    const id = await added('inside', { settings: { ...settings(), host: '/var/run/somewhere' } })
    expect(await check(id)).toMatchObject({ outcome: 'done', output: { health: 'unreachable', detail: expect.stringContaining('GATEHOUSE_EGRESS_ALLOW') } })
    const up = await added('upwards', { settings: { ...settings(), host: `${other.connection.host}/..` } })
    expect(await check(up)).toMatchObject({ output: { health: 'unreachable' } })
  })
})

describe('the secret', () => {
  it('is told by no answer, entry, event or log, nor kept in the catalogue', async () => {
    const told = [
      await t.door.enter(readSource, { source }, t.admin),
      await t.door.enter(listSources, {}, t.admin),
      await check(),
      await discover(),
      t.entries,
      t.logLines,
      await t.database.transaction(t.tenant, (tx) => tx.query('SELECT s::text AS s FROM catalog.source s')),
    ]
    expect(JSON.stringify(told)).not.toContain(password)
  })

  it('that was changed is used by the next connection', async () => {
    await t.door.enter(putSourceSecret, { source, secret: { user: 'nobody_here', password: 'x' } }, t.admin)
    await expect(read('hospital.patients')).rejects.toMatchObject({ code: 'refused' })
    expect(await t.door.enter(readSource, { source }, t.admin)).toMatchObject({
      output: { health: { state: 'refused', said: { code: expect.stringMatching(/^user_not_/) } } },
    })
    await t.door.enter(putSourceSecret, { source, secret: secret() }, t.admin)
    expect(await read('hospital.patients')).toHaveLength(300)
  })
})

describe('looking through a source', () => {
  it('finds its tables with roles, key and relations; the second time nothing is new', async () => {
    await discover()
    const table = await tableOf('hospital.patients')
    expect(table.columns.map(({ name, physical, type, identifier_role }) => [name, physical, type, identifier_role])).toEqual([
      ['patient_id', 'text', 'string', 'subject'],
      ['nhs_number', 'text', 'string', 'direct'],
      ['born', 'date', 'date', 'quasi'],
      ['ward', 'text', 'string', 'none'],
      ['score', 'numeric(6,2)', 'number', 'sensitive'],
    ])
    expect(table).toMatchObject({ key: ['patient_id'], rows: 300, references: [{ columns: ['ward'], table: 'hospital.ward', to: ['code'] }] })
    expect(await discover()).toMatchObject({ state: 'done', found: { tables: 2, changes: [], lossy: false } })
  })

  it('leaves what people said, tells what changed, and lets nobody read what is not there any more', async () => {
    const { id } = await tableOf('hospital.patients')
    await t.door.enter(changeTable, { table: id, columns: [{ name: 'score', identifier_role: 'none', semantic: 'measurement' }] }, t.admin)
    await there('ALTER TABLE patients ADD COLUMN note text, DROP COLUMN nhs_number, ALTER COLUMN score TYPE double precision; DROP TABLE ward CASCADE')
    await expect(read('hospital.patients')).rejects.toMatchObject({ code: 'drifted', message: expect.stringContaining('score') })
    expect(await check()).toMatchObject({
      output: { health: 'drifted', changes: expect.arrayContaining([{ table: 'hospital.ward', changes: [expect.objectContaining({ what: 'table_gone' })] }]) },
    })
    const found = await discover()
    expect(found).toMatchObject({ found: { tables: 1, lossy: true } })
    expect((await tableOf('hospital.patients')).columns).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'score', physical: 'double precision', semantic: 'measurement', confirmed: true }),
        expect.objectContaining({ name: 'note' }),
      ]),
    )
    expect(await read('hospital.patients', { where: { column: 'score', is: 'lt', value: 1 } })).toHaveLength(3)
    await expect(read('hospital.ward', { columns: ['code'] })).rejects.toMatchObject({ code: 'drifted' })
    expect(await check()).toMatchObject({ output: { health: 'healthy', changes: [] } })
  })

  it('lets a column be read as text', async () => {
    const { id } = await tableOf('hospital.patients')
    await t.door.enter(changeTable, { table: id, columns: [{ name: 'score', type: 'string' }] }, t.admin)
    expect((await read('hospital.patients', { inKeyOrder: true }))[0]).toEqual({ patient_id: 'P1', score: '0.25' })
  })
})

describe('reading', () => {
  it('goes on behind the key of the last chunk', async () => {
    const all = await read('hospital.patients', { inKeyOrder: true, columns: ['patient_id'] })
    expect(await read('hospital.patients', { inKeyOrder: true, columns: ['patient_id'], resumeAfter: ['P5'] })).toEqual(
      all.filter(({ patient_id }) => String(patient_id) > 'P5'),
    )
  })

  it('of a paused source is refused', async () => {
    await t.door.enter(changeSource, { source, state: 'paused' }, t.admin)
    await expect(read('hospital.patients')).rejects.toMatchObject({ code: 'refused' })
    await t.door.enter(changeSource, { source, state: 'active' }, t.admin)
  })
})

describe('by the clock', () => {
  it('every live source is looked at once in a while, and a change of its health is told', async () => {
    t.clock.advance(10 * 60_000)
    t.enqueued.length = 0
    expect(await t.door.enter(watchSources, {}, t.principal({ kind: 'system' }))).toMatchObject({ output: { sources: 3 } })
    expect(t.enqueued).toContainEqual({ queue: watchSourceQueue, data: { tenant: t.tenant, source } })
    await t.door.enter(changeSource, { source, settings: { ...settings(), database: 'no_such_database' } }, t.admin)
    expect(await t.door.enter(watchSource, { source }, t.principal({ kind: 'system' }))).toMatchObject({
      output: { health: 'refused', detail: expect.stringContaining('database') },
    })
  })
})

describe('lists', () => {
  it('page by reference, and find one table', async () => {
    const first = await t.door.enter(listTables, { limit: 1 }, t.admin)
    expect(first).toMatchObject({ output: { data: [{ reference: 'hospital.patients' }], next: 'hospital.patients' } })
    expect(await t.door.enter(listTables, { cursor: 'hospital.patients' }, t.admin)).toMatchObject({
      output: { data: [{ reference: 'hospital.ward', gone: true }] },
    })
    expect(await t.door.enter(listTables, { reference: 'hospital.ward' }, t.admin)).toMatchObject({ output: { data: [{ reference: 'hospital.ward' }] } })
    expect(await t.door.enter(listTables, {}, stranger())).toMatchObject({ output: { data: [] } })
  })

  it('tell the kinds with the schemas of their settings', async () => {
    const kinds = await t.door.enter(listKinds, {}, t.admin)
    expect(kinds).toMatchObject({
      output: {
        data: expect.arrayContaining([
          expect.objectContaining({ kind: 'file', live: false }),
          expect.objectContaining({ kind: 'postgresql', secret: expect.objectContaining({ required: ['user', 'password'] }) }),
        ]),
      },
    })
  })
})
